"""The page on what WeChat asks is what the tests prove."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance.table import (
    MARK,
    PAGE,
    ROWS,
    Mismatch,
    Proofs,
    Row,
    Section,
    check,
    collect,
    read_sections,
    render,
)


@pytest.fixture(scope="module")
def proofs() -> Proofs:
    return collect()


def test_every_row_has_a_test_or_a_reason_and_every_mark_a_row(proofs: Proofs) -> None:
    check(read_sections(ROWS.read_text(encoding="utf-8")), proofs)


def test_the_page_is_what_make_conformance_writes(proofs: Proofs) -> None:
    written = render(read_sections(ROWS.read_text(encoding="utf-8")), proofs)
    assert PAGE.read_text(encoding="utf-8") == written, "run `make conformance`"


def test_marks_above_tests_are_collected_in_the_order_of_files(tmp_path: Path) -> None:
    above = f'@{MARK}"1.1", "1.2")\n'
    (tmp_path / "test_leaf.py").write_text(f"{above}def test_is_green(): ...\n\n{above}async def test_falls(): ...\n")
    (tmp_path / "test_bark.py").write_text(f'@{MARK}"1.2")\n@{MARK}"1.3")\ndef test_is_brown(): ...\n')
    assert collect(tmp_path) == {
        "1.2": ["bark::is_brown", "leaf::is_green", "leaf::falls"],
        "1.3": ["bark::is_brown"],
        "1.1": ["leaf::is_green", "leaf::falls"],
    }


@pytest.mark.parametrize(
    "text",
    [
        "@{}'1.1')\ndef helper(): ...",
        "pytestmark = {}'1.1')",
        "class TestLeaf:\n    @{}'1.1')\n    def test_a(self): ...",
    ],
)
def test_a_mark_anywhere_else_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "test_leaf.py").write_text(text.format(MARK))
    with pytest.raises(Mismatch, match=r"test_leaf\.py"):
        collect(tmp_path)


SECTIONS = [Section("1. Trees", (Row("1.1", "It has leaves."), Row("1.2", "It walks.", "Only at night.")))]


@pytest.mark.parametrize(
    ("sections", "proofs", "fault"),
    [
        (SECTIONS, {}, "1.1 has neither a test nor a reason"),
        (SECTIONS, {"1.1": ["a::b"], "1.3": ["a::c"]}, "a::c proves 1.3, which is no row"),
        (SECTIONS * 2, {"1.1": ["a::b"]}, "1.1 is there twice"),
    ],
)
def test_rows_and_marks_that_do_not_fit_are_named(sections: list[Section], proofs: Proofs, fault: str) -> None:
    with pytest.raises(Mismatch, match=fault):
        check(sections, proofs)


def test_a_row_is_done_by_its_tests_unless_it_says_what_is_missing() -> None:
    proofs = {"1.1": ["a::b", "a::c", "a::d", "a::e"], "1.2": ["a::f"]}
    check(SECTIONS, proofs)
    page = render(SECTIONS, proofs)
    assert "2 requirements: 1 done, 1 not done" in page
    assert "| 1.1 | It has leaves. | done | `a::b`, `a::c`, `a::d`, +1 |  |" in page
    assert "| 1.2 | It walks. | not done | `a::f` | Only at night. |" in page


def test_signs_of_markdown_are_shown_as_they_are() -> None:
    page = render([Section("1. Trees", (Row("1.1", "pic_*, <a> or |", "not *this*"),))], {})
    assert r"| 1.1 | pic_\*, \<a> or \| | not done |  | not \*this\* |" in page


def test_rows_are_read_with_their_section() -> None:
    text = (
        '[[section]]\nnumber = 1\ntitle = "Trees"\nrows = [{ id = "1.2", says = "It walks.", not = "Only at night." }]'
    )
    assert read_sections(text) == [Section("1. Trees", (Row("1.2", "It walks.", "Only at night."),))]
