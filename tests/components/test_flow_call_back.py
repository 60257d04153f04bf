"""Asking to be called back: a number that can be dialled, a time that is safe, and what others may hear."""

from __future__ import annotations

import pytest
from flow_house import House

WHEN = "明天上午他上班的时候"


async def test_from_the_first_question_to_the_last(house: House) -> None:
    told = await house.start("call_back", "登记回电")
    assert "只在您说的时间打" in told.text
    assert "不用回电" in told.text
    assert "110" in told.text
    assert "号码" in (told.question or told.text)
    told = await house.say("138 0000 0000")
    assert "什么时候打" in told.text
    told = await house.say(WHEN)
    assert told.options == ["可以说", "不要说，只说打错了"]
    await house.say("2")
    told = await house.say("叫我小李")
    assert told.flow["state"] == "finished"
    assert told.answers == {"phone": "13800000000", "when": WHEN, "say_who": "no", "words": "叫我小李"}
    assert "尾号00" in told.text
    assert "13800000000" not in told.text
    assert "只说打错了" in told.text
    assert told.of("handoff") == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("可以说", "yes"), ("1", "yes"), ("可以的", "yes"), ("能", "yes"), ("能说没事", "yes"), ("不要说", "no"),
        ("别说是妇联", "no"), ("不能", "no"), ("就说打错了", "no"), ("直接挂", "no"), ("不可以", "no"),
    ],
)  # fmt: skip
async def test_whether_others_may_hear_it_in_her_words(house: House, said: str, code: str) -> None:
    await house.start("call_back")
    await house.answer("13800000000", WHEN)
    told = await house.say(said)
    assert told.answers["say_who"] == code


async def test_who_does_not_say_is_not_named_to_others(house: House) -> None:
    await house.start("call_back")
    told = await house.answer("13800000000", WHEN, "跳过", "跳过")
    assert told.answers == {"phone": "13800000000", "when": WHEN}
    assert "不说是谁" in told.text


@pytest.mark.parametrize("wrong", ["1380000000", "80000000", "12338", "微信绑的那个"])
async def test_a_number_that_cannot_be_dialled_is_asked_again(house: House, wrong: str) -> None:
    await house.start("call_back")
    told = await house.say(wrong)
    assert "没看懂" in told.text
    assert told.of("flow") == []
    assert (await house.say("0731-80000000")).answers == {"phone": "073180000000"}


async def test_after_three_wrong_ones_it_pauses(house: House) -> None:
    await house.start("call_back")
    told = await house.answer("138", "139", "8888")
    assert told.question is None
    assert told.flow["state"] == "left"


async def test_a_number_told_with_the_wish_is_not_asked_again(house: House) -> None:
    told = await house.start("call_back", "登记回电，13800000000")
    assert told.answers == {"phone": "13800000000"}
    assert "什么时候打" in told.text


@pytest.mark.parametrize("skipped", [("跳过", WHEN), ("13800000000", "跳过")])
async def test_without_a_number_or_a_time_nobody_calls(house: House, skipped: tuple[str, str]) -> None:
    await house.start("call_back")
    told = await house.answer(*skipped, "可以说", "没有")
    assert told.flow["state"] == "finished"
    assert "我们就不打" in told.text
    assert not {"phone", "when"} <= told.answers.keys()


@pytest.mark.parametrize("words", ["不用回电", "不用回电了", "取消回电", "不填了"])
async def test_she_changes_her_mind_in_the_middle(house: House, words: str) -> None:
    await house.start("call_back")
    await house.say("13800000000")
    told = await house.say(words)
    assert told.flow["state"] == "left"
    assert told.question is None


async def test_when_to_call_sounds_of_danger_or_of_the_wish_for_a_person_and_is_an_answer(house: House) -> None:
    await house.start("call_back")
    await house.say("13800000000")
    told = await house.say("他不在家的时候打给我", "other_ask_human", 0.95, "high")
    assert told.answers["when"] == "他不在家的时候打给我"
    assert told.of("handoff") == []
    told = await house.answer("不要说，只说打错了", "没有")
    assert told.of("handoff") == []


async def test_danger_ends_the_questions_and_what_she_told_is_kept(house: House) -> None:
    await house.start("call_back")
    await house.say("13800000000")
    told = await house.say("他在撞门，快点", level="critical")
    assert told.of("handoff") == [{"level": "critical", "reason": "danger_understood"}]
    assert told.question is None


async def test_a_person_may_be_asked_for_at_any_time(house: House) -> None:
    await house.start("call_back")
    await house.say("13800000000")
    told = await house.say("人工")
    assert told.of("handoff") == [{"level": "high", "reason": "asked_for_person"}]


async def test_the_number_is_corrected_by_its_name(house: House) -> None:
    await house.start("call_back")
    await house.answer("13800000000", WHEN)
    assert "号码" in (await house.say("改号码")).text
    told = await house.say("13900000000")
    assert told.answers["phone"] == "13900000000"
