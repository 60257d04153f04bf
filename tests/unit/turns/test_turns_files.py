"""Pictures, voice and video: noted for fetching in the same commit, answered by what is known of them."""

from __future__ import annotations

import pytest

from bot import handoff
from bot.conversation.content import Content, Image, Text, Transcript, Video, Voice
from bot.conversation.conversations import Mode
from bot.conversation.levels import Level
from bot.conversation.media import Media, MediaKind, MediaStatus
from bot.conversation.messages import Author, DeliveryStatus
from bot.conversation.ports import Slot
from bot.turns.take import take
from tests.unit.world import ASKS_FOR_PERSON, CRITICAL, DIVORCE, DIVORCE_ARTICLE, NINGXIANG, World, words

VOICE = Voice("platform-id", "amr")


async def transcribed(world: World, text: str | None, person: str = "mei") -> Slot:
    """Let what was heard in her last voice message come in."""
    voice = [message for message in world.said_by(Author.CONTACT) if isinstance(message.content, Voice)][-1]
    account = world.accounts[world.kept(Media)[-1].account_id]
    return await take(world.inbound(Transcript(voice.id, text), person, account=account), world.turns)


# --- what is fetched --------------------------------------------------------------------------------------------


@pytest.mark.wechat("7.6")
@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (Image("platform-id"), MediaKind.IMAGE),
        (Video("platform-id", short=True), MediaKind.VIDEO),
        (VOICE, MediaKind.VOICE),
    ],
    ids=repr,
)
async def test_a_file_is_noted_for_the_collector_with_her_message(
    world: World, content: Content, kind: MediaKind
) -> None:
    inbound = world.inbound(content)
    world.pass_time(seconds=2)
    await take(inbound, world.turns)
    (message,), (media,) = world.said_by(Author.CONTACT), world.kept(Media)
    assert (media.kind, media.status, media.platform_id) == (kind, MediaStatus.PENDING, "platform-id")
    assert (media.message_id, media.conversation_id, media.contact_id) == (
        message.id,
        message.conversation_id,
        message.contact_id,
    )
    assert (media.received_at, media.due_at) == (inbound.received_at, world.clock.now())


async def test_the_same_message_again_notes_no_second_file(world: World) -> None:
    inbound = world.inbound(VOICE)
    await take(inbound, world.turns)
    await take(inbound, world.turns)
    assert len(world.kept(Media)) == 1


@pytest.mark.parametrize("listens", [True, False])
async def test_a_transcript_is_wanted_only_where_somebody_listens(world: World, listens: bool) -> None:
    world.listens = listens
    await world.hear(VOICE)
    await world.hear(Image("platform-id"))
    assert [media.transcribed for media in world.kept(Media)] == [not listens, True]


async def test_with_an_operator_files_are_fetched_too(world: World) -> None:
    staff = await world.operator()
    await world.hear(ASKS_FOR_PERSON)
    await handoff.claim(world.conversation.id, staff, world.moves)
    assert await world.hear(Image("platform-id")) is None
    assert len(world.kept(Media)) == 1


# --- voice ------------------------------------------------------------------------------------------------------


async def test_where_nobody_listens_she_is_asked_to_type(world: World) -> None:
    assert await world.hear(VOICE) == words("other/voice_received")


async def test_where_we_listen_the_voice_waits_for_its_transcript(world: World) -> None:
    world.listens = True
    assert await world.hear(VOICE) is None
    assert world.deliveries == []


async def test_where_we_listen_but_may_only_answer_she_is_told_how_she_gets_the_answer(world: World) -> None:
    world.listens = True
    told = words("other/voice_listening", account=NINGXIANG)
    assert await world.hear(VOICE, account=NINGXIANG) == told


@pytest.mark.wechat("7.13")
async def test_what_the_platform_heard_itself_counts_as_words(world: World) -> None:
    world.listens = True
    heard = Voice("platform-id", "amr", recognition=DIVORCE)
    assert await world.hear(heard) == words(DIVORCE_ARTICLE, "other/welcome")
    assert world.kept(Media)[0].transcribed


