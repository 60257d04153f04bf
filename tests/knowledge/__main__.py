"""`make knowledge`: prints what the vetted answers are made of, and what is wrong with them."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import date

from rich.console import Console
from rich.table import Table

from tests.knowledge.readability import readability
from tests.knowledge.reading import Base, read
from tests.knowledge.rules import silent, violations

SHOWN = 10
"""How many of the hardest articles the report prints."""


def main() -> int:
    """Print the tables; 0 if no rule is broken."""
    console = Console(width=160)
    base = read()
    _report(base, console)
    wrong = violations(base, date.today())  # noqa: DTZ011 - the day where this is run
    console.print(f"\n{len(wrong)} rules are broken." if wrong else "\nNo rule is broken.")
    for line in wrong:
        console.print(line, markup=False, soft_wrap=True)
    return 1 if wrong else 0


def _report(base: Base, console: Console) -> None:
    articles = [article for _, article in base.articles]
    grades = Counter(article.grade.value for article in articles)
    cited = sum(len(article.laws) for article in articles)
    unnamed = sum(len(silent(base, article)) for article in articles)
    console.print(
        f"{len(articles)} articles, {sum(len(article.parts) == 2 for article in articles)} with a second part, "
        f"{sum(bool(article.buttons) for article in articles)} with buttons; {len(base.intents)} intents. "
        f"Grades: {dict(grades)}. {cited} citations, {unnamed} of them of documents that the words do not name."
    )
    whole = readability(part for article in articles for part in article.parts)
    console.print(
        f"Sentences of {whole.mean:.1f} characters on average; {whole.rare:.2f} % of the characters are beyond the "
        "3,755 common ones of GB 2312."
    )
    table = Table(
        "topic", "articles", "characters a part", "characters a sentence", "longest", "rare %", title="To read"
    )
    for topic in sorted({article.key.partition("/")[0] for article in articles}):
        parts = [part for article in articles if article.key.startswith(f"{topic}/") for part in article.parts]
        measured = readability(parts)
        number = sum(article.key.startswith(f"{topic}/") for article in articles)
        mean = sum(map(len, parts)) / len(parts)
        table.add_row(
            topic, str(number), f"{mean:.0f}", f"{measured.mean:.1f}", str(measured.longest), f"{measured.rare:.2f}"
        )
    console.print(table)
    hardest = sorted(articles, key=lambda article: readability(article.parts).mean, reverse=True)[:SHOWN]
    console.print("Longest sentences: " + ", ".join(f"{one.key} {readability(one.parts).mean:.0f}" for one in hardest))


if __name__ == "__main__":
    sys.exit(main())
