"""The letter to another office, as Word and as PDF: what it says, and whom it does not name."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pytest
from docx import Document

from bot.conversation.case_letters import CaseLetter, LetterWords
from bot.conversation.cases import Agency, CaseStatus
from bot.papers import Stationery
from tests.unit.papers.papers_read import docx_lines, faces, pages, pdf_text

WORDS = LetterWords(
    to="长沙市公安局天心分局",
    asks="请依法核查处理。",
    facts="多次被殴打，脖子上有掐痕。\n担心再受伤害。",
    sender="长沙市妇女联合会",
    person="李晓梅",
    phone="0731-12338",
    enclosures=("情况说明一份", "伤情照片三张"),
)
LETTER = CaseLetter("2026-000123", date(2026, 11, 22), CaseStatus.FORWARDED, Agency.POLICE, WORDS)


def test_word_and_pdf_say_the_same_and_bring_a_reply_slip(stationery: Stationery) -> None:
    paper = stationery.make_letter(LETTER)
    lines = docx_lines(paper.docx)
    assert paper.name == "转送函2026-000123"
    for line in (
        "转送函",
        "编号：2026-000123",
        "长沙市公安局天心分局：",
        "多次被殴打，脖子上有掐痕。",
        "担心再受伤害。",
        "请依法核查处理。",
        "1．情况说明一份",
        "2．伤情照片三张",
        "长沙市妇女联合会",
        "2026年11月22日",
        "联系人：李晓梅",
        "电话：0731-12338",
        "回执",
        "单位（盖章）：______________",
    ):
        assert line in lines, line
    assert pdf_text(paper.pdf) == "".join(lines)
    assert all(embedded for _, embedded in faces(paper.pdf))


def test_the_reply_slip_is_a_page_of_its_own_and_tells_nothing_of_her(stationery: Stationery) -> None:
    named = replace(LETTER, words=replace(WORDS, agreed=True, named="王小梅"))
    slip = list(pages(stationery.make_letter(named).pdf))[-1].get_textpage().get_text_range()
    assert "2026-000123" in slip
    assert "王小梅" not in slip
    assert "殴打" not in slip


@pytest.mark.parametrize(("agreed", "named", "said"), [(False, "", "来信人"), (True, "王小梅", "王小梅")])
def test_she_is_named_only_where_she_agreed(stationery: Stationery, agreed: bool, named: str, said: str) -> None:
    words = replace(WORDS, agreed=agreed, named=named)
    text = "".join(docx_lines(stationery.make_letter(replace(LETTER, words=words)).docx))
    assert f"{said}向我会12338妇女维权公益服务反映有关事项" in text


@pytest.mark.parametrize(
    ("agency", "cites"), [(Agency.POLICE, True), (Agency.COURT, False), (Agency.LOWER_FEDERATION, False)]
)
def test_the_duty_to_look_into_it_is_told_to_whom_it_binds(stationery: Stationery, agency: Agency, cites: bool) -> None:
    text = "".join(docx_lines(stationery.make_letter(replace(LETTER, agency=agency)).docx))
    assert ("妇女权益保障法》第七十三条" in text) is cites
    assert "《信访工作条例》第二十三条" in text


def test_an_assigned_matter_goes_with_its_own_title_and_without_enclosures(stationery: Stationery) -> None:
    letter = replace(LETTER, status=CaseStatus.ASSIGNED, words=replace(WORDS, enclosures=()))
    paper = stationery.make_letter(letter)
    text = "".join(docx_lines(paper.docx))
    assert paper.name == "转交函2026-000123"
    assert "现转交贵单位" in text
    assert "贵会转交函（编号" in text
    assert "附件：" not in text


def test_marks_of_templates_stay_words(stationery: Stationery) -> None:
    words = replace(WORDS, facts="{{ 单位 }} {% if %} <b>&", to="{{ 7*7 }}局")
    paper = stationery.make_letter(replace(LETTER, words=words))
    assert "{{单位}}{%if%}<b>&" in docx_lines(paper.docx)
    assert "{{7*7}}局：" in docx_lines(paper.docx)
    assert Document(io.BytesIO(paper.docx)).core_properties.author == ""
