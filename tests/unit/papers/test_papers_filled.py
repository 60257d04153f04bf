"""Answers in, papers out: every fact stands in Word and PDF, and what she did not give is a blank line."""

from __future__ import annotations

import io
import re
from datetime import datetime

import pytest
from docx import Document

from bot.conversation.errors import InvalidData, NotFound
from bot.conversation.flows import WITH_PAPERS
from bot.conversation.payments import Payment
from bot.papers import Paper, Stationery
from tests.unit.papers.papers_read import ANSWERS, ON, docx_lines, faces, pages, payment, pdf_text

FACTS = {
    "protection_order": [
        "申请人：王小梅", "被申请人：李大强", "关系：夫妻。", "时间：2026年11月15日。", "又掐住我的脖子。",
        "女儿在旁边哭，邻居敲门他才松手。", "结婚以后打过很多次。", "第二天去了区医院。",
        "他说敢离婚就让我全家不得安生。",
        "一个女儿，七岁。", "1．报警回执、出警记录", "2．病历、鉴定", "3．邻居家的监控",
        "1．禁止被申请人骚扰、跟踪、接触申请人及其相关近亲属；", "2．责令被申请人迁出申请人住所；",
        "正常生活、学习、工作的活动。", "此致", "岳麓区人民法院", "《中华人民共和国反家庭暴力法》第二十三条",
    ],
    "safety_check": ["2026年11月22日", "被掐脖子以后的检查记录", "孩子受伤、受惊吓的就医记录", "悔过书、保证书"],
    "child_game_refund": [
        "“王者荣耀”充值", "付款时年龄：9周岁。", "账号实名登记的是：家长。", "2026年3月1日至2026年5月，合计￥5,000.00",
        "（大写：伍仟元整）", "发现的时间：2026年5月4日。", "发现以前我是否知道：不知道。",
        "已经联系平台，平台不肯退。",
        "2026年12月7日以前书面答复", "以上写的都是真实情况", "要承担法律后果",
    ],
    "divorce_path": [
        "孩子：7岁、12岁。", "每月收入：约￥8,000.00至￥9,000.00。", "申请离婚登记的日期：2026年11月1日。",
        "已经知道的：房子、土地、宅基地。", "有我不知道、没有签过字的债。", "结婚证",
    ],
}  # fmt: skip

EVERY_FLOW = sorted(WITH_PAPERS)


def _both(papers: list[Paper]) -> tuple[str, str]:
    return "".join("".join(docx_lines(one.docx)) for one in papers), "".join(pdf_text(one.pdf) for one in papers)


@pytest.mark.parametrize("flow", EVERY_FLOW)
def test_every_fact_stands_in_word_and_in_pdf(stationery: Stationery, flow: str) -> None:
    word, pdf = _both(stationery.make_papers(flow, ANSWERS[flow], ON))
    for fact in FACTS[flow]:
        assert fact in word
        assert fact in pdf


@pytest.mark.parametrize("answers", ["all", "none"])
@pytest.mark.parametrize("flow", EVERY_FLOW)
def test_word_and_pdf_say_the_same(stationery: Stationery, flow: str, answers: str) -> None:
    given = ANSWERS[flow] if answers == "all" else {}
    bill = [payment(place, 100 + place) for place in range(40)] if given and flow == "child_game_refund" else []
    for paper in stationery.make_papers(flow, given, ON, bill):
        printed = pdf_text(paper.pdf)
        missing = [line for line in docx_lines(paper.docx) if line not in printed]
        assert not missing


@pytest.mark.parametrize("skipped", [False, True])
@pytest.mark.parametrize("flow", EVERY_FLOW)
def test_what_she_did_not_give_is_a_blank_line(stationery: Stationery, flow: str, skipped: bool) -> None:
    answers = dict.fromkeys(ANSWERS[flow], "skipped") if skipped else {}
    word, pdf = _both(stationery.make_papers(flow, answers, ON))
    assert "____" in word
    for text in (word, pdf):
        assert not re.search(r"skipped|None|nan|[{}%]|。。|：。", text)
    if flow == "protection_order":
        for blank in ("申请人：____", "被申请人：____", "关系：____", "时间：____", "1．____", "____人民法院"):
            assert blank in word


def test_no_fact_of_hers_comes_from_elsewhere(stationery: Stationery) -> None:
    word = "".join(docx_lines(stationery.make_papers("protection_order", {"children": "没有"}, ON)[0].docx))
    assert "没有" in word
    assert not re.search(r"2026|殴打我|夫妻", word)


