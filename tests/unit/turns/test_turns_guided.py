"""Guided help in a turn: questions with options, answers kept, the link to papers, a referral, and going on waiting."""

from __future__ import annotations

import re

import pytest

from bot.conversation.cases import Case, CaseStatus
from bot.conversation.content import Choices, MenuClicked, Text
from bot.conversation.conversations import Mode
from bot.conversation.dialogue import (
    FlowProposed,
    HandoffProposed,
    PaperProposed,
    QuestionProposed,
    ReferralProposed,
    TextProposed,
)
from bot.conversation.flows import Flow, FlowState, Link, Purpose, ReferralKind
from bot.conversation.handoffs import Handoff
from bot.conversation.levels import Level, Topic
from bot.conversation.messages import Author
from bot.guidance import Ticket
from tests.unit.world import CRITICAL, PAGES_URL, World, proposed, words

START, YES, NO = "准备退款材料", "有", "没有"
AGE = QuestionProposed("孩子几岁了？", ("不满八岁", "八岁以上"))


@pytest.fixture
def world() -> World:
    one = World()
    asking = FlowProposed("child_game_refund", FlowState.ASKING, {})
    one.dialogue.script |= {
        START: proposed("other_start_refund", TextProposed("大约八个问题。"), AGE, asking),
        "不满八岁": proposed(
            "nlu_fallback",
            QuestionProposed("一共多少钱？", ()),
            FlowProposed("child_game_refund", FlowState.ASKING, {"child_age": "不满八岁"}),
        ),
        "三千块": proposed(
            "nlu_fallback",
            TextProposed("都记下了。"),
            FlowProposed("child_game_refund", FlowState.FINISHED, {"child_age": "不满八岁", "sum": 3000.0}),
            PaperProposed("child_game_refund"),
        ),
        "他经常打孩子也打我": proposed(
            "domestic_violence_disclosed",
            QuestionProposed("一共多少钱？", ()),
            FlowProposed("child_game_refund", FlowState.ASKING, {}),
            HandoffProposed(Level.HIGH, "harm_understood"),
        ),
        "帮我申请": proposed(
            "other_legal_aid",
            TextProposed("记下了。"),
            FlowProposed("referral", FlowState.FINISHED, {"kind": "legal_aid"}),
            ReferralProposed(ReferralKind.LEGAL_AID),
        ),
    }
    return one


async def test_a_question_is_asked_with_its_options(world: World) -> None:
    answer = await world.hear(START)
    assert answer is not None
    assert "1. 不满八岁\n2. 八岁以上" in answer
    (said,) = [line.content for line in world.said_by(Author.ASSISTANT) if isinstance(line.content, Choices)]
    assert said.items == (("say:不满八岁", "不满八岁"), ("say:八岁以上", "八岁以上"))


@pytest.mark.parametrize("answer", [Text("1"), Text("不满八岁"), Text("不满八岁", menu_id="say:不满八岁")])
async def test_an_option_is_taken_by_its_number_its_words_or_a_tap(world: World, answer: Text) -> None:
    await world.hear(START)
    assert await world.hear(answer) == "一共多少钱？"
    assert world.dialogue.asked[-1] == "不满八岁"
    (flow,) = world.kept(Flow)
    assert (flow.name, flow.state, flow.answers) == (
        "child_game_refund",
        FlowState.ASKING,
        {"child_age": "不满八岁"},
    )


async def test_a_number_that_answers_no_options_stays_a_number(world: World) -> None:
    await world.hear(START)
    await world.hear("1")
    await world.hear("2")
    assert world.dialogue.asked[-1] == "2"


async def test_at_the_end_she_gets_a_link_of_which_only_the_digest_is_kept(world: World) -> None:
    await world.hear(START)
    await world.hear("1")
    answer = await world.hear("三千块")
    (token,) = re.findall(rf"{PAGES_URL}/p/(\S+)", answer or "")
    (link,), (flow,) = world.kept(Link), world.kept(Flow)
    assert (link.digest, link.purpose, link.flow_id) == (Ticket(token).digest, Purpose.PAPERS, flow.id)
    assert (flow.state, flow.answers["sum"]) == (FlowState.FINISHED, 3000.0)
    assert token not in repr(link)


async def test_a_link_is_given_again_on_request_once_there_are_papers(world: World) -> None:
    assert PAGES_URL not in (await world.hear("再发一次链接") or "")
    await world.hear(START)
    await world.hear("1")
    await world.hear("三千块")
    assert PAGES_URL in (await world.hear("再发一次链接") or "")
    first, second = world.kept(Link)
    assert (first.flow_id, first.purpose) == (second.flow_id, second.purpose)


async def test_the_topic_is_that_of_the_flow_whatever_an_answer_sounds_like(world: World) -> None:
    await world.hear(START)
    assert world.conversation.topic is Topic.CHILD_GAME_REFUND


async def test_harm_told_in_a_flow_calls_a_person_and_she_may_go_on_while_she_waits(world: World) -> None:
    await world.hear(START)
    answer = await world.hear("他经常打孩子也打我")
    assert world.conversation.mode is Mode.WAITING
    assert len(world.kept(Handoff)) == 1
    assert answer is not None
    assert answer.endswith("一共多少钱？")
    assert "都记下了。" in (await world.hear("三千块") or "")


async def test_a_flow_that_rested_for_hours_does_not_answer_who_waits(world: World) -> None:
    await world.hear(START)
    await world.hear("他经常打孩子也打我")
    world.pass_time(hours=2)
    await world.hear("三千块")
    assert world.dialogue.asked[-1] == "他经常打孩子也打我"


async def test_danger_wins_over_the_question(world: World) -> None:
    await world.hear(START)
    answer = await world.hear(CRITICAL)
    assert answer is not None
    assert answer.startswith(words("domestic_violence/safety_now"))
    assert "多少钱" not in answer


async def test_a_referral_becomes_a_file_of_the_office(world: World) -> None:
    await world.hear("帮我申请")
    (case,) = world.kept(Case)
    assert (case.referrals, case.status) == ((ReferralKind.LEGAL_AID,), CaseStatus.REGISTERED)
    assert world.kept(Handoff) == []
    await world.hear("帮我申请")
    assert len(world.kept(Case)) == 1


async def test_the_menu_may_begin_a_flow(world: World) -> None:
    await world.hear(MenuClicked("flow:child_game_refund"))
    assert world.dialogue.asked == [START]
