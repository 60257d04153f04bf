"""The people who write, in SQL."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bot.conversation.accounts import Contact, Scene, SendingWindow
from bot.conversation.ports import Sealer
from bot.store.tables import contacts
from bot.store.transaction import Transaction, Values


class SqlContacts:
    """Contacts; reading one holds her until the unit of work ends, so that no count of sends is lost."""

    def __init__(self, transaction: Transaction, sealer: Sealer) -> None:
        self._transaction = transaction
        self._sealer = sealer

    async def by_mailbox(self, mailbox: str) -> Contact | None:
        """The person of this mailbox."""
        row = await self._transaction.first(_held().where(contacts.c.mailbox == mailbox))
        return None if row is None else contact_of(row, self._sealer)

    async def get(self, contact_id: str) -> Contact:
        """The person of this id; raises NotFound."""
        row = await self._transaction.get(_held().where(contacts.c.id == contact_id))
        return contact_of(row, self._sealer)

    async def add(self, contact: Contact) -> None:
        """Raises Conflict if the mailbox is known already."""
        await self._transaction.insert(contacts, _values(contact, self._sealer))

    async def save(self, contact: Contact) -> None:
        """Raises NotFound."""
        await self._transaction.update(contacts, _values(contact, self._sealer))


def _held() -> sa.Select[Any]:
    return sa.select(contacts).with_for_update(key_share=True)


def contact_of(row: sa.Row[Any], sealer: Sealer) -> Contact:
    """The contact of a row of `contacts`."""
    return Contact(
        id=row.id,
        account_id=row.account_id,
        mailbox=row.mailbox,
        openid=sealer.open(row.openid).decode(),
        first_seen_at=row.first_seen_at,
        following=row.following,
        window=window_of(row),
    )


def window_of(row: sa.Row[Any]) -> SendingWindow | None:
    """The sending window of a row of `contacts`; None before she ever opened one."""
    if row.window_scene is None:
        return None
    return SendingWindow(Scene(row.window_scene), row.window_opened_at, row.window_sent)


def _values(contact: Contact, sealer: Sealer) -> Values:
    window = contact.window
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
    }
