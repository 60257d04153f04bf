"""Pictures, voice and video in memory."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from bot.conversation.errors import NotFound, StaleVersion
from bot.conversation.media import Body, Media, MediaKind, MediaStatus
from bot.conversation.messages import Author, Message
from tests.doubles.memory_tables import KeptBody, Work


class MemoryMediaFiles:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def get(self, media_id: str) -> Media:
        return self._work.get(Media, media_id)

    async def add(self, media: Media) -> None:
        self._work.add(media)

    async def save(self, media: Media) -> None:
        self._check_not_erased(media.id)
        self._work.save(media)

    async def of_message(self, message_id: str) -> Media | None:
        return next((media for media in self._work.all(Media) if media.message_id == message_id), None)

    async def due(self, now: datetime, limit: int) -> list[Media]:
        pending = [media for media in self._work.all(Media) if media.status is MediaStatus.PENDING]
        return _waiting(pending, now, limit)

    async def untranscribed(self, now: datetime, limit: int) -> list[Media]:
        fetched = (media for media in self._work.all(Media) if media.status is not MediaStatus.PENDING)
        voices = [media for media in fetched if media.kind is MediaKind.VOICE and not media.transcribed]
        return _waiting(voices, now, limit)

    async def keep_body(self, media_id: str, body: Body, *, playable: bool = False) -> None:
        self._check_not_erased(media_id)
        self._work.put(KeptBody(media_id, playable, body))

    async def body(self, media_id: str, *, playable: bool = False) -> Body:
        kept = {one.playable: one.body for one in self._work.all(KeptBody) if one.media_id == media_id}
        for shape in (True, False) if playable else (False,):
            if shape in kept:
                return kept[shape]
        raise NotFound("no such row")

    async def erase(self, contact_id: str, kinds: Collection[MediaKind]) -> None:
        for media in self._work.all(Media):
            hers = media.contact_id == contact_id and media.kind in kinds
            if hers and self._work.get(Message, media.message_id).author is Author.CONTACT:
                erase_file(self._work, media)

    def _check_not_erased(self, media_id: str) -> None:
        if self._work.get(Media, media_id).status is MediaStatus.ERASED:
            raise StaleVersion("the file was erased")


def erase_file(work: Work, media: Media) -> None:
    """Delete the bytes of a file and what recognises them."""
    for kept in work.all(KeptBody):
        if kept.media_id == media.id:
            work.remove(kept)
    media.status, media.transcribed = MediaStatus.ERASED, True
    media.platform_id = media.sha256 = media.reason = None
    work.save(media)


def _waiting(files: list[Media], now: datetime, limit: int) -> list[Media]:
    due = (media for media in files if media.due_at <= now)
    return sorted(due, key=lambda media: (media.due_at, media.id))[:limit]
