"""Help with a child, and referrals."""

from __future__ import annotations

import pytest
from flow_house import House


async def test_help_with_a_child_from_first_to_last_question(house: House) -> None:
    await house.start("parenting_help", "说说孩子的情况")
    told = await house.answer("13岁", "天天玩手机到半夜，早上起不来", "4 5", "一两个月", "收过手机，吵得更凶", "浏阳")
    assert told.flow["state"] == "finished"
    assert told.answers == {
        "child_age": 13, "happens": "天天玩手机到半夜，早上起不来", "signs": ["no_sleep", "no_school"],
        "since": "months", "tried": "收过手机，吵得更凶", "county": "430181",
    }  # fmt: skip
    assert "愿不愿意" in told.text
    assert "两个星期以上" in told.text
    assert "12356" in told.text
    assert told.of("handoff") == []


async def test_a_small_child_that_is_slow_is_sent_to_the_right_doctor(house: House) -> None:
    await house.start("parenting_help")
    told = await house.answer("两岁半", "还不会讲话", "6", "就这些", "半年以上", "没有", "跳过")
    assert "儿童保健科" in told.text
    assert "抱一抱" in told.text


@pytest.mark.parametrize(
    ("tapped", "handoff"),
    [
        ("身上有划痕", {"level": "critical", "reason": "danger_understood"}),
        ("怕某个大人", {"level": "high", "reason": "harm_understood"}),
    ],
)
async def test_signs_of_harm_go_to_a_person(house: House, tapped: str, handoff: dict[str, str]) -> None:
    await house.start("parenting_help")
    await house.answer("13岁", "不爱说话")
    await house.say(tapped)
    told = await house.say("就这些")
    assert told.of("handoff") == [handoff]
    assert told.question is None
    assert "110" in told.text


async def test_none_of_the_signs_ends_the_question(house: House) -> None:
    await house.start("parenting_help")
    told = await house.answer("8岁", "写作业拖拉", "都没有")
    assert told.answers["signs"] == []
    assert "多久" in told.text


async def test_legal_aid_after_violence_asks_nothing_about_means(house: House) -> None:
    await house.start("referral")
    told = await house.answer("免费律师（法律援助）", "家庭暴力的事", "宁乡", "不要打电话，在这里说")
    assert told.of("referral") == [{"kind": "legal_aid"}]
    assert told.answers == {"kind": "legal_aid", "matter": "violence", "county": "430182", "call": "no"}
    assert "不看经济困不困难" in told.text
    assert "不会给您打电话" in told.text


async def test_other_legal_aid_asks_about_means_and_her_own_words_for_a_call_are_kept(house: House) -> None:
    await house.start("referral")
    told = await house.answer("1", "要抚养费、赡养费")
    assert "经济困难" in told.text
    told = await house.answer("困难", "宁乡", "周三下午三点以后，装作卖保险的")
    assert told.of("referral") == [{"kind": "legal_aid"}]
    assert told.answers["call"] == "周三下午三点以后，装作卖保险的"
    assert "范围里" in told.text


@pytest.mark.parametrize(("tapped", "kind"), [("心理咨询", "counselling"), ("请人调解", "mediation")])
async def test_counselling_and_mediation_are_referred(house: House, tapped: str, kind: str) -> None:
    await house.start("referral")
    told = await house.answer(tapped, "离婚、孩子、财产", "跳过", "白天可以接")
    assert told.of("referral") == [{"kind": kind}]
    assert told.flow["state"] == "finished"


async def test_nobody_is_sent_to_mediation_with_who_hurts_her(house: House) -> None:
    await house.start("referral")
    told = await house.answer("请人调解", "家庭暴力的事", "跳过", "不要打电话，在这里说")
    assert told.of("referral") == []
    assert "不建议去调解" in told.text


async def test_who_chose_nothing_is_asked_to_come_back(house: House) -> None:
    await house.start("referral")
    told = await house.answer("跳过", "别的", "跳过", "跳过")
    assert told.of("referral") == []
