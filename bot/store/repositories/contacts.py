"""The people who write, in SQL."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
import structlog

from bot.conversation.accounts import Contact, Scene, SendingWindow
from bot.conversation.errors import InvalidData
from bot.conversation.ports import Sealer
from bot.store.repositories.erasure import erase_contact
from bot.store.tables import ON_FILE, TO_ERASE, UNRESOLVED, cases, contacts, handoffs
from bot.store.transaction import Transaction, Values

log = structlog.get_logger(__name__)

_KNOWN = ("name", "phone")
"""What an operator wrote down of her."""


class SqlContacts:
    """Contacts; reading one holds her until the unit of work ends, so that no count of sends is lost.

    Where she only has to be heard or erased, an OpenID that no key opens comes back empty, and `save` leaves it as
    it is; `get`, by which she is written to, raises InvalidData.
    """

    def __init__(self, transaction: Transaction, sealer: Sealer) -> None:
        self._transaction = transaction
        self._sealer = sealer

    async def by_mailbox(self, mailbox: str) -> Contact | None:
        """The person of this mailbox."""
        row = await self._transaction.first(_held().where(contacts.c.mailbox == mailbox))
        return None if row is None else self._opened(row)

    async def get(self, contact_id: str) -> Contact:
        """The person of this id; raises NotFound, and InvalidData if no key opens her OpenID."""
        row = await self._transaction.get(_held().where(contacts.c.id == contact_id))
        return self._contact(row, self._sealer.open(row.openid).decode())

    async def add(self, contact: Contact) -> None:
        """Raises Conflict if the mailbox is known already."""
        await self._transaction.insert(contacts, _values(contact, self._sealer))

    async def save(self, contact: Contact) -> None:
        """Raises NotFound, and StaleVersion if she was erased since she was read."""
        await self._transaction.hold_contact(contact.id)
        values = dict(_values(contact, self._sealer))
        if not contact.openid:
            del values["openid"], values["safe_word"]
        await self._transaction.update(contacts, values)

    async def to_erase(self, limit: int) -> list[Contact]:
        """Those who asked to be erased and may be, the longest waiting first; none whom another unit holds."""
        asked = sa.exists().where(handoffs.c.contact_id == contacts.c.id, UNRESOLVED)
        on_file = sa.exists().where(cases.c.contact_id == contacts.c.id, ON_FILE)
        query = _held(skip_held=True).where(TO_ERASE, ~asked, ~on_file)
        rows = await self._transaction.all(query.order_by(contacts.c.erase_asked_at).limit(limit))
        return [self._opened(row) for row in rows]

    async def erase(self, contact_id: str) -> None:
        """Take away what names or shows her; raises NotFound, and StaleVersion if she was erased already."""
        await erase_contact(self._transaction, self._sealer, contact_id)

    def _opened(self, row: sa.Row[Any]) -> Contact:
        try:
            return self._contact(row, self._sealer.open(row.openid).decode())
        except InvalidData:
            log.error("an OpenID cannot be read", contact_id=row.id)
            return contact_of(row, "")

    def _contact(self, row: sa.Row[Any], openid: str) -> Contact:
        contact = contact_of(row, openid)
        if row.safe_word is not None:
            contact.safe_word = self._sealer.open(row.safe_word).decode()
        contact.name, contact.phone = (opened_or_none(row._mapping[name], self._sealer, row.id) for name in _KNOWN)
        return contact


def _held(*, skip_held: bool = False) -> sa.Select[Any]:
    return sa.select(contacts).with_for_update(key_share=True, skip_locked=skip_held)


def opened_or_none(sealed: bytes | None, sealer: Sealer, contact_id: str) -> str | None:
    """What is known of her; None, and a line in the log, if no key opens it: she must still be heard and answered."""
    try:
        return None if sealed is None else sealer.open(sealed).decode()
    except InvalidData:
        log.error("what is known of a person cannot be read", contact_id=contact_id)
        return None


def contact_of(row: sa.Row[Any], openid: str) -> Contact:
    """The contact of a row of `contacts`, with the OpenID as it was opened, and nothing else that is sealed."""
    return Contact(
        id=row.id,
        account_id=row.account_id,
        mailbox=row.mailbox,
        openid=openid,
        first_seen_at=row.first_seen_at,
        following=row.following,
        window=window_of(row),
        region=row.region,
        refusal=row.refusal,
        erase_asked_at=row.erase_asked_at,
        hidden_at=row.hidden_at,
    )


def window_of(row: sa.Row[Any]) -> SendingWindow | None:
    """The sending window of a row of `contacts`; None before she ever opened one."""
    if row.window_scene is None:
        return None
    return SendingWindow(Scene(row.window_scene), row.window_opened_at, row.window_sent)


def _values(contact: Contact, sealer: Sealer) -> Values:
    window = contact.window
    known = {name: getattr(contact, name) for name in _KNOWN}
    return {
        "id": contact.id,
        "account_id": contact.account_id,
        "mailbox": contact.mailbox,
        "openid": sealer.seal(contact.openid.encode()),
        "first_seen_at": contact.first_seen_at,
        "following": contact.following,
        "window_scene": window and window.scene,
        "window_opened_at": window and window.opened_at,
        "window_sent": window.sent if window else 0,
        "region": contact.region,
        "refusal": contact.refusal,
        "erase_asked_at": contact.erase_asked_at,
        "hidden_at": contact.hidden_at,
        "safe_word": sealer.seal(contact.safe_word.encode()) if contact.safe_word else None,
        **{name: sealer.seal(value.encode()) if value else None for name, value in known.items() if value is not None},
    }
