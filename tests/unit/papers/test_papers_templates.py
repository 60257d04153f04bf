"""Templates: what a lawyer changes reaches Word and PDF, a slip is named, law is cited as it was seen."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as Word
from docx.oxml.ns import qn
from fontTools.ttLib import TTFont

from bot.conversation.errors import InvalidData, NotFound
from bot.papers import Press, Stationery
from bot.papers.faces import RADICALS
from bot.papers.words import capitals, days, money
from tests.unit.papers.papers_read import ANSWERS, DATA, ON, docx_lines, pdf_text

TEMPLATES = sorted((DATA / "templates").glob("*.docx"))

SEEN_IN_THE_TEXT_OF_THE_LAW = {
    "反家庭暴力法": {"二十三", "二十七", "二十九", "三十七"},
    "最高人民法院关于办理人身安全保护令案件适用法律若干问题的规定": {"二", "六", "十", "五"},
    "妇女权益保障法": {"二十九", "六十七", "七十三"},
    "信访工作条例": {"二十三"},
    "民法典": {
        "十九", "二十", "一百四十四", "一百四十五", "一百五十七", "一千零六十二", "一千零六十三", "一千零六十四",
    },
    "未成年人网络保护条例": {"四十四"},
    "消费者权益保护法": {"三十九"},
}  # fmt: skip
"""law.md of the reference, sections 1.1, 1.6, 1.7, 2.4, 2.5, 3.1, 3.4 and 6: grade V alone."""


CITATIONS = {
    "protection_order": 15, "safety_evidence": 3, "refund_letter": 9, "divorce_assets": 4,
    "case_letter": 2, "refund_statement": 0, "refund_evidence": 0, "refund_payments": 0,
}  # fmt: skip
"""How often at least a template cites: that the test below finds them at all."""


def _edited(edit: Callable[[Word], object], name: str = "protection_order") -> dict[str, bytes]:
    word = Document(DATA / "templates" / f"{name}.docx")
    edit(word)
    saved = io.BytesIO()
    word.save(saved)
    return {path.stem: path.read_bytes() for path in TEMPLATES} | {name: saved.getvalue()}


def _application(templates: dict[str, bytes]) -> tuple[str, str]:
    stationery = Stationery(templates, Press(DATA / "fonts"))
    paper = stationery.make_papers("protection_order", ANSWERS["protection_order"], ON)[0]
    return "".join(docx_lines(paper.docx)), pdf_text(paper.pdf)


def test_what_a_lawyer_writes_in_word_stands_in_both() -> None:
    def edit(word: Word) -> None:
        word.paragraphs[0].text = "保护令申请（本所样式）"
        word.add_paragraph("附：{{ 申请人 }}的委托书一份。")
        word.add_table(1, 2).cell(0, 1).text = "案号"

    for text in _application(_edited(edit)):
        assert "保护令申请（本所样式）" in text
        assert "附：王小梅的委托书一份。" in text
        assert "案号" in text


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("{{ 申请人姓名 }}", "申请人姓名"),
        ("{{ 申请人 ", "protection_order"),
        ("{% if 申请人 %}", "protection_order"),
        ("{{ 申请人.__class__.__mro__ }}", "protection_order"),
        ("{{ 1 / 0 }}", "protection_order"),
    ],
)
def test_a_slip_in_a_template_is_named(written: str, named: str) -> None:
    with pytest.raises(InvalidData, match=named) as refused:
        _application(_edited(lambda word: word.add_paragraph(written)))
    assert "王小梅" not in str(refused.value)


def test_what_is_no_word_file_is_named() -> None:
    templates = {path.stem: path.read_bytes() for path in TEMPLATES}
    with pytest.raises(InvalidData, match=r"protection_order\.docx"):
        _application(templates | {"protection_order": b"%PDF-1.4"})
    with pytest.raises(InvalidData, match=r"protection_order\.docx"):
        _application(templates | {"protection_order": templates["protection_order"][:2000]})
    del templates["protection_order"]
    with pytest.raises(NotFound, match=r"protection_order\.docx"):
        _application(templates)


def test_a_house_without_the_typeface_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="make install"):
        Press(tmp_path)


def test_printing_leaves_nothing_beside_the_typeface(stationery: Stationery) -> None:
    before = sorted(path.name for path in (DATA / "fonts").iterdir())
    assert stationery.make_papers("safety_check", {}, ON)[0].pdf.startswith(b"%PDF")
    assert sorted(path.name for path in (DATA / "fonts").iterdir()) == before


def test_no_pdf_is_made_of_what_is_no_word_file() -> None:
    press = Press(DATA / "fonts")
    for broken in (b"", b"%PDF-1.4", b"PK\x03\x04"):
        with pytest.raises(InvalidData):
            press.pdf(broken)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_law_is_cited_only_as_it_was_seen(path: Path) -> None:
    text = "".join("".join(one.text or "" for one in Document(path).element.body.iter(qn("w:t"))))
    cited, law = [], ""
    for name, rule, article in re.findall(
        r"《(?:中华人民共和国)?([^》]+)》|(上述规定|同一规定)|第([一二三四五六七八九十百千零]+)条", text
    ):
        if name in SEEN_IN_THE_TEXT_OF_THE_LAW:
            law = name
        elif rule:
            law = "最高人民法院关于办理人身安全保护令案件适用法律若干问题的规定"
        elif article:
            cited.append((law, article))
    assert len(cited) >= CITATIONS[path.stem]
    assert [one for one in cited if one[1] not in SEEN_IN_THE_TEXT_OF_THE_LAW.get(one[0], ())] == []
    assert not re.search("必胜|保证退|一定能|全额退还|肯定", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_is_a4_in_faces_of_courts(path: Path) -> None:
    word = Document(path)
    section = word.sections[0]
    assert section.page_width is not None
    assert section.page_height is not None
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert word.styles["Normal"].font.size.pt == 12  # type: ignore[attr-defined]
    assert word.styles["Normal"].element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋"
    assert "PAGE" in "".join(one.text or "" for one in section.footer._element.iter(qn("w:instrText")))


def test_the_typeface_knows_no_radicals() -> None:
    for path in sorted((DATA / "fonts").glob("*.ttf")):
        with TTFont(path, lazy=True) as face:
            known = face.getBestCmap()
        assert ord("人") in known
        assert not [code for code in RADICALS if code in known]


@pytest.mark.parametrize(
    ("fen", "figures", "words"),
    [
        (12_800_000, "￥128,000.00", "壹拾贰万捌仟元整"),
        (1, "￥0.01", "壹分"),
        (50, "￥0.50", "伍角"),
        (105, "￥1.05", "壹元零伍分"),
        (100_500, "￥1,005.00", "壹仟零伍元整"),
        (10_000_000_000, "￥100,000,000.00", "壹亿元整"),
    ],
)
def test_money_is_written_in_figures_and_capitals(fen: int, figures: str, words: str) -> None:
    assert (money(fen), capitals(fen)) == (figures, words)


@pytest.mark.parametrize(
    ("told", "written"),
    [
        ("2026-11-22", "2026年11月22日"),
        ("2026-02", "2026年2月"),
        ("2026", "2026年"),
        ("2025-07/2025-12", "2025年7月至2025年12月"),
        ("大概过年前", "大概过年前"),
        ("2026-1-2", "2026-1-2"),
        ("2025/2026/2027", "2025/2026/2027"),
    ],
)
def test_days_are_written_out(told: str, written: str) -> None:
    assert days(told) == written
