"""Steering a flow: leave, skip, correct, go on, other questions in between, a person, danger."""

from __future__ import annotations

import pytest
from flow_house import House

REFUND = "child_game_refund"


async def test_a_flow_says_what_comes_and_asks_its_first_question(house: House) -> None:
    told = await house.start("safety_check")
    assert "15个问题" in told.text
    assert "不填了" in told.text
    assert told.options == ["有", "没有", "说不准", "不想说"]
    assert told.flow == {"name": "safety_check", "state": "asking", "answers": {"weight": 0, "level": "normal"}}


@pytest.mark.parametrize("words", ["没有", "2", "２", "第二个", "没有的", "没有。"])
async def test_words_or_number_of_an_option_mean_the_same(house: House, words: str) -> None:
    await house.start("safety_check")
    told = await house.say(words)
    assert told.answers["now"] == "no"
    assert "刀" in told.text


@pytest.mark.parametrize("words", ["不填了", "退出", "算了", "我不填了", "算了吧"])
async def test_she_may_leave_at_any_time_and_go_on_later(house: House, words: str) -> None:
    await house.start("safety_check")
    await house.say("没有")
    left = await house.say(words)
    assert left.flow["state"] == "left"
    assert left.question is None
    assert "接着填" in left.text
    other = await house.say("抚养费给多少", "divorce_child_support")
    assert other.replies == [{"answer": "divorce/child_support"}]
    back = await house.say("接着填", "other_resume_flow", 1.0)
    assert "接着上次的来" in back.text
    assert "刀" in back.text
    assert back.answers["now"] == "no"


async def test_nothing_to_go_on_with_is_said(house: House) -> None:
    told = await house.say("接着填", "other_resume_flow", 1.0)
    assert told.of("text")
    assert told.question is None


@pytest.mark.parametrize("words", ["跳过", "不想说", "不记得了", "不知道"])
async def test_she_may_skip(house: House, words: str) -> None:
    await house.start(REFUND)
    told = await house.say(words)
    assert "child_age" not in told.answers
    assert "大人当时知道吗" in told.text


async def test_the_last_answer_is_corrected(house: House) -> None:
    await house.start(REFUND)
    await house.say("9岁")
    asked = await house.say("改上一题")
    assert "满几岁" in asked.text
    told = await house.say("7岁")
    assert told.answers["child_age"] == 7
    assert "大人当时知道吗" in told.text


async def test_an_answer_is_corrected_by_its_name(house: House) -> None:
    await house.start(REFUND)
    await house.answer("9岁", "都不知道", "游戏充值", "王者荣耀")
    assert "满几岁" in (await house.say("改一下年龄")).text
    told = await house.say("十岁")
    assert told.answers["child_age"] == 10
    assert "多少钱" in told.text


async def test_what_cannot_be_corrected_is_asked_back(house: House) -> None:
    await house.start(REFUND)
    await house.say("9岁")
    told = await house.say("改一下天气")
    assert "改年龄" in told.text
    assert "大人当时知道吗" in told.text


async def test_another_question_is_answered_and_the_flow_asks_again(house: House) -> None:
    await house.start(REFUND)
    told = await house.say("离婚冷静期几天", "divorce_cooling_off")
    assert told.replies[0] == {"answer": "divorce/cooling_off"}
    assert "满几岁" in told.text
    assert (await house.say("9岁")).answers["child_age"] == 9


async def test_after_two_other_questions_it_pauses_by_itself(house: House) -> None:
    await house.start(REFUND)
    await house.say("离婚冷静期几天", "divorce_cooling_off")
    told = await house.say("抚养费怎么要", "divorce_child_support")
    assert told.replies[0] == {"answer": "divorce/child_support"}
    assert told.question is None
    assert "接着填" in told.text
    assert told.flow["state"] == "left"
    assert (await house.say("谢谢", "other_thanks")).replies == [{"answer": "other/thanks"}]
    assert "满几岁" in (await house.say("接着填", "other_resume_flow", 1.0)).text


async def test_an_answer_in_between_starts_the_count_anew(house: House) -> None:
    await house.start(REFUND)
    await house.say("离婚冷静期几天", "divorce_cooling_off")
    await house.say("9岁")
    told = await house.say("抚养费怎么要", "divorce_child_support")
    assert "大人当时知道吗" in told.text


async def test_what_is_no_answer_is_asked_again_and_at_last_left_in_peace(house: House) -> None:
    await house.start("safety_check")
    assert "没看懂" in (await house.say("那个嘛这样子")).text
    assert (await house.say("嗯哼那个嘛")).question
    told = await house.say("就是那样子的嘛")
    assert told.question is None
    assert told.flow["state"] == "left"


async def test_a_wish_for_a_person_ends_the_flow(house: House) -> None:
    await house.start("safety_check")
    told = await house.say("人工", "nlu_fallback")
    assert told.of("handoff") == [{"level": "high", "reason": "asked_for_person"}]
    assert told.of("answer") == ["other/ask_human"]
    assert told.question is None


