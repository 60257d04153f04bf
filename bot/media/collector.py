"""Fetches what people sent before it dies at the platform, and tells what was heard in a voice message."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256

import structlog
from prometheus_client import Counter

from bot.conversation.accounts import Contact
from bot.conversation.clock import Clock
from bot.conversation.content import Transcript
from bot.conversation.errors import (
    InvalidData,
    NiangjiaError,
    NotFound,
    PlatformUnavailable,
    RedisUnavailable,
    TranscriberUnavailable,
)
from bot.conversation.events import Event, EventKind
from bot.conversation.levels import Level
from bot.conversation.media import Body, Media, MediaKind, MediaStatus
from bot.conversation.messages import Inbound
from bot.conversation.ports import AudioConverter, Feed, Inbox, MediaSource, Transcriber
from bot.conversation.repositories import UnitOfWork, UnitsOfWork
from bot.media.formats import checked
from bot.triage import Rules, judge

log = structlog.get_logger(__name__)

FETCHED = Counter("niangjia_media_total", "Files that people sent, by what became of them", ["kind", "status"])

ROUND_EVERY_S = 0.5
BATCH = 8
LEASE = timedelta(seconds=120)
"""How long one file may take before another collector tries again."""

BACKOFF = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=30)
LIFETIME = timedelta(days=3)
"""A media id of the platform is dead after this (wechat.md section 7)."""

HEARING_TRIES = 8
"""About ten minutes; the voice itself stays for a person to hear."""

HEARING_S = 100.0
"""For one voice message; less than the lease, so that nobody else listens to it meanwhile."""


@dataclass(frozen=True, slots=True)
class CollectorPorts:
    """What a collector needs; `transcriber` is None where none is configured."""

    units: UnitsOfWork
    source: MediaSource
    converter: AudioConverter
    transcriber: Transcriber | None
    inbox: Inbox
    feed: Feed
    clock: Clock
    rules: Rules


@dataclass(frozen=True, slots=True)
class Collector:
    """Collects for as long as the process lives; several may run, each file is taken by one."""

    ports: CollectorPorts
    hearing_s: float = HEARING_S

    async def run(self, stop: asyncio.Event) -> None:
        """Collect until `stop` is set; no voice waits to be heard for a download that is slow."""
        async with asyncio.TaskGroup() as group:
            for look in (self.collect_due, self.hear_due):
                group.create_task(self._rounds(look, stop))

    async def _rounds(self, look: Callable[[], Awaitable[int]], stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                done = await look()
            except NiangjiaError as error:
                log.warning("round of collecting failed", error=type(error).__name__)
                done = 0
            if not done:
                await asyncio.sleep(ROUND_EVERY_S)

    async def collect_due(self) -> int:
        """Fetch what waits; returns how many files were looked at."""
        async with self.ports.units(reading=True) as uow:  # mostly nothing waits, and nobody waits for a look
            if not await uow.media.due(self.ports.clock.now(), 1):
                return 0
        async with self.ports.units() as uow:
            taken = await self._lease(uow, await uow.media.due(self.ports.clock.now(), BATCH))
            await uow.commit()
        await asyncio.gather(*(self._guarded(media, self._collect) for media in taken))
        return len(taken)

    async def hear_due(self) -> int:
        """Listen to what was fetched; returns how many voice messages were looked at."""
        async with self.ports.units(reading=True) as uow:
            if not await uow.media.untranscribed(self.ports.clock.now(), 1):
                return 0
        async with self.ports.units() as uow:
            taken = await self._lease(uow, await uow.media.untranscribed(self.ports.clock.now(), BATCH))
            await uow.commit()
        await asyncio.gather(*(self._guarded(media, self._hear) for media in taken))
        return len(taken)

    async def _lease(self, uow: UnitOfWork, due: list[Media]) -> list[Media]:
        """Before anything leaves the house: no other collector takes these meanwhile."""
        taken = []
        for media in due:
            media.attempts += 1
            taken.append(replace(media))
            media.due_at = self.ports.clock.now() + LEASE
            await uow.media.save(media)
        return taken

    async def _guarded(self, media: Media, work: Callable[[Media], Awaitable[None]]) -> None:
        try:
            await work(media)
        except Exception as error:  # one file's trouble is no other's; when its lease ends it is looked at again
            log.warning("media not settled", media_id=media.id, error=type(error).__name__)

    async def _collect(self, media: Media) -> None:
        try:
            body = await self.ports.source.download(media.account_id, media.platform_id or "")
            body = checked(media.kind, body)
        except PlatformUnavailable:
            await self._later_or_lost(media)
        except NotFound:
            await self._settle(media, MediaStatus.LOST, "gone")
        except InvalidData as error:
            await self._settle(media, MediaStatus.REFUSED, str(error))
        else:
            await self._keep(media, body)

    async def _later_or_lost(self, media: Media) -> None:
        if self.ports.clock.now() + _pause(media.attempts) > media.received_at + LIFETIME:
            await self._settle(media, MediaStatus.LOST, "expired")
        else:
            await self._look_again(media)

    async def _look_again(self, media: Media) -> None:
        """After a pause, unless another collector took it when our lease had ended."""
        async with self.ports.units() as uow:
            kept = await uow.media.get(media.id)
            if kept.attempts == media.attempts:
                kept.due_at = self.ports.clock.now() + _pause(media.attempts)
                await uow.media.save(kept)
                await uow.commit()

    async def _keep(self, media: Media, body: Body) -> None:
        playable = await self._playable(media, body)
        media.content_type, media.size = body.content_type, len(body.data)
        media.sha256 = sha256(body.data).hexdigest()
        await self._settle(media, MediaStatus.STORED, None, body, playable)

    async def _playable(self, media: Media, body: Body) -> Body | None:
        if media.kind is not MediaKind.VOICE or body.content_type == "audio/mpeg":
            return None
        try:
            return await self.ports.converter.playable(body)
        except Exception as error:  # kept all the same: it is evidence, and somebody may have another player
            log.warning("voice not converted", media_id=media.id, error=type(error).__name__)
            return None

    async def _settle(
        self,
        media: Media,
        status: MediaStatus,
        reason: str | None,
        body: Body | None = None,
        playable: Body | None = None,
    ) -> None:
        now = self.ports.clock.now()
        async with self.ports.units() as uow:
            if (await uow.media.get(media.id)).status is not MediaStatus.PENDING:
                return  # erased, or settled by another collector after our lease
            media.status, media.reason, media.attempts, media.due_at = status, reason, 0, now
            media.stored_at = now if body is not None else None
            await uow.media.save(media)
            if body is not None:
                await uow.media.keep_body(media.id, body)
            if playable is not None:
                await uow.media.keep_body(media.id, playable, playable=True)
            await uow.commit()
        FETCHED.labels(media.kind, status).inc()
        await self._tell(media)

    async def _hear(self, media: Media) -> None:
        try:
            async with asyncio.timeout(self.hearing_s):
                text = await self._words(media)
        except (TranscriberUnavailable, InvalidData, TimeoutError) as error:
            log.warning("voice not heard yet", media_id=media.id, error=type(error).__name__)
            await self._pass_on(media, None, "t0")  # she is told at once, and what is heard later still counts
            if media.attempts < HEARING_TRIES:
                await self._look_again(media)
                return
        else:
            await self._pass_on(media, text, "t")
        async with self.ports.units() as uow:
            kept = await uow.media.get(media.id)
            kept.transcribed = True
            await uow.media.save(kept)
            await uow.commit()

    async def _pass_on(self, media: Media, text: str | None, name: str) -> None:
        """Give what was heard to the inbox, which takes it once for each name."""
        async with self.ports.units(reading=True) as uow:
            contact = await uow.contacts.get(media.contact_id)
        await self.ports.inbox.append(self._heard(media, contact, text, name))

    async def _words(self, media: Media) -> str | None:
        """What was heard, None if nothing can be; raises TranscriberUnavailable, InvalidData if no key opens it."""
        if media.status is not MediaStatus.STORED or self.ports.transcriber is None:
            return None
        async with self.ports.units(reading=True) as uow:
            body = await uow.media.body(media.id, playable=True)
        return (await self.ports.transcriber.transcribe(body)).strip() or None

    def _heard(self, media: Media, contact: Contact, text: str | None, name: str) -> Inbound:
        now = self.ports.clock.now()
        return Inbound(
            key=f"{media.account_id}:{name}-{media.message_id}",
            mailbox=contact.mailbox,
            account_id=media.account_id,
            openid=contact.openid,
            content=Transcript(media.message_id, text),
            sent_at=now,
            received_at=now,
            urgent=text is not None and judge(self.ports.rules, text).level is not Level.NORMAL,
        )

    async def _tell(self, media: Media) -> None:
        """Open pages show the file; what Redis cannot take now, a reload brings back."""
        async with self.ports.units(reading=True) as uow:
            conversation = await uow.conversations.get(media.conversation_id)
        event = Event(EventKind.MESSAGE_ADDED, conversation.account_id, conversation.region, conversation.id)
        try:
            await self.ports.feed.publish(event)
        except RedisUnavailable as error:
            log.warning("media not announced", media_id=media.id, error=str(error))


def _pause(attempts: int) -> timedelta:
    return min(BACKOFF * 2.0 ** min(attempts - 1, 16), LONGEST_PAUSE)
