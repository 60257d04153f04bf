"""How a day is told: the words, the message they stand in, and the day on which she wrote it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from components.entities import almanac, quantities

ONE = "一二三四五六七八九"
YEAR = (
    r"(?P<year>今年|去年|大前年|前年|明年|后年|上一年(?!级)"
    rf"|(?<!\d)(?:19|20)\d\d年|[一二][〇零九][〇零{ONE}]{{2}}年"
    # two figures are as often a number of years: 10年, 八九年
    r"|(?<![\d.])(?:0\d|[89]\d)年|(?<![\d.])[12]\d年(?=\d{1,2}月)"
    rf"|(?<![{ONE}十百千两几])(?:[〇零][{ONE}]|九[〇零{ONE}]|八[七八]|一[〇零]|二[一二])年)"
)
"""A pattern for a year, as the group `year`."""

_YEARS = {"今年": 0, "去年": -1, "上一年": -1, "前年": -2, "大前年": -3, "明年": 1, "后年": 2}
_COMING = re.compile(
    r"[^,，。.；;!！?？]{0,5}?"
    r"(?:开庭|出庭|到期|宣判|截止|开门|上班|值班|要(?!了)|会[去来到回]|能不能|可不可以|有空|满十|有人|再)"
)
_UNTIL = re.compile(r"(?:到|等|等到|截止|下|约好?|定在|说)$")
_BEGUN = re.compile(r".{0,2}(?:才|了)")
_EVERY = re.compile(rf"(?:每|每个|每年|每月|每个月|个月|按月|逢|到了?|[\d{ONE}]个?)的?$")
_NEAR = 4


@dataclass(frozen=True)
class Told:
    """One expression in its message, on the day that she wrote it; `told["month"]` is a part of it, or empty."""

    match: re.Match[str]
    text: str
    today: date

    def __getitem__(self, name: str) -> str:
        return self.match.groupdict().get(name) or ""

    @property
    def ahead(self) -> bool:
        """Whether it is still to come, by the words around it; people mostly tell what was."""
        if _BEGUN.match(self.text, self.match.end()):
            return False
        return bool(_COMING.match(self.text, self.match.end()) or _UNTIL.search(self._before))

    @property
    def recurs(self) -> bool:
        """Whether it is every such day."""
        return bool(_EVERY.search(self._before))

    @property
    def year(self) -> int | None:
        """The year that is named; None if none is."""
        word = self["year"]
        if not word or word in _YEARS:
            return self.today.year + _YEARS[word] if word else None
        figures = "".join(str(int(quantities.number(sign) or 0)) for sign in word[:-1])
        number = int(figures)
        if len(figures) == 2:
            number += 1900 if number > self.today.year % 100 + 1 else 2000
        return number if almanac.FIRST <= number <= almanac.LAST else None

    def number(self, name: str) -> int:
        """The number of a month or day, 初八 too; 0 if none is told."""
        written = self[name].lstrip("初0")
        return int(quantities.number(written) or 0) if written else 0

    @property
    def _before(self) -> str:
        return self.text[max(0, self.match.start() - _NEAR) : self.match.start()]