async def test_another_flow_takes_over_and_the_first_can_be_gone_back_to(house: House) -> None:
    await house.start("divorce_path")
    await house.say("没有")
    told = await house.start("safety_check", "评估一下我的安全")
    assert [flow["state"] for flow in told.of("flow")] == ["left", "asking"]
    assert "刀" not in told.text
    assert "他现在就在旁边" in told.text
    await house.say("退出")
    again = await house.start("divorce_path", "理一理离婚的事")
    assert again.answers == {"violence": "no"}


async def test_the_same_flow_started_twice_begins_anew_only_when_asked_to(house: House) -> None:
    await house.start(REFUND)
    await house.say("9岁")
    assert "满几岁" in (await house.say("重新开始")).text


async def test_goodbye_ends_it(house: House) -> None:
    await house.start("safety_check")
    told = await house.say("再见", "other_goodbye")
    assert told.of("answer") == ["other/goodbye"]
    assert told.flow["state"] == "left"
    assert told.question is None


@pytest.mark.parametrize("intent", ["domestic_violence_in_danger_now", "nlu_fallback"])
async def test_danger_ends_it_without_another_question(house: House, intent: str) -> None:
    await house.start(REFUND)
    told = await house.say("他拿刀过来了", intent, level="critical")
    assert told.flow["state"] == "left"
    assert told.question is None
    assert told.of("choices") == []
    assert told.of("handoff") == [{"level": "critical", "reason": "danger_understood"}]


async def test_harm_told_instead_of_an_answer_ends_it(house: House) -> None:
    await house.start(REFUND)
    told = await house.say("他天天打我骂我", "domestic_violence_disclosed", level="high")
    assert told.question is None
    assert told.of("answer") == ["domestic_violence/disclosed"]
    assert told.of("handoff") == [{"level": "high", "reason": "harm_understood"}]


async def test_danger_in_the_first_words_starts_no_flow(house: House) -> None:
    told = await house.start("safety_check", "他在砸门，帮我评估一下", level="critical")
    assert told.question is None
    assert told.of("handoff") == [{"level": "critical", "reason": "danger_understood"}]


async def test_a_story_is_an_answer_whatever_the_classifier_thinks_and_a_person_is_called_at_the_end(
    house: House,
) -> None:
    await house.start("protection_order")
    await house.answer("为我自己", "丈夫或妻子")
    story = "他上个月喝了酒就打我，拿皮带抽，孩子也吓哭了"
    told = await house.say(story, "domestic_violence_disclosed", level="high")
    assert told.answers["happened"] == story
    assert told.of("handoff") == []
    assert "不是您的错" in told.text
    left = await house.say("退出")
    assert left.of("handoff") == [{"level": "high", "reason": "harm_understood"}]


async def test_a_story_of_present_danger_is_kept_and_ends_the_flow(house: House) -> None:
    await house.start("protection_order")
    await house.answer("为我自己", "丈夫或妻子")
    told = await house.say("他现在在砸门要砍我", "domestic_violence_in_danger_now", level="critical")
    assert told.answers["happened"] == "他现在在砸门要砍我"
    assert told.question is None
    assert told.of("handoff") == [{"level": "critical", "reason": "danger_understood"}]


async def test_a_short_question_is_a_question_even_where_a_story_was_asked_for(house: House) -> None:
    await house.start("protection_order")
    await house.answer("为我自己", "丈夫或妻子")
    told = await house.say("保护令要多少钱？", "domestic_violence_protection_order")
    assert told.of("answer") == ["domestic_violence/protection_order"]
    assert "他做过什么" in told.text


async def test_answers_outlast_the_bound_of_remembered_events(house: House) -> None:
    await house.start("safety_check")
    told = await house.answer(*["没有"] * 12)
    assert len([value for value in told.answers.values() if value == "no"]) == 12


async def test_after_an_hour_she_goes_on_and_an_old_question_does_not_pop_up(house: House) -> None:
    await house.start(REFUND)
    await house.say("9岁")
    await house.an_hour_passes()
    assert (await house.say("在吗", "other_greeting")).replies == [{"answer": "other/greeting"}]
    told = await house.say("接着填", "other_resume_flow", 1.0)
    assert "大人当时知道吗" in told.text
    assert told.answers["child_age"] == 9


async def test_a_tap_is_never_an_alarm(house: House) -> None:
    await house.start("safety_check")
    assert (await house.say("没有", level="critical")).of("handoff") == []


async def test_a_day_or_a_figure_alone_is_never_an_alarm(house: House) -> None:
    await house.start("child_game_refund")
    await house.answer("9岁", "不知道", "游戏", "王者荣耀", "3000")
    told = await house.say("上个月", "domestic_violence_disclosed", level="high")
    assert told.answers["first_on"] == "2026-10"
    assert told.of("handoff") == []
    assert "不是您的错" not in told.text
