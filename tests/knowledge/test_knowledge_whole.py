"""The vetted answers of this checkout keep every rule, and the page that lists them is up to date."""

from __future__ import annotations

from datetime import date

from tests.knowledge.reading import read
from tests.knowledge.rules import violations
from tests.knowledge.table import PAGE, render


def test_the_articles_break_no_rule() -> None:
    wrong = violations(read(), date.today())  # noqa: DTZ011 - a review that is due today is due wherever this runs
    assert not wrong, "\n".join(["`make knowledge` shows the whole", *wrong])


def test_the_page_lists_the_articles_as_they_are() -> None:
    assert PAGE.read_text(encoding="utf-8") == render(read()), "make articles"
