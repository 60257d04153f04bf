"""Takes away what names or shows a person, and leaves what names nobody."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from bot.conversation.conversations import Mode
from bot.conversation.errors import NotFound
from bot.conversation.media import MediaKind, MediaStatus
from bot.conversation.messages import OPEN_DELIVERIES, Author, DeliveryStatus, new_id
from bot.conversation.ports import Sealer
from bot.store.case_tables import case_entries, visits
from bot.store.desk_tables import call_backs, notes, shares, wrong_codes
from bot.store.placeholders import ERASED, ERASED_SENDING
from bot.store.repositories.deliveries import sending_values
from bot.store.repositories.messages import sealed_content
from bot.store.tables import (
    CURRENT,
    consents,
    contacts,
    conversations,
    deliveries,
    flows,
    links,
    media,
    media_bodies,
    messages,
)
from bot.store.transaction import Transaction

_NOW = sa.func.current_timestamp()


async def erase_contact(transaction: Transaction, sealer: Sealer, contact_id: str) -> None:
    """Erase one person (PIPL article 47; wechat.md section 2, unsubscribe).

    What stays (times, topics, levels, counts, the numbers of archived cases) names nobody. Raises NotFound, and
    StaleVersion if she was erased already.
    """
    await transaction.hold_contact(contact_id)
    # A mailbox that no OpenID has, and an OpenID that the platform never gave.
    nobody = {"mailbox": new_id(), "openid": sealer.seal(new_id().encode()), "following": False}
    window = {"window_scene": None, "window_opened_at": None, "window_sent": 0}
    words = {"safe_word": None, "name": None, "phone": None}
    cleared = {**nobody, **window, **words, "region": None, "refusal": None, "erased_at": _NOW}
    erased = await transaction.execute(sa.update(contacts).where(contacts.c.id == contact_id).values(cleared))
    if erased.rowcount == 0:
        raise NotFound("no such contact")
    await _erase_words(transaction, sealer, contact_id)
    await _erase_media(transaction, media.c.contact_id == contact_id)
    hers = (consents, links, flows, case_entries, visits, notes, call_backs, shares, wrong_codes)
    for table in hers:  # links refer to flows
        await transaction.execute(sa.delete(table).where(table.c.contact_id == contact_id))
    await transaction.execute(sa.delete(shares).where(shares.c.with_contact_id == contact_id))
    closed = {"mode": Mode.CLOSED, "owner": None, "closed_at": _NOW, "version": conversations.c.version + 1}
    current = sa.update(conversations).where(conversations.c.contact_id == contact_id, CURRENT)
    await transaction.execute(current.values(closed))


async def erase_media(transaction: Transaction, contact_id: str, kinds: Collection[MediaKind]) -> None:
    """Delete the files of these kinds that a person sent; raises StaleVersion if she was erased already."""
    await transaction.hold_contact(contact_id)
    said = sa.select(messages.c.id).where(messages.c.id == media.c.message_id, messages.c.author == Author.CONTACT)
    hers = sa.and_(media.c.contact_id == contact_id, media.c.kind.in_(kinds), said.exists())
    await _erase_media(transaction, hers)


async def _erase_words(transaction: Transaction, sealer: Sealer, contact_id: str) -> None:
    # By conversation, as the messages are indexed. The keys of events are digests of her OpenID among others.
    talks = sa.select(conversations.c.id).where(conversations.c.contact_id == contact_id)
    said = sa.update(messages).where(messages.c.conversation_id.in_(talks))
    await transaction.execute(said.values(content=sealed_content(ERASED, sealer), inbound_key=None, reasons=[]))
    sent = sa.update(deliveries).where(deliveries.c.contact_id == contact_id)
    nothing = {**sending_values(ERASED_SENDING, sealer), "inbound_key": None}
    await transaction.execute(sent.values({**nothing, "uploaded_id": None, "uploaded_until": None}))
    unsent = sent.where(deliveries.c.status.in_(OPEN_DELIVERIES | {DeliveryStatus.HELD}))
    await transaction.execute(unsent.values(status=DeliveryStatus.REFUSED, settled_at=_NOW))


async def _erase_media(transaction: Transaction, chosen: sa.ColumnElement[bool]) -> None:
    files = sa.select(media.c.id).where(chosen)
    await transaction.execute(sa.delete(media_bodies).where(media_bodies.c.media_id.in_(files)))
    # The digest of a picture recognises it, and the platform's name still fetches it.
    traces = {"platform_id": None, "sha256": None, "reason": None}
    gone = sa.update(media).where(chosen)
    await transaction.execute(gone.values(status=MediaStatus.ERASED, transcribed=True, **traces))