@pytest.mark.wechat("7.13")
async def test_danger_that_the_platform_heard_is_danger(world: World) -> None:
    assert words("domestic_violence/safety_now") in (await world.hear(Voice("id", recognition=CRITICAL)) or "")
    assert world.handoff.level is Level.CRITICAL


# --- the transcript ---------------------------------------------------------------------------------------------


@pytest.mark.wechat("7.14")
async def test_a_transcript_is_answered_by_customer_service_with_the_welcome_of_a_first_contact(world: World) -> None:
    world.listens = True
    await world.hear(VOICE)
    assert await transcribed(world, DIVORCE) == Slot(None)
    (delivery,) = world.deliveries
    assert delivery.content == Text(words(DIVORCE_ARTICLE, "other/welcome"))
    assert (delivery.status, delivery.due_at) == (DeliveryStatus.PENDING, world.clock.now())
    assert world.said_by(Author.CONTACT)[-1].intent == "divorce_cooling_off"


@pytest.mark.wechat("7.14")
async def test_danger_in_a_voice_message_calls_a_person(world: World) -> None:
    world.listens = True
    await world.operator()
    await world.hear(VOICE)
    await transcribed(world, CRITICAL)
    assert (world.conversation.mode, world.handoff.level) == (Mode.WAITING, Level.CRITICAL)
    assert world.deliveries[-1].content == Text(words("domestic_violence/safety_now", "other/handoff_opened"))


async def test_halves_of_danger_add_up_over_writing_and_speaking(world: World) -> None:
    world.listens = True
    await world.hear("他要杀")
    await world.hear(VOICE)
    await transcribed(world, "了我")
    assert world.conversation.level is Level.CRITICAL


@pytest.mark.parametrize("text", [None, ""])
async def test_where_nothing_could_be_heard_she_is_asked_to_type(world: World, text: str | None) -> None:
    world.listens = True
    await world.hear(VOICE)
    await transcribed(world, text)
    assert world.deliveries[-1].content == Text(words("other/voice_unheard"))
    assert world.dialogue.asked == []


async def test_a_transcript_opens_no_window_and_keeps_what_was_counted(world: World) -> None:
    world.listens = True
    await world.hear(VOICE)
    opened = world.contact.window
    world.pass_time(hours=1)
    await transcribed(world, DIVORCE)
    assert world.contact.window == opened
    world.pass_time(hours=47)
    assert world.contact.window is not None
    assert world.contact.window.left(world.clock.now()) == 0


@pytest.mark.wechat("9.2")
async def test_a_transcript_leaves_the_held_words_for_her_return(world: World) -> None:
    world.listens = True
    await world.hear(VOICE, account=NINGXIANG)
    await transcribed(world, DIVORCE)
    await transcribed(world, DIVORCE)
    assert [delivery.status for delivery in world.deliveries] == [
        DeliveryStatus.SENT,
        DeliveryStatus.HELD,
        DeliveryStatus.HELD,
    ]
    answer = await world.hear("在吗", account=NINGXIANG) or ""
    assert answer.startswith(words(DIVORCE_ARTICLE, account=NINGXIANG))


async def test_with_an_operator_a_transcript_is_only_shown(world: World) -> None:
    world.listens = True
    staff = await world.operator()
    await world.hear(ASKS_FOR_PERSON)
    await handoff.claim(world.conversation.id, staff, world.moves)
    await world.hear(VOICE)
    said = len(world.deliveries)
    await transcribed(world, DIVORCE)
    assert isinstance(world.said_by(Author.CONTACT)[-1].content, Transcript)
    assert len(world.deliveries) == said


async def test_a_transcript_for_who_was_erased_brings_nobody_back(world: World) -> None:
    inbound = world.inbound(Transcript("a message of hers", CRITICAL))
    assert await take(inbound, world.turns) == Slot(None)
    assert world.said_by(Author.CONTACT) == []
