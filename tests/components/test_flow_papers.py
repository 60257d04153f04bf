"""The flows that end in papers: a protection order, a child's refund, a divorce."""

from __future__ import annotations

import pytest
from flow_house import House

STORY = "他前天喝了酒打我，用皮带抽，孩子也吓哭了"


async def test_a_protection_order_from_first_to_last_question(house: House) -> None:
    told = await house.start("protection_order", "帮我写一份保护令申请")
    assert "不收费" in told.text
    await house.answer("为我自己", "我老公")
    told = await house.say(STORY, "domestic_violence_disclosed")
    assert told.answers["relation"] == "husband"
    told = await house.answer("11月20号晚上", "前年开始，十几次", "没有", "说要让我娘家不得安生", "有一个，6岁，在场")
    assert told.answers["last_time"] == "2026-11-20"
    assert told.answers["injuries"] == "没有"
    told = await house.say("1 3")
    assert told.answers["evidence"] == ["police", "recordings"]
    await house.say("禁止家庭暴力")
    told = await house.say("对方迁出住所")
    assert "还有就接着点" in told.text
    told = await house.answer("就这些", "岳麓区")
    assert told.answers["asks"] == ["no_violence", "move_out"]
    assert told.answers["court"] == "岳麓区"
    told = await house.answer("跳过", "张三")
    assert told.flow["state"] == "finished"
    assert told.answers["happened"] == STORY
    assert "applicant" not in told.answers
    assert told.answers["respondent"] == "张三"
    assert told.of("paper") == [{"flow": "protection_order"}]
    assert "72小时" in told.text
    assert "110" in told.text


async def test_without_evidence_she_is_told_that_her_words_count(house: House) -> None:
    await house.start("protection_order")
    told = await house.answer(
        "替孩子", "公婆、父母或别的家人", "打孩子", "昨天", "有", "没有", "没有", "7岁",
        "暂时没有", "1 2", "开福区", "跳过", "跳过",
    )  # fmt: skip
    assert told.answers["evidence"] == []
    assert "较大可能性" in told.text
    assert "代为申请" in told.text


async def test_her_husband_told_at_the_start_is_not_asked_for(house: House) -> None:
    await house.start("protection_order", "我要写保护令，管住我老公")
    told = await house.say("为我自己")
    assert told.answers["relation"] == "husband"
    assert "他做过什么" in told.text


async def test_a_refund_from_first_to_last_question(house: House) -> None:
    told = await house.start("child_game_refund", "我崽9岁，在王者荣耀充了3000块，帮我准备退款材料")
    assert told.answers == {
        "child_age": 9,
        "platform": {"name": "王者荣耀", "kind": "game"},
        "sum": 3000,
        "kind": "game",
    }
    assert "大人当时知道吗" in told.text
    told = await house.say("都不知道")
    assert "第一次花钱" in told.text
    told = await house.answer("今年7月", "10月5号", "家长", "上个月", "不肯退")
    assert told.flow["state"] == "finished"
    answers = told.answers
    assert (answers["first_on"], answers["last_on"], answers["found_on"]) == ("2026-07", "2026-10-05", "2026-10")
    assert (answers["account_of"], answers["knew"], answers["asked_platform"]) == ("parent", "no", "refused")
    assert told.of("paper") == [{"flow": "child_game_refund"}]
    assert "第十九条" in told.text
    assert "不肯退" in told.text
    assert "包退" in told.text


@pytest.mark.parametrize(
    ("age", "article", "not_told"),
    [("7岁", "第二十条", "第十九条"), ("8岁", "第十九条", "第二十条"), ("快八岁", "第十九、二十", "不合适")],
)
async def test_the_age_decides_what_the_law_says(house: House, age: str, article: str, not_told: str) -> None:
    await house.start("child_game_refund")
    told = await house.answer(age, "都不知道", "直播打赏", "抖音", "500", "跳过", "跳过", "孩子自己", "跳过", "还没找")
    assert article in told.text
    assert not_told not in told.text
    assert "不应向未成年人提供打赏" in told.text


@pytest.mark.parametrize(("words", "code"), [("不知道", "no"), ("没同意", "knew"), ("我不晓得的", "no"), ("1", "no")])
async def test_not_to_have_known_is_an_answer_there(house: House, words: str, code: str) -> None:
    await house.start("child_game_refund")
    assert (await house.answer("9岁", words)).answers["knew"] == code


async def test_a_few_characters_are_not_taken_for_another_subject(house: House) -> None:
    await house.start("child_game_refund")
    await house.say("9岁")
    told = await house.say("嗯那个", "divorce_debts", 0.99)
    assert told.of("answer") == []
    assert "没看懂" in told.text


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (["19岁"], "18岁"),
        (["9岁", "是大人自己花的"], "不能说成是孩子花的"),
        (["9岁", "大人同意过的"], "同意过"),
    ],
)
async def test_an_adults_spending_is_refused_kindly_without_a_paper(
    house: House, answers: list[str], words: str
) -> None:
    await house.start("child_game_refund")
    told = await house.answer(*answers)
    assert words in told.text
    assert told.flow["state"] == "finished"
    assert told.of("paper") == []
    assert told.question is None
    assert "帮您做" in told.text


async def test_a_divorce_by_agreement_with_days_and_support(house: House) -> None:
    await house.start("divorce_path")
    told = await house.answer("没有", "都同意，去登记处办", "9月1号", "3岁和8岁", "8000", "有", "1 2 3")
    assert told.flow["state"] == "finished"
    assert told.answers == {
        "violence": "no", "way": "agreement", "applied_on": "2026-09-01", "children": ["3", "8"], "income": 8000,
        "debts": "yes", "assets": ["house", "savings", "car"],
    }  # fmt: skip
    assert "2026年10月8日以前" in told.text
    assert "2026年10月9日到2026年11月9日" in told.text
    assert "1600到2400元" in told.text
    assert "4000元" in told.text
    assert "只是估算" in told.text
    assert "第一千零六十四条" in told.text
    assert told.of("paper") == [{"flow": "divorce_path"}]


async def test_a_year_without_known_holidays_is_said_to_be_so(house: House) -> None:
    await house.start("divorce_path")
    told = await house.answer("没有", "都同意，去登记处办", "11月20号", "没有", "没有", "就这些")
    assert "放假安排我这里还没有" in told.text
    assert "2026年12月20日以前" in told.text


async def test_who_has_not_applied_yet_gets_no_days_and_who_has_no_child_no_support(house: House) -> None:
    await house.start("divorce_path")
    told = await house.answer("没有", "都同意，去登记处办", "还没有", "没有", "没有", "就这些")
    assert "applied_on" not in told.answers
    assert "以前，哪一方" not in told.text
    assert "抚养费：" not in told.text


async def test_with_violence_safety_comes_first(house: House) -> None:
    await house.start("divorce_path")
    told = await house.answer("有", "都同意，去登记处办", "没有", "没有", "说不准", "就这些")
    first = told.of("text")[0]
    assert "110" in first
    assert "评估一下我的安全" in first
    assert "走起诉离婚" in told.text


async def test_a_day_that_cannot_be_counted_from_is_asked_again(house: House) -> None:
    await house.start("divorce_path")
    told = await house.answer("没有", "都同意，去登记处办", "上个月")
    assert "写清哪天" in told.text
