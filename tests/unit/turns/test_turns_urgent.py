"""Danger in, safety words out before anything else; then a person, and nothing that gives her away."""

from __future__ import annotations

import pytest

from bot.conversation.cases import Case, CaseStatus
from bot.conversation.content import Image, Unfollowed
from bot.conversation.conversations import Mode
from bot.conversation.dialogue import AnswerProposed, FlowProposed, HandoffProposed
from bot.conversation.events import EventKind
from bot.conversation.flows import FlowState
from bot.conversation.handoffs import Handoff, HandoffStatus, QueueEntry
from bot.conversation.levels import Level, Topic
from bot.conversation.messages import Author
from bot.triage import Danger, judge
from bot.turns.speaking import ACKNOWLEDGE_EVERY, SAFETY_WORDS, check_fixed_articles
from tests.unit.world import (
    ASKS_FOR_PERSON,
    CRITICAL,
    DIVORCE,
    HIDDEN,
    HIGH,
    World,
    and_offer,
    knowledge,
    proposed,
    rules,
    words,
)

NOTICE = "other/handoff_opened"


def test_every_article_that_turns_name_is_written() -> None:
    check_fixed_articles(knowledge())
    assert set(SAFETY_WORDS) == set(Danger)


# --- critical ---------------------------------------------------------------------------------------------------


async def test_danger_gets_safety_words_without_asking_the_assistant(world: World) -> None:
    await world.operator()
    assert await world.hear(CRITICAL) == words("domestic_violence/safety_now", NOTICE)
    assert world.dialogue.asked == []


async def test_danger_gets_safety_words_when_everything_else_is_away(world: World) -> None:
    world.dialogue.down = True
    world.queue.available = world.feed.available = False
    assert await world.hear(CRITICAL) == words("domestic_violence/safety_now", "other/handoff_duty")
    assert world.handoff.status is HandoffStatus.WAITING


async def test_danger_calls_a_person_opens_a_file_and_tells_the_operators(world: World) -> None:
    await world.hear(CRITICAL)
    conversation, asked = world.conversation, world.handoff
    assert (conversation.mode, conversation.level) == (Mode.WAITING, Level.CRITICAL)
    assert (asked.status, asked.level, asked.requested_at) == (
        HandoffStatus.WAITING,
        Level.CRITICAL,
        world.clock.now(),
    )
    assert asked.topic is Topic.DOMESTIC_VIOLENCE
    assert asked.reasons == tuple(reason.words for reason in judge(rules(), CRITICAL).reasons)
    (case,) = world.kept(Case)
    assert (case.status, case.level, case.conversation_id) == (
        CaseStatus.REGISTERED,
        Level.CRITICAL,
        conversation.id,
    )
    assert await world.queue.entries() == [QueueEntry.of(asked)]
    assert world.events == [EventKind.HANDOFF_REQUESTED, EventKind.MESSAGE_ADDED]
    assert world.said_by(Author.CONTACT)[0].level == Level.CRITICAL


async def test_no_word_of_hers_is_among_the_reasons_or_in_the_feed(world: World) -> None:
    await world.hear(CRITICAL)
    assert CRITICAL not in "".join(world.handoff.reasons)
    assert CRITICAL not in repr(world.feed.kept) + repr(await world.queue.entries()) + repr(world.inbound(CRITICAL))


async def test_danger_that_only_the_assistant_sees(world: World) -> None:
    await world.operator()
    world.dialogue.script["他来了"] = proposed(
        "domestic_violence_in_danger", HandoffProposed(Level.CRITICAL, "danger_understood")
    )
    assert await world.hear("他来了") == words("domestic_violence/safety_now", NOTICE)
    assert (world.handoff.level, world.handoff.reasons) == (Level.CRITICAL, ("助手估计：可能正有人身危险",))


async def test_a_hidden_plea_gets_only_harmless_words(world: World) -> None:
    await world.operator()
    assert await world.hear(HIDDEN) == words("domestic_violence/safety_hidden")
    assert world.handoff.level is Level.CRITICAL


# --- waiting ----------------------------------------------------------------------------------------------------


async def test_who_waits_is_told_that_she_is_heard_but_not_on_every_message(world: World) -> None:
    await world.hear(ASKS_FOR_PERSON)
    answers = []
    for _ in range(4):
        world.pass_time(minutes=2)
        answers.append(await world.hear("在吗"))
    assert answers == [None, None, and_offer(words("other/still_waiting")), None]
    assert ACKNOWLEDGE_EVERY.total_seconds() == 300