@pytest.mark.parametrize(
    ("relation", "law"),
    [
        ("husband", "第二十三条、第二十七条、第二十九条和"),
        ("family", "（双方是家庭成员以外共同生活的人的，并依据第三十七条）"),
        ("partner", "第三十七条、第二十三条"),
        ("ex_partner", "《中华人民共和国妇女权益保障法》第二十九条"),
        ("ex_husband", "《中华人民共和国妇女权益保障法》第二十九条"),
        ("舅舅", "妇女因恋爱、离婚等被纠缠、骚扰的"),
    ],
)
def test_the_application_cites_the_law_of_this_relation(stationery: Stationery, relation: str, law: str) -> None:
    application, _ = stationery.make_papers("protection_order", {"relation": relation}, ON)
    assert law in "".join(docx_lines(application.docx))


def test_who_applies_for_another_stands_as_such(stationery: Stationery) -> None:
    answers = {**ANSWERS["protection_order"], "for_whom": "child"}
    word = "".join(docx_lines(stationery.make_papers("protection_order", answers, ON)[0].docx))
    assert "代为申请人：王小梅" in word
    assert "申请人：____" in word
    assert "申请人遭受家庭暴力" in word
    assert "代为申请人（签名）" in word


@pytest.mark.parametrize(
    ("told", "court"),
    [("长沙市岳麓区人民法院", "长沙市岳麓区人民法院"), ("新田县", "新田县人民法院"), ("430104", "____人民法院")],
)
def test_a_court_is_named_in_full_or_left_blank(stationery: Stationery, told: str, court: str) -> None:
    word = "".join(docx_lines(stationery.make_papers("protection_order", {"court": told}, ON)[0].docx))
    assert court in word
    assert "430104" not in word


def test_payments_are_listed_and_totalled_by_day_and_by_payee(stationery: Stationery) -> None:
    bill = [
        payment(3, 1, "乙公司"), payment(0, 12_000_000, "甲公司"), payment(0, 799_900, "乙公司"),
        payment(2, 99, "甲公司", ""),
    ]  # fmt: skip
    papers = {
        one.name: one for one in stationery.make_papers("child_game_refund", ANSWERS["child_game_refund"], ON, bill)
    }
    assert list(papers) == ["情况说明", "证据清单", "明细表", "申请信"]
    tables = [
        [tuple(cell.text for cell in row.cells) for row in table.rows][1:]
        for table in Document(io.BytesIO(papers["明细表"].docx)).tables
    ]
    assert [row[0] for row in tables[0]] == ["1", "2", "3", "4"]
    assert tables[0][2] == ("3", "2026年3月4日\n09:03", "甲公司", "—", "微信支付\n42000019000002", "￥0.99")
    assert tables[1] == [
        ("2026年3月1日", "2", "￥127,999.00"), ("2026年3月4日", "1", "￥0.99"), ("2026年3月5日", "1", "￥0.01"),
    ]  # fmt: skip
    assert sorted(tables[2]) == [("乙公司", "2", "￥7,999.01"), ("甲公司", "2", "￥120,000.99")]
    total = "共4笔，合计￥128,000.00（大写：壹拾贰万捌仟元整）"
    for name in ("情况说明", "明细表", "申请信"):
        text = "".join(docx_lines(papers[name].docx))
        assert total.removeprefix("共4笔，") in text
        assert total in text or name == "明细表"
    assert "2026年3月1日至2026年3月5日" in "".join(docx_lines(papers["申请信"].docx))
    assert "√有" in "".join(docx_lines(papers["证据清单"].docx))


def test_what_came_back_is_listed_and_taken_off(stationery: Stationery) -> None:
    bill = [payment(0, 64_800), payment(1, 3_000), payment(2, -3_000)]
    table = stationery.make_papers("child_game_refund", {}, ON, bill)[2]
    text = "".join(docx_lines(table.docx))
    assert "-￥30.00" in text
    assert "共2笔，合计￥648.00（大写：陆佰肆拾捌元整）" in text
    with pytest.raises(InvalidData, match="came back"):
        stationery.make_papers("child_game_refund", {}, ON, [payment(0, 3_000), payment(1, -3_000)])


def test_a_bill_counts_more_than_what_she_estimated(stationery: Stationery) -> None:
    with_bill, _ = _both(stationery.make_papers("child_game_refund", ANSWERS["child_game_refund"], ON, [payment()]))
    assert "￥648.00" in with_bill
    assert "￥5,000.00" not in with_bill
    assert "这是我估计的数" not in with_bill


