"""The safety check: it stops at what cannot wait, and ends in a plan, never in a verdict."""

from __future__ import annotations

import re

import pytest
from flow_house import House

from actions.safety_check import CRITICAL, FLOW, HIGH_FROM, WEIGHTS, level, weight
from actions.safety_plan import evidence_lines, plan_lines

KEYS = [question.key for question in FLOW.questions]
YES, NO, UNSURE, RATHER_NOT = "有", "没有", "说不准", "不想说"


def said(**yes: str) -> list[str]:
    """An answer to each question: 没有, unless told."""
    return [yes.get(key, NO) for key in KEYS]


def test_every_question_weighs_something_and_there_are_twelve_to_sixteen() -> None:
    assert {*KEYS} == {*CRITICAL, *WEIGHTS}
    assert 12 <= len(KEYS) <= 16


@pytest.mark.parametrize("key", CRITICAL)
async def test_the_first_answer_that_cannot_wait_stops_it_and_calls_a_person(house: House, key: str) -> None:
    await house.start("safety_check")
    told = await house.answer(*said(**{key: YES})[: KEYS.index(key) + 1])
    assert told.of("handoff") == [{"level": "critical", "reason": "safety_check"}]
    assert told.question is None
    assert "110" in told.text
    assert told.flow["state"] == "left"
    assert told.answers[key] == "yes"
    assert (told.answers["level"], told.answers["weight"]) == ("critical", weight(told.answers))


async def test_who_was_choked_is_sent_to_a_doctor(house: House) -> None:
    await house.start("safety_check")
    told = await house.answer(*said(choking=YES)[: KEYS.index("choking") + 1])
    assert "医院" in told.text


async def test_after_a_stop_she_can_go_on_and_get_her_plan(house: House) -> None:
    await house.start("safety_check")
    await house.answer(NO, YES)
    told = await house.say("接着填", "other_resume_flow", 1.0)
    assert told.question is not None
    assert "要您的命" in told.text


async def test_all_answers_end_in_plan_evidence_and_the_offer_of_a_person(house: House) -> None:
    await house.start("safety_check")
    told = await house.answer(*said(leaving=YES, following=YES, children=UNSURE, habits=RATHER_NOT))
    assert told.flow["state"] == "finished"
    assert told.answers["habits"] == "skipped"
    assert (told.answers["level"], told.answers["weight"]) == ("high", 6)
    plan, evidence = told.of("text")
    assert "挑他不在的时候走" in plan
    assert "位置共享" in plan
    assert "不上前拦" in plan
    assert "寻死" not in plan
    assert "报警回执" in evidence
    assert told.options == ["人工", "写保护令申请书", "申请法律援助或咨询"]
    assert told.of("handoff") == []
    assert told.of("paper") == [{"flow": "safety_check"}]


async def test_she_sees_no_number_and_no_verdict(house: House) -> None:
    await house.start("safety_check")
    told = await house.answer(*said(worse=YES, control=YES))
    without_lines = told.text.replace("110", "").replace("120", "").replace("12110", "")
    assert not re.search(r"分数|得分|评分|级别|高危|致命|\d+分", without_lines)
    assert "不是给您下结论" in told.text


async def test_with_nothing_to_fear_it_still_does_not_say_that_she_is_safe(house: House) -> None:
    await house.start("safety_check")
    told = await house.answer(*said())
    assert (told.answers["level"], told.answers["weight"]) == ("normal", 0)
    assert "不是说没有危险" in told.text


async def test_a_yes_with_a_story_is_a_yes_and_a_person_is_called_at_the_end(house: House) -> None:
    await house.start("safety_check")
    await house.answer(*said()[:5])
    told = await house.say("有的，一次比一次重", "domestic_violence_disclosed", level="high")
    assert told.answers["worse"] == "yes"
    assert told.of("handoff") == []
    told = await house.answer(*said()[6:])
    assert told.of("handoff") == [{"level": "high", "reason": "harm_understood"}]


@pytest.mark.parametrize(
    ("words", "code"), [("冇得", "no"), ("有过的", "yes"), ("不晓得", "unsure"), ("好像有", "unsure")]
)
async def test_plain_words_do_as_well_as_taps(house: House, words: str, code: str) -> None:
    await house.start("safety_check")
    await house.answer(*said()[:5])
    assert (await house.say(words)).answers["worse"] == code


def test_levels() -> None:
    assert level(dict.fromkeys(KEYS, "no")) == "normal"
    assert level({"worse": "yes"}) == "normal"
    assert level({"worse": "yes", "following": "yes"}) == "high"
    assert level({"weapon": "unsure", "fear": "unsure"}) == "high"
    assert level({"fear": "yes"}) == "critical"
    assert weight({"worse": "unsure", "habits": "unsure"}) == 2
    assert HIGH_FROM == 4


def test_plan_and_evidence_follow_her_answers() -> None:
    answers = {"injuries": "yes", "forced": "no", "control": "unsure", "leaving": "skipped"}
    assert "utter_safety_plan_injuries" in plan_lines(answers)
    assert "utter_safety_plan_control" in plan_lines(answers)
    assert not {"utter_safety_plan_forced", "utter_safety_plan_leaving"} & {*plan_lines(answers)}
    assert "utter_safety_evidence_injuries" in evidence_lines(answers)
    assert evidence_lines(answers)[-1] == "utter_safety_evidence_keep_away"


async def test_even_the_longest_plan_is_one_message(house: House) -> None:
    await house.start("safety_check")
    told = await house.answer(*[YES if key in WEIGHTS else NO for key in KEYS])
    assert all(len(text) <= 600 for text in told.of("text"))