async def test_while_she_waits_the_assistant_is_not_asked_and_all_is_kept(world: World) -> None:
    await world.hear(ASKS_FOR_PERSON)
    asked = list(world.dialogue.asked)
    await world.hear(DIVORCE)
    await world.hear(Image("media"))
    assert world.dialogue.asked == asked
    assert len(world.said_by(Author.CONTACT)) == 3
    assert world.events[-1] is EventKind.MESSAGE_ADDED


async def test_while_she_waits_the_level_rises_and_she_gets_safety_words(world: World) -> None:
    await world.hear(ASKS_FOR_PERSON)
    world.pass_time(seconds=30)
    assert await world.hear(CRITICAL) == words("domestic_violence/safety_now")
    assert (world.handoff.level, world.handoff.reasons[0]) == (Level.CRITICAL, "本人要求人工")
    (entry,) = await world.queue.entries()
    assert (entry.level, entry.requested_at) == (Level.CRITICAL, world.handoff.requested_at)
    assert entry.requested_at < world.clock.now()
    assert world.events[-2:] == [EventKind.HANDOFF_RAISED, EventKind.MESSAGE_ADDED]
    (case,) = world.kept(Case)
    assert case.level is Level.CRITICAL


async def test_while_she_waits_the_level_never_falls(world: World) -> None:
    await world.hear(CRITICAL)
    await world.hear(HIGH)
    await world.hear(DIVORCE)
    assert (world.conversation.level, world.handoff.level) == (Level.CRITICAL, Level.CRITICAL)


async def test_danger_again_while_she_waits_opens_nothing_twice(world: World) -> None:
    for _ in range(3):
        await world.hear(CRITICAL)
    assert len(world.handoff.reasons) == len(set(world.handoff.reasons))
    assert len(world.kept(Case)) == len(await world.queue.entries()) == 1


async def test_who_leaves_while_she_waits_still_waits(world: World) -> None:
    await world.hear(CRITICAL)
    assert await world.hear(Unfollowed()) is None
    assert world.handoff.status is HandoffStatus.WAITING


# --- two halves -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("minutes", "level"), [(1, Level.CRITICAL), (11, Level.NORMAL)])
async def test_half_messages_mean_danger_only_close_together(world: World, minutes: float, level: Level) -> None:
    first, second = "他要杀", "了我"
    assert judge(rules(), first).level is judge(rules(), second).level is Level.NORMAL
    await world.hear(first)
    world.pass_time(minutes=minutes)
    await world.hear(second)
    assert world.conversation.level is level


# --- reasons that are true --------------------------------------------------------------------------------------


@pytest.mark.parametrize("wish", ["转人工", "我要找人工", "你好，请问有工作人员吗"])
async def test_a_plain_wish_for_a_person_carries_only_its_own_reason(world: World, wish: str) -> None:
    await world.operator()
    guess = HandoffProposed(Level.HIGH, "harm_understood")
    world.dialogue.script[wish] = proposed("other_ask_human", HandoffProposed(Level.HIGH, "asked_for_person"), guess)
    assert await world.hear(wish) == words(NOTICE)
    assert (world.handoff.level, world.handoff.reasons) == (Level.HIGH, ("本人要求人工",))


async def test_a_wish_with_a_story_keeps_the_guess_and_calls_it_one(world: World) -> None:
    story = "转人工，我在家里待不下去了"
    guess = HandoffProposed(Level.HIGH, "harm_understood")
    world.dialogue.script[story] = proposed("other_ask_human", HandoffProposed(Level.HIGH, "asked_for_person"), guess)
    await world.hear(story)
    assert world.handoff.reasons == ("本人要求人工", "助手估计：可能讲到伤害、轻生或别的急事")


@pytest.mark.parametrize("guess", ["harm_understood", "danger_understood"])
async def test_a_bare_number_calls_nobody_whatever_the_assistant_hears_in_it(world: World, guess: str) -> None:
    level = Level.CRITICAL if guess == "danger_understood" else Level.HIGH
    for number in ("410", "13812345678", "明天上午10点"):
        world.dialogue.script[number] = proposed(
            "other_greeting", AnswerProposed("other/greeting"), HandoffProposed(level, guess)
        )
        await world.hear(number)
    assert world.kept(Handoff) == []


async def test_110_calls_for_help_without_asking_the_assistant(world: World) -> None:
    await world.hear("110")
    assert (world.handoff.level, world.dialogue.asked) == (Level.CRITICAL, [])


async def test_what_a_flow_makes_of_her_answers_counts_whatever_she_wrote_last(world: World) -> None:
    done = FlowProposed("parenting_help", FlowState.FINISHED, {})
    world.dialogue.script["3500"] = proposed("nlu_fallback", done, HandoffProposed(Level.HIGH, "harm_understood"))
    await world.hear("3500")
    assert world.handoff.level is Level.HIGH
