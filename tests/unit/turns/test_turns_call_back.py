"""A call back in a turn: offered when nobody is there, asked for also while she waits, and taken back by her word."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from bot.bootstrap import read_rules
from bot.conversation.call_backs import CallBack, CallOutcome
from bot.conversation.content import Choices, Text
from bot.conversation.conversations import Mode
from bot.conversation.dialogue import FlowProposed, QuestionProposed, TextProposed
from bot.conversation.flows import Answers, FlowState
from bot.conversation.handoffs import Handoff
from bot.conversation.levels import Level
from bot.conversation.messages import Author
from bot.triage import Rules
from bot.turns.take import take
from tests.unit.world import (
    ASKS_FOR_PERSON,
    CRITICAL,
    DATA,
    DISCLOSES,
    DIVORCE,
    HIDDEN,
    World,
    and_offer,
    proposed,
    text_of,
    words,
)

START, NUMBER, WHEN = "登记回电", "13800000000", "他不在家的时候打给我"
GIVEN: Answers = {"phone": NUMBER, "when": WHEN, "say_who": "no", "words": "叫我小李"}
OFFER = words("other/call_back_offer")
GONE = words("other/call_back_off")


def asking(text: str, given: Answers) -> tuple[QuestionProposed, FlowProposed]:
    return QuestionProposed(text, ()), FlowProposed("call_back", FlowState.ASKING, given)


@pytest.fixture
def world() -> World:
    one = World()
    one.dialogue.script |= {
        START: proposed("other_start_call_back", TextProposed("好。"), *asking("打哪个号码？", {})),
        NUMBER: proposed("nlu_fallback", *asking("什么时候打？", {"phone": NUMBER})),
        WHEN: proposed("nlu_fallback", TextProposed("记下了。"), FlowProposed("call_back", FlowState.FINISHED, GIVEN)),
        "不用回电": proposed(
            "nlu_fallback", TextProposed("停下了。"), FlowProposed("call_back", FlowState.LEFT, {"phone": NUMBER})
        ),
    }
    return one


async def asked(world: World) -> CallBack:
    """She goes through the questions."""
    for said in (START, NUMBER, WHEN):
        await world.hear(said)
    return next(one for one in world.kept(CallBack) if one.settled_at is None)


# --- the offer --------------------------------------------------------------------------------------------------


async def test_when_nobody_is_there_she_may_tap_it_and_go_on_while_she_waits(world: World) -> None:
    assert (await world.hear(ASKS_FOR_PERSON) or "").endswith(f"{OFFER}\n1. 登记回电")
    (offer,) = [one.content for one in world.said_by(Author.ASSISTANT) if isinstance(one.content, Choices)]
    assert offer.items == (("say:登记回电", "登记回电"),)
    assert world.conversation.mode is Mode.WAITING
    assert await world.hear(Text("登记回电", menu_id="say:登记回电")) == "好。\n\n打哪个号码？"
    assert await world.hear(NUMBER) == "什么时候打？"
    assert await world.hear(WHEN) == "记下了。"
    assert world.conversation.mode is Mode.WAITING
    (one,) = world.kept(CallBack)
    assert (one.phone, one.when, one.discreet, one.words) == (NUMBER, WHEN, True, "叫我小李")
    assert (one.level, one.contact_id, one.region) == (Level.HIGH, world.contact.id, world.conversation.region)


@pytest.mark.parametrize("words_of_hers", ["1", "登记回电", "登记回电。"])
async def test_the_number_or_the_words_begin_it_while_she_waits(world: World, words_of_hers: str) -> None:
    world.dialogue.script["登记回电。"] = world.dialogue.script[START]
    await world.hear(ASKS_FOR_PERSON)
    assert "打哪个号码？" in (await world.hear(words_of_hers) or "")


async def test_somebody_on_duty_is_better_than_a_call(world: World) -> None:
    await world.operator()
    assert OFFER not in (await world.hear(DISCLOSES) or "")


async def test_safety_words_come_without_an_offer(world: World) -> None:
    assert OFFER not in (await world.hear(CRITICAL) or "")
    assert OFFER not in (await world.hear(HIDDEN, "fang") or "")


async def test_who_waits_long_is_offered_it_until_she_asked_for_it(world: World) -> None:
    await world.operator()
    await world.hear(ASKS_FOR_PERSON)
    world.pass_time(minutes=6)
    assert await world.hear("在吗") == and_offer(words("other/still_waiting"))
    await asked(world)
    world.pass_time(minutes=6)
    assert await world.hear("在吗") == words("other/still_waiting")


async def test_who_waits_is_told_when_the_assistant_cannot_ask(world: World) -> None:
    await world.hear(ASKS_FOR_PERSON)
    world.dialogue.down = True
    assert await world.hear(START) == words("other/assistant_unavailable")


# --- her answers ------------------------------------------------------------------------------------------------


@cache
def learnt() -> Rules:
    """Triage with its model, which hears danger in digits and in the fear of being overheard."""
    return read_rules(DATA)


@pytest.mark.parametrize(
    "number", ["17921840110", "159 8174 1040", "我的手机号是17921840110", "一七九二一八四零一一零"]
)
async def test_no_danger_is_heard_in_a_number(world: World, number: str) -> None:
    world.dialogue.script[number] = world.dialogue.script[NUMBER]
    ports = replace(world.turns, rules=learnt())
    await take(world.inbound(START), ports)
    assert text_of(await take(world.inbound(number), ports)).endswith("什么时候打？")
    assert world.kept(Handoff) == []


async def test_to_say_when_it_is_safe_calls_nobody(world: World) -> None:
    ports = replace(world.turns, rules=learnt())
    for said in (START, NUMBER, WHEN):
        await take(world.inbound(said), ports)
    assert world.kept(Handoff) == []
    assert len(world.kept(CallBack)) == 1


@pytest.mark.parametrize("cry", [CRITICAL, "110110110110"])
async def test_danger_is_heard_in_the_middle_of_the_questions(world: World, cry: str) -> None:
    ports = replace(world.turns, rules=learnt())
    await take(world.inbound(START), ports)
    assert text_of(await take(world.inbound(cry), ports)).startswith(words("domestic_violence/safety_now"))
    assert world.handoff.level is Level.CRITICAL


async def test_a_new_one_takes_the_place_of_the_old(world: World) -> None:
    first = await asked(world)
    world.pass_time(hours=1)
    second = await asked(world)
    old, new = world.kept(CallBack)
    assert (old.id, old.outcome, old.settled_by) == (first.id, CallOutcome.WITHDRAWN, None)
    assert (new.id, new.settled_at) == (second.id, None)


@pytest.mark.parametrize("given", [{"when": WHEN}, {"phone": NUMBER}, {"phone": "12338", "when": WHEN}, {}])
async def test_without_a_number_and_a_time_nothing_is_kept(world: World, given: Answers) -> None:
    world.dialogue.script[WHEN] = proposed("nlu_fallback", FlowProposed("call_back", FlowState.FINISHED, given))
    await world.hear(START)
    await world.hear(WHEN)
    assert world.kept(CallBack) == []


async def test_others_hear_who_calls_only_if_she_said_so(world: World) -> None:
    open_answers = {**GIVEN, "say_who": "yes"}
    done = proposed("nlu_fallback", TextProposed("好"), FlowProposed("call_back", FlowState.FINISHED, open_answers))
    world.dialogue.script[WHEN] = done
    assert not (await asked(world)).discreet


# --- taken back -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["不用回电", "不用回电了。", "不要打电话了", "别给我打电话", "取消回电", "不用回电话"])
async def test_her_word_takes_it_back(world: World, said: str) -> None:
    await asked(world)
    assert await world.hear(said) == GONE
    (one,) = world.kept(CallBack)
    assert (one.outcome, one.settled_at, one.settled_by) == (CallOutcome.WITHDRAWN, world.clock.now(), None)


async def test_also_while_she_waits(world: World) -> None:
    await world.hear(ASKS_FOR_PERSON)
    await asked(world)
    assert await world.hear("不用回电了") == GONE
    assert world.conversation.mode is Mode.WAITING


async def test_in_the_middle_of_the_questions_it_ends_them_and_what_was_asked_before(world: World) -> None:
    await asked(world)
    await world.hear(START)
    assert await world.hear("不用回电") == "停下了。"
    assert [one.outcome for one in world.kept(CallBack)] == [CallOutcome.WITHDRAWN]


async def test_where_nothing_was_asked_the_words_are_words(world: World) -> None:
    await world.hear(DIVORCE)
    await world.hear("不要打电话")
    assert world.dialogue.asked[-1] == "不要打电话"


async def test_who_reads_along_cannot_take_it_back(world: World) -> None:
    await asked(world)
    await world.hear("收起来")
    assert await world.hear("不用回电") == words("other/hidden")
    assert [one.outcome for one in world.kept(CallBack)] == [None]
