"""The table of laws, data/laws.yml, and what a text cites."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import yaml

from bot.knowledge.articles import Grade

WORST_FIRST = (Grade.MEMORY, Grade.SECONDHAND, Grade.TEXT)

_DIGITS = "零一二三四五六七八九"
_UNITS = {"千": 1000, "百": 100, "十": 10}
_NUMBER = rf"[{_DIGITS}〇十百千\d]+"
_CITED = re.compile(rf"第({_NUMBER}(?:[、和及与至到]第?{_NUMBER})*)条(之[一二三四五六])?(?![路腿心])")
_JOINT = re.compile(r"([、和及与至到])第?")
_OF_CHINA = "中华人民共和国"


class Cited(NamedTuple):
    """An article of a law, both as the table names them; `law` is None where a text names none."""

    law: str | None
    article: str


@dataclass(frozen=True)
class Entry:
    """What is known of one article of a law."""

    since: date
    grade: Grade
    source: str


@dataclass(frozen=True)
class Old:
    """A law that is no longer in force; with `articles`, only its old numbers."""

    law: str
    now: str
    articles: Mapping[str, str]


class Laws:
    """The laws that may be cited, by their names and their articles."""

    def __init__(self, entries: Mapping[Cited, Entry], names: Mapping[str, str], old: Sequence[Old]) -> None:
        self.entries = entries
        self.names = names
        self.old = old
        self._gone = {one.law: one.now for one in old if not one.articles}
        longest_first = sorted({*names, *self._gone}, key=len, reverse=True)
        known = "|".join(map(re.escape, longest_first))
        self._mentioned = re.compile(rf"《?(?:{_OF_CHINA})?(?P<known>{known})》?|《(?P<unknown>[^《》]+)》")

    @staticmethod
    def parse(text: str) -> Laws:
        """Of the table's text; raises KeyError and ValueError."""
        table = yaml.safe_load(text)
        entries: dict[Cited, Entry] = {}
        names: dict[str, str] = {}
        for row in table["laws"]:
            names |= dict.fromkeys([row["law"], *row.get("names", [])], row["law"])
            for cited, entry in _entries(row):
                if cited in entries:
                    raise ValueError(f"{cited} is there twice")
                entries[cited] = entry
        return Laws(entries, names, [old for row in table["superseded"] for old in _old(row)])

    def entry(self, cited: Cited) -> Entry | None:
        """What is known of this article; None if it must not be cited."""
        return self.entries.get(cited)

    def superseded(self, cited: Cited) -> str | None:
        """What holds in place of what is cited, if that is no longer in force."""
        for old in self.old:
            if cited.law == old.law and not old.articles:
                return old.now
            if cited.law == old.law and cited.article in old.articles:
                return f"{old.now} {old.articles[cited.article]}"
        return None

    def gone(self, text: str) -> dict[str, str]:
        """The laws that a text names although they are no longer in force, and what holds in their place."""
        named = (match["known"] for match in self._mentioned.finditer(text))
        return {name: self._gone[name] for name in named if name in self._gone}

    def unknown(self, text: str) -> list[str]:
        """What a text names between 《》 and the table does not know."""
        return [match["unknown"] for match in self._mentioned.finditer(text) if match["unknown"]]

    def cited(self, text: str) -> list[Cited]:
        """Every article that a text cites, of the law that it named last before.

        第一千零五十三条 is not of 解释（一）, though that was named last: the last one that has such an article counts.
        """
        laws = [(match.start(), self._law(match)) for match in self._mentioned.finditer(text)]
        found: list[Cited] = []
        for match in _CITED.finditer(text):
            before = [law for start, law in reversed(laws) if start < match.start()] or [None]
            for number in _numbers(match[1], match[2] or ""):
                cited = [Cited(law, number) for law in before]
                found.append(next(filter(self.entry, cited), cited[0]))
        return found

    def _law(self, match: re.Match[str]) -> str:
        return self.names.get(match["known"], match["known"]) if match["known"] else match["unknown"]


def weakest(grades: Sequence[Grade]) -> Grade:
    """The worst of them; the best grade if there are none."""
    return min(grades, key=WORST_FIRST.index, default=Grade.TEXT)


def number_of(written: str) -> int:
    """The number that Chinese numerals or digits write: 一千零七十七 is 1077."""
    if written.isdigit():
        return int(written)
    total, digit = 0, 0
    for sign in written.replace("〇", "零"):
        if sign in _UNITS:
            total += (digit or 1) * _UNITS[sign]
            digit = 0
        else:
            digit = _DIGITS.index(sign)
    return total + digit


def _numbers(written: str, of: str) -> Iterator[str]:
    """The articles of a list such as 二十三、二十五至二十七; the 之一 of 条之一 belongs to the last."""
    first, *rest = _JOINT.split(written)
    numbers = [number_of(first)]
    for joint, number in zip(rest[::2], rest[1::2], strict=True):
        last = number_of(number)
        numbers += range(numbers[-1] + 1, last + 1) if joint in "至到" else [last]
    yield from map(str, numbers[:-1])
    yield f"{numbers[-1]}{of}"


def _entries(row: Mapping[str, Any]) -> Iterator[tuple[Cited, Entry]]:
    for part in row["articles"]:
        entry = Entry(part.get("since", row["since"]), Grade(part["grade"]), part["source"])
        for number in part["numbers"]:
            yield Cited(row["law"], str(number)), entry


def _old(row: Mapping[str, Any]) -> Iterator[Old]:
    articles = {str(old): str(new) for old, new in row.get("articles", {}).items()}
    for name in (row["law"], *row.get("names", [])):
        yield Old(name, row["now"], articles)
