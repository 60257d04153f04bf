"""Pictures, voice and video, in SQL; the bytes are sealed and lie apart."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.conversation.errors import StaleVersion
from bot.conversation.media import Body, Media, MediaKind, MediaStatus
from bot.conversation.ports import Sealer
from bot.store.repositories.erasure import erase_media
from bot.store.tables import TO_FETCH, TO_TRANSCRIBE, media, media_bodies
from bot.store.transaction import Transaction, held


class SqlMediaFiles:
    """Media; what was erased stays erased, whatever somebody still holds of it."""

    def __init__(self, transaction: Transaction, sealer: Sealer) -> None:
        self._transaction = transaction
        self._sealer = sealer

    async def get(self, media_id: str) -> Media:
        """The file of this id; raises NotFound."""
        return media_of(await self._transaction.get(held(media).where(media.c.id == media_id)))

    async def add(self, file: Media) -> None:
        """Raises Conflict if its message has one already."""
        await self._transaction.hold_contact(file.contact_id)
        await self._transaction.insert(media, asdict(file))

    async def save(self, file: Media) -> None:
        """Raises NotFound, and StaleVersion if it was erased since it was read."""
        await self._changeable(file.id)
        await self._transaction.update(media, asdict(file))

    async def of_message(self, message_id: str) -> Media | None:
        """The file that this message brought."""
        row = await self._transaction.first(held(media).where(media.c.message_id == message_id))
        return None if row is None else media_of(row)

    async def due(self, now: datetime, limit: int) -> list[Media]:
        """Pending ones whose time has come; none of a contact whom another unit holds."""
        return await self._waiting(TO_FETCH, now, limit)

    async def untranscribed(self, now: datetime, limit: int) -> list[Media]:
        """Voice messages no longer pending, whose transcript is wanted and whose time has come; locked as by `due`."""
        return await self._waiting(sa.and_(TO_TRANSCRIBE, media.c.kind == MediaKind.VOICE), now, limit)

    async def keep_body(self, media_id: str, body: Body, *, playable: bool = False) -> None:
        """Keep the bytes, sealed; raises NotFound, and StaleVersion if the file was erased."""
        data = await asyncio.to_thread(self._sealer.seal, body.data)
        await self._changeable(media_id)
        row = {"media_id": media_id, "playable": playable, "content_type": body.content_type, "data": data}
        before = sa.delete(media_bodies).where(media_bodies.c.media_id == media_id)
        await self._transaction.execute(before.where(media_bodies.c.playable == playable))
        await self._transaction.insert(media_bodies, row)

    async def body(self, media_id: str, *, playable: bool = False) -> Body:
        """The bytes; with `playable` those for a browser if there are any.

        Raises NotFound, and InvalidData if no key opens them.
        """
        return await body_of(await self._transaction.get(body_query(media_id, playable=playable)), self._sealer)

    async def erase(self, contact_id: str, kinds: Collection[MediaKind]) -> None:
        """Delete the bytes of these kinds of hers."""
        await erase_media(self._transaction, contact_id, kinds)

    async def _waiting(self, chosen: sa.ColumnElement[bool], now: datetime, limit: int) -> list[Media]:
        query = held(media, skip_held=True).where(chosen, media.c.due_at <= now).order_by(media.c.due_at, media.c.id)
        return [media_of(row) for row in await self._transaction.all(query.limit(limit))]

    async def _changeable(self, media_id: str) -> None:
        row = await self._transaction.get(held(media).where(media.c.id == media_id))
        if row.status == MediaStatus.ERASED:
            raise StaleVersion("the file was erased")


def media_of(row: sa.Row[Any]) -> Media:
    """The file of a row of `media`."""
    return Media(**{**row._mapping, "kind": MediaKind(row.kind), "status": MediaStatus(row.status)})


def body_query(media_id: str, *, playable: bool) -> sa.Select[Any]:
    """Asks for the bytes as they came, or those that a browser plays if there are any."""
    query = sa.select(media_bodies).where(media_bodies.c.media_id == media_id)
    if not playable:
        return query.where(~media_bodies.c.playable)
    return query.order_by(media_bodies.c.playable.desc()).limit(1)


async def body_of(row: sa.Row[Any], sealer: Sealer) -> Body:
    """The bytes of a row of `media_bodies`, opened beside the loop, since they are many; raises InvalidData."""
    return Body(row.content_type, await asyncio.to_thread(sealer.open, row.data))
