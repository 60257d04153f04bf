"""What people send besides words is fetched, checked, kept with its hash, and voices are heard."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from bot.bootstrap import read_bare_rules
from bot.conversation.content import Transcript, Voice
from bot.conversation.errors import InvalidData, NotFound, PlatformUnavailable, TranscriberUnavailable
from bot.conversation.media import Body, Media, MediaKind, MediaStatus
from bot.media import Collector, CollectorPorts
from bot.media.collector import HEARING_TRIES, LEASE, LIFETIME
from tests.contract.store.entities import NOW, a_contact, a_conversation, a_message, keep
from tests.doubles.clock import SettableClock
from tests.doubles.memory_feed import MemoryFeed
from tests.doubles.memory_inbox import MemoryInbox
from tests.doubles.memory_store import MemoryUnits
from tests.unit.world import until

JPEG = Body("image/jpeg", b"\xff\xd8\xff and so on")
AMR = Body("audio/amr", b"#!AMR\n and so on")
MP3 = Body("audio/mpeg", b"ID3 and so on")

Outcome = Body | Exception


class Platform:
    """Gives the files it is asked for, or fails as told; `asked` are the ids."""

    def __init__(self) -> None:
        self.files: dict[str, Outcome] = {}
        self.asked: list[str] = []

    async def download(self, account_id: str, platform_id: str) -> Body:
        self.asked.append(platform_id)
        found = self.files.get(platform_id, NotFound("no such file"))
        if isinstance(found, Exception):
            raise found
        return found


class Converter:
    """Turns every voice into the same MP3, or fails as told."""

    def __init__(self) -> None:
        self.error: Exception | None = None

    async def playable(self, body: Body) -> Body:
        if self.error is not None:
            raise self.error
        return MP3


class Ear:
    """Hears what it is told to hear, or fails as told; `heard` are the files."""

    def __init__(self, words: str = "") -> None:
        self.words = words
        self.down = False
        self.heard: list[Body] = []

    async def transcribe(self, body: Body) -> str:
        if self.down:
            raise TranscriberUnavailable("down")
        self.heard.append(body)
        return self.words


class Scene:
    """A person whose files are to be collected."""

    def __init__(self, ear: Ear | None = None) -> None:
        self.units, self.clock, self.feed = MemoryUnits(), SettableClock(NOW), MemoryFeed()
        self.platform, self.converter, self.inbox = Platform(), Converter(), MemoryInbox(self.clock)
        self.contact = a_contact()
        self.conversation = a_conversation(self.contact)
        ports = CollectorPorts(
            units=self.units,
            source=self.platform,
            converter=self.converter,
            transcriber=ear,
            inbox=self.inbox,
            feed=self.feed,
            clock=self.clock,
            rules=read_bare_rules(),
        )
        self.collector = Collector(ports)

    async def sent(self, kind: MediaKind, outcome: Outcome, **changes: Any) -> str:
        """She sends a file that the platform gives out so; returns the id of its row."""
        self.platform.files["platform-1"] = outcome
        message = a_message(self.conversation, inbound_key="hunan:1", content=Voice("platform-1"))
        await keep(self.units, self.contact, self.conversation, message)
        media = Media(
            id="media-1",
            message_id=message.id,
            conversation_id=self.conversation.id,
            contact_id=self.contact.id,
            account_id=self.contact.account_id,
            kind=kind,
            status=MediaStatus.PENDING,
            received_at=NOW,
            due_at=NOW,
            platform_id="platform-1",
            **changes,
        )
        async with self.units() as uow:
            await uow.media.add(media)
            await uow.commit()
        return message.id

    async def media(self) -> Media:
        async with self.units() as uow:
            return await uow.media.get("media-1")

    async def body(self, *, playable: bool = False) -> Body:
        async with self.units() as uow:
            return await uow.media.body("media-1", playable=playable)


@pytest.mark.wechat("7.6")
async def test_a_picture_is_kept_with_its_hash_and_the_time_of_receipt() -> None:
    scene = Scene()
    await scene.sent(MediaKind.IMAGE, JPEG)
    scene.clock.advance(timedelta(seconds=3))
    assert await scene.collector.collect_due() == 1
    media = await scene.media()
    assert (media.status, media.content_type, media.size) == (MediaStatus.STORED, "image/jpeg", len(JPEG.data))
    assert (media.sha256, media.stored_at) == (sha256(JPEG.data).hexdigest(), NOW + timedelta(seconds=3))
    assert await scene.body() == JPEG
    assert [event.conversation_id for event in scene.feed.kept] == [scene.conversation.id]
    assert await scene.collector.collect_due() == 0


@pytest.mark.wechat("7.12")
async def test_a_voice_is_kept_as_it_came_and_as_a_browser_plays_it() -> None:
    scene = Scene()
    await scene.sent(MediaKind.VOICE, AMR)
    await scene.collector.collect_due()
    assert (await scene.media()).sha256 == sha256(AMR.data).hexdigest()
    assert await scene.body() == AMR
    assert await scene.body(playable=True) == MP3


@pytest.mark.parametrize("error", [InvalidData("unreadable"), OSError("no ffmpeg here")], ids=repr)
async def test_a_voice_that_cannot_be_converted_is_kept_all_the_same(error: Exception) -> None:
    scene = Scene()
    scene.converter.error = error
    await scene.sent(MediaKind.VOICE, AMR)
    await scene.collector.collect_due()
    assert (await scene.media()).status is MediaStatus.STORED
    assert await scene.body(playable=True) == AMR


@pytest.mark.wechat("7.10")
@pytest.mark.parametrize(
    ("outcome", "status", "reason"),
    [
        (Body("image/jpeg", b"<html>"), MediaStatus.REFUSED, "wrong_type"),
        (Body("image/jpeg", b""), MediaStatus.REFUSED, "empty"),
        (InvalidData("too_large"), MediaStatus.REFUSED, "too_large"),
        (NotFound("gone"), MediaStatus.LOST, "gone"),
    ],
)
async def test_what_cannot_be_kept_says_why(outcome: Outcome, status: MediaStatus, reason: str) -> None:
    scene = Scene()
    await scene.sent(MediaKind.IMAGE, outcome)
    await scene.collector.collect_due()
    media = await scene.media()
    assert (media.status, media.reason, media.stored_at) == (status, reason, None)
    with pytest.raises(NotFound):
        await scene.body()


@pytest.mark.wechat("7.6")
async def test_while_the_platform_is_away_it_is_tried_until_the_file_has_died_there() -> None:
    scene = Scene()
    await scene.sent(MediaKind.IMAGE, PlatformUnavailable("away"))
    while (await scene.media()).status is MediaStatus.PENDING:
        await scene.collector.collect_due()
        scene.clock.set(max((await scene.media()).due_at, scene.clock.now()))
    media = await scene.media()
    assert (media.status, media.reason) == (MediaStatus.LOST, "expired")
    assert NOW + LIFETIME - timedelta(hours=1) < scene.clock.now() <= NOW + LIFETIME
    assert 100 < len(scene.platform.asked) < 300


async def test_when_the_platform_is_back_the_file_is_kept() -> None:
    scene = Scene()
    await scene.sent(MediaKind.IMAGE, PlatformUnavailable("away"))
    await scene.collector.collect_due()
    assert await scene.collector.collect_due() == 0, "not at once"
    scene.platform.files["platform-1"] = JPEG
    scene.clock.advance(timedelta(seconds=5))
    await scene.collector.collect_due()
    assert (await scene.media()).status is MediaStatus.STORED


async def test_a_file_that_breaks_a_collector_is_taken_again_when_its_lease_ends() -> None:
    scene = Scene()
    await scene.sent(MediaKind.IMAGE, RuntimeError("a bug"))
    await scene.collector.collect_due()
    scene.platform.files["platform-1"] = JPEG
    assert await scene.collector.collect_due() == 0
    scene.clock.advance(LEASE)
    assert await scene.collector.collect_due() == 1
    assert (await scene.media()).status is MediaStatus.STORED


async def test_what_was_erased_meanwhile_is_not_kept() -> None:
    scene = Scene()
    await scene.sent(MediaKind.IMAGE, JPEG)
    download = scene.platform.download

    async def erased_meanwhile(account_id: str, platform_id: str) -> Body:
        async with scene.units() as uow:
            await uow.media.erase(scene.contact.id, {MediaKind.IMAGE})
            await uow.commit()
        return await download(account_id, platform_id)

    scene.platform.download = erased_meanwhile  # type: ignore[method-assign]
    await scene.collector.collect_due()
    assert (await scene.media()).status is MediaStatus.ERASED
    with pytest.raises(NotFound):
        await scene.body()


async def test_a_platform_that_fails_a_late_collector_does_not_undo_what_another_kept() -> None:
    scene = Scene()
    await scene.sent(MediaKind.IMAGE, JPEG)
    download = scene.platform.download

    async def overtaken(account_id: str, platform_id: str) -> Body:
        scene.platform.download = download  # type: ignore[method-assign]
        scene.clock.advance(LEASE)
        await scene.collector.collect_due()
        raise PlatformUnavailable("TimeoutError")

    scene.platform.download = overtaken  # type: ignore[method-assign]
    await scene.collector.collect_due()
    assert ((await scene.media()).status, await scene.body()) == (MediaStatus.STORED, JPEG)


# --- hearing ----------------------------------------------------------------------------------------------------


def transcripts(scene: Scene) -> list[str | None]:
    """What was told of her voice messages."""
    return [inbound.content.text for inbound in scene.inbox.appended if isinstance(inbound.content, Transcript)]


@pytest.mark.wechat("7.14")
async def test_what_was_heard_comes_to_the_inbox_like_a_message_of_hers() -> None:
    ear = Ear("他掐我脖子，我不敢出去")
    scene = Scene(ear)
    message_id = await scene.sent(MediaKind.VOICE, AMR, transcribed=False)
    assert await scene.collector.hear_due() == 0, "not before it is fetched"
    await scene.collector.collect_due()
    assert await scene.collector.hear_due() == 1
    (inbound,) = scene.inbox.appended
    assert inbound.content == Transcript(message_id, "他掐我脖子，我不敢出去")
    assert (inbound.key, inbound.mailbox, inbound.urgent) == (f"hunan:t-{message_id}", scene.contact.mailbox, True)
    assert ear.heard == [MP3]
    assert (await scene.media()).transcribed
    assert await scene.collector.hear_due() == 0


@pytest.mark.parametrize(("words", "told"), [("孩子不肯上学", "孩子不肯上学"), (" \n", None)])
async def test_harmless_words_are_not_urgent_and_silence_is_told_as_nothing(words: str, told: str | None) -> None:
    scene = Scene(Ear(words))
    await scene.sent(MediaKind.VOICE, AMR, transcribed=False)
    await scene.collector.collect_due()
    await scene.collector.hear_due()
    (inbound,) = scene.inbox.appended
    assert isinstance(inbound.content, Transcript)
    assert (inbound.content.text, inbound.urgent) == (told, False)


async def test_a_service_that_is_away_is_asked_again_and_she_is_told_at_once() -> None:
    ear = Ear("他打我")
    scene = Scene(ear)
    ear.down = True
    await scene.sent(MediaKind.VOICE, AMR, transcribed=False)
    await scene.collector.collect_due()
    tries = 0
    while not (await scene.media()).transcribed:
        tries += await scene.collector.hear_due()
        scene.clock.set(max((await scene.media()).due_at, scene.clock.now()))
        assert transcripts(scene) == [None]
    assert tries == HEARING_TRIES


async def test_what_is_heard_when_the_service_is_back_still_counts() -> None:
    ear = Ear("他掐我脖子")
    scene = Scene(ear)
    ear.down = True
    await scene.sent(MediaKind.VOICE, AMR, transcribed=False)
    await scene.collector.collect_due()
    await scene.collector.hear_due()
    ear.down = False
    scene.clock.set((await scene.media()).due_at)
    await scene.collector.hear_due()
    assert transcripts(scene) == [None, "他掐我脖子"]
    assert scene.inbox.appended[-1].urgent


async def test_a_service_that_never_ends_its_answer_holds_nothing_up_and_in_the_end_she_is_told() -> None:
    class Endless(Ear):
        async def transcribe(self, body: Body) -> str:
            await asyncio.Event().wait()
            raise AssertionError("unreachable")

    scene = Scene(Endless())
    scene.collector = replace(scene.collector, hearing_s=0.01)
    await scene.sent(MediaKind.VOICE, AMR, transcribed=False)
    await scene.collector.collect_due()
    for _ in range(HEARING_TRIES):
        await scene.collector.hear_due()
        scene.clock.advance(timedelta(hours=1))
    (inbound,) = scene.inbox.appended
    assert isinstance(inbound.content, Transcript)
    assert inbound.content.text is None


async def test_a_voice_that_no_key_opens_is_told_as_not_heard_in_the_end() -> None:
    class Deaf(Ear):
        async def transcribe(self, body: Body) -> str:
            raise InvalidData("no key opens it")

    scene = Scene(Deaf())
    await scene.sent(MediaKind.VOICE, AMR, transcribed=False)
    await scene.collector.collect_due()
    for _ in range(HEARING_TRIES):
        await scene.collector.hear_due()
        scene.clock.advance(timedelta(hours=1))
    assert len(scene.inbox.appended) == 1


async def test_a_voice_that_could_not_be_kept_is_told_as_not_heard() -> None:
    scene = Scene(Ear("他打我"))
    await scene.sent(MediaKind.VOICE, NotFound("gone"), transcribed=False)
    await scene.collector.collect_due()
    await scene.collector.hear_due()
    (inbound,) = scene.inbox.appended
    assert isinstance(inbound.content, Transcript)
    assert inbound.content.text is None


async def test_a_transcript_told_before_a_crash_is_not_told_again() -> None:
    scene = Scene(Ear("他打我"))
    await scene.sent(MediaKind.VOICE, AMR, transcribed=False)
    await scene.collector.collect_due()
    await scene.collector.hear_due()
    async with scene.units() as uow:  # the process died before it could write that it had told
        media = await uow.media.get("media-1")
        media.transcribed = False
        await uow.media.save(media)
        await uow.commit()
    scene.clock.advance(LEASE)
    assert await scene.collector.hear_due() == 1
    assert len(scene.inbox.appended) == 1


async def test_no_voice_waits_to_be_heard_for_a_download_that_hangs() -> None:
    scene, stop, let = Scene(Ear("他打我")), asyncio.Event(), asyncio.Event()
    await scene.sent(MediaKind.VOICE, AMR, transcribed=False)
    await scene.collector.collect_due()

    async def hanging(account_id: str, platform_id: str) -> Body:
        await let.wait()
        return AMR

    scene.platform.download = hanging  # type: ignore[method-assign]
    message = a_message(scene.conversation, inbound_key="hunan:2", content=Voice("platform-2"))
    await keep(scene.units, message)
    async with scene.units() as uow:
        first = await uow.media.get("media-1")
        pending = replace(first, id="media-2", message_id=message.id, status=MediaStatus.PENDING)
        await uow.media.add(pending)
        await uow.commit()
    running = asyncio.create_task(scene.collector.run(stop))
    await until(lambda: len(scene.inbox.appended) == 1)
    stop.set()
    let.set()
    await running


async def test_a_voice_that_nobody_wants_transcribed_stays_unheard() -> None:
    ear = Ear("他打我")
    scene = Scene(ear)
    await scene.sent(MediaKind.VOICE, AMR)
    await scene.collector.collect_due()
    assert await scene.collector.hear_due() == 0
    assert ear.heard == []


async def test_while_the_inbox_is_away_the_transcript_waits() -> None:
    scene = Scene(Ear("他打我"))
    await scene.sent(MediaKind.VOICE, AMR, transcribed=False)
    await scene.collector.collect_due()
    scene.inbox.down = True
    await scene.collector.hear_due()
    scene.inbox.down = False
    scene.clock.advance(LEASE)
    await scene.collector.hear_due()
    assert len(scene.inbox.appended) == 1
