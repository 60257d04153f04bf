"""What people paste: it stands on the paper as plain text, or is refused with a reason that does not quote it."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Mapping

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.conversation.errors import InvalidData
from bot.conversation.flows import Answer
from bot.papers import Stationery
from bot.papers.words import plain
from tests.unit.papers.papers_read import ANSWERS, ON, docx_lines, payment, pdf_text

WHAT_THEY_PASTE = [
    "{{ 7 * 7 }}",
    "{{ self.__init__.__globals__ }}",
    "{% for one in ().__class__.__base__.__subclasses__() %}",
    "{# gone #}",
    "{{r 申请人 }}{%p endif %}{%tr endfor %}",
    "</w:t></w:r></w:p><w:p><w:r><w:t>另外一段",
    "<![CDATA[x]]> &amp; &lt;b&gt; <!-- -->",
    "]]>&#x0;&nbsp;x",
    "=cmd|' /C calc'!A0",
    "a\\b\\1\\g<0>$1",
]


@pytest.mark.parametrize("pasted", WHAT_THEY_PASTE)
def test_marks_of_templates_and_xml_are_plain_text(stationery: Stationery, pasted: str) -> None:
    answers = {**ANSWERS["protection_order"], "happened": pasted, "applicant": pasted, "evidence": [pasted]}
    application, evidence = stationery.make_papers("protection_order", answers, ON)
    squeezed = pasted.replace(" ", "")
    assert "".join(docx_lines(application.docx)).count(squeezed) == 3
    assert pdf_text(application.pdf).count(squeezed) == 3
    assert squeezed in "".join(docx_lines(evidence.docx))


@pytest.mark.parametrize(
    ("pasted", "shown"),
    [
        ("他\x00打\x08了\x1b我\x7f", "他打了我"),
        ("他\u202e打了\u2066我\u200f\ufeff", "他打了我"),
        ("他打了我😭😭👨‍👩‍👧🇨🇳❤️", "他打了我"),
        ("他打\ud800了我\ue000\ufffe", "他打了我"),
        ("他\u200b打\u00ad了我", "他打了我"),
        ("他打了我\r\n\r\n  \t\n又打\u2028了", "他打了我又打了"),
        ("e\u0301", "\u00e9"),
    ],
)
def test_what_no_court_file_prints_is_left_out(stationery: Stationery, pasted: str, shown: str) -> None:
    application, _ = stationery.make_papers("protection_order", {"happened": pasted}, ON)
    assert shown in "".join(docx_lines(application.docx))
    assert shown in pdf_text(application.pdf)


def test_a_letter_that_the_typeface_lacks_is_a_mark_and_never_a_box(stationery: Stationery) -> None:
    application, _ = stationery.make_papers(
        "protection_order", {"applicant": "𠮷田གླེང", "respondent": "龘堃喆㛃䶮𬭊"}, ON
    )
    word, pdf = "".join(docx_lines(application.docx)), pdf_text(application.pdf)
    assert "申请人：𠮷田གླེང" in word
    assert "申请人：〓田〓" in pdf
    assert "被申请人：龘堃喆㛃䶮𬭊" in word
    assert "被申请人：龘堃喆㛃䶮𬭊" in pdf


@pytest.mark.parametrize(
    ("flow", "answers", "key"),
    [
        ("protection_order", {"happened": "怕" * 1_000_000}, "happened"),
        ("protection_order", {"applicant": "怕" * 10_001}, "applicant"),
        ("protection_order", {"asks": ["怕"] * 51}, "asks"),
        ("protection_order", {"evidence": ["怕" * 5_000] * 3}, "evidence"),
        ("child_game_refund", {"platform": {"name": "怕" * 1_000_000}}, "platform"),
        ("child_game_refund", {"asked_platform": "怕" * 1_000_000}, "asked_platform"),
        ("divorce_path", {"debts": "怕" * 1_000_000}, "debts"),
    ],
)
def test_what_is_too_long_is_refused_by_its_name(
    stationery: Stationery, flow: str, answers: Mapping[str, Answer], key: str
) -> None:
    with pytest.raises(InvalidData, match=f"^{key}: ") as refused:
        stationery.make_papers(flow, answers, ON)
    assert "怕" not in str(refused.value)


def test_a_long_story_is_printed_whole(stationery: Stationery) -> None:
    story = "。\n".join(f"第{number}次他又来了" for number in range(800))
    application, _ = stationery.make_papers("protection_order", {"happened": story}, ON)
    printed = pdf_text(application.pdf)
    assert all(f"第{number}次他又来了" in printed for number in range(800))


def test_too_many_payments_are_refused(stationery: Stationery) -> None:
    with pytest.raises(InvalidData, match="payments"):
        stationery.make_papers("child_game_refund", {}, ON, [payment(place) for place in range(2001)])


def test_a_bill_with_hostile_cells_is_printed(stationery: Stationery) -> None:
    bill = [payment(0, 100, "{{ 1 }}\n<b>&" + "长" * 5_000, "\x00\u202e{% raw %}")]
    papers = {one.name: one for one in stationery.make_papers("child_game_refund", {}, ON, bill)}
    for text in ("".join(docx_lines(papers["明细表"].docx)), pdf_text(papers["明细表"].pdf)):
        assert "{{1}}<b>&长长" in text
        assert "{%raw%}" in text
        assert "长" * 201 not in text


@pytest.mark.parametrize(
    "odd",
    [True, 3.5, float("nan"), -1e300, [], ["", "skipped"], {"low": "x"}, {"name": 5}, " \n"],
)
@pytest.mark.parametrize("flow", sorted(ANSWERS))
def test_an_answer_of_the_wrong_kind_spoils_nothing(stationery: Stationery, flow: str, odd: Answer) -> None:
    for paper in stationery.make_papers(flow, dict.fromkeys(ANSWERS[flow], odd), ON):
        assert "None" not in "".join(docx_lines(paper.docx))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(), max_size=300))
def test_any_words_come_back_from_word_as_they_were(stationery: Stationery, words: str) -> None:
    application, _ = stationery.make_papers("protection_order", {"happened": words}, ON)
    assert zipfile.is_zipfile(io.BytesIO(application.docx))
    told = [paragraph.text for paragraph in Document(io.BytesIO(application.docx)).paragraphs]
    for line in plain(words).splitlines():
        assert line in told


@given(st.text())
def test_plain_words_have_no_control_and_stay_plain(words: str) -> None:
    told = plain(words)
    assert plain(told) == told
    assert not [one for one in told if one != "\n" and unicodedata.category(one) in {"Cc", "Cf", "Cs", "Co", "Cn"}]