UNDER_8 = "第二十条、第一百四十四条"
FROM_8 = "第十九条、第一百四十五条"


@pytest.mark.parametrize(
    ("age", "cited"),
    [
        (5, {UNDER_8}),
        (7.5, {UNDER_8}),
        ({"low": 0, "high": 7}, {UNDER_8}),
        (8, {FROM_8}),
        (17, {FROM_8}),
        ({"low": 14, "high": 15}, {FROM_8}),
        ({"low": 7, "high": 8}, {UNDER_8, FROM_8}),
        ("skipped", {UNDER_8, FROM_8}),
    ],
)
def test_the_letter_claims_what_the_code_says_at_this_age(stationery: Stationery, age: object, cited: set[str]) -> None:
    answers = {**ANSWERS["child_game_refund"], "child_age": age}
    letter = stationery.make_papers("child_game_refund", answers, ON)[-1]  # type: ignore[arg-type]
    text = "".join(docx_lines(letter.docx))
    assert {one for one in (UNDER_8, FROM_8) if one in text} == cited
    assert "第一百五十七条" in text


@pytest.mark.parametrize(
    ("knew", "said"),
    [("no", "我事先不知道，没有同意"), ("knew", "当时知道一些，没有同意"), ("skipped", "如实写在《情况说明》里")],
)
def test_the_letter_says_no_more_than_she_about_what_she_knew(stationery: Stationery, knew: str, said: str) -> None:
    answers = {**ANSWERS["child_game_refund"], "knew": knew}
    text = "".join(docx_lines(stationery.make_papers("child_game_refund", answers, ON)[-1].docx))
    assert said in text
    assert ("我事先不知道" in text) == (knew == "no")


def test_what_was_given_back_is_taken_off_once(stationery: Stationery) -> None:
    answers = {**ANSWERS["child_game_refund"], "asked_platform": "part"}

    def letter(*bill: Payment) -> str:
        return "".join(docx_lines(stationery.make_papers("child_game_refund", answers, ON, bill)[-1].docx))

    assert "从中扣除" in letter()
    assert "从中扣除" in letter(payment(0))
    assert "从中扣除" not in letter(payment(0), payment(1, -100))


@pytest.mark.parametrize(
    "told", [{"knew": "adult"}, {"knew": "agreed"}, {"child_age": 18}, {"child_age": {"low": 18, "high": 20}}]
)
def test_what_a_grown_up_spent_or_agreed_to_makes_no_papers(stationery: Stationery, told: dict[str, object]) -> None:
    with pytest.raises(InvalidData, match="child"):
        stationery.make_papers("child_game_refund", {**ANSWERS["child_game_refund"], **told}, ON)  # type: ignore[dict-item]


@pytest.mark.parametrize("flow", ["parenting_help", "referral", "nonsense"])
def test_a_flow_without_papers_is_not_found(stationery: Stationery, flow: str) -> None:
    with pytest.raises(NotFound):
        stationery.make_papers(flow, {}, ON)


@pytest.mark.parametrize("flow", EVERY_FLOW)
def test_pages_are_a4_numbered_and_bring_their_typeface(stationery: Stationery, flow: str) -> None:
    for paper in stationery.make_papers(flow, ANSWERS[flow], ON):
        opened = list(pages(paper.pdf))
        for number, page in enumerate(opened, 1):
            assert [round(side) for side in page.get_size()] == [595, 842]
            assert re.search(rf"第\s*{number}\s*页\s*共\s*{len(opened)}\s*页", page.get_textpage().get_text_range())
        fonts = faces(paper.pdf)
        assert fonts
        assert all(embedded and "NotoSerifSC" in name for name, embedded in fonts)


@pytest.mark.parametrize("flow", EVERY_FLOW)
def test_a_file_tells_nothing_before_it_is_opened(stationery: Stationery, flow: str) -> None:
    for paper in stationery.make_papers(flow, ANSWERS[flow], ON):
        assert not re.search("暴|保护|离婚|婚姻|法院|王小梅", paper.name)
        told = Document(io.BytesIO(paper.docx)).core_properties
        assert (told.author, told.title, told.comments, told.last_modified_by) == ("", "", "", "")
        assert told.created == told.modified == datetime(2026, 11, 22, tzinfo=told.created.tzinfo)  # type: ignore[union-attr]
        assert "王小梅" not in repr(paper)
