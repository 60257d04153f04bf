"""When a call back was asked for, read from her own words: by what moment her time has passed; pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta

from bot.conversation.clock import HUNAN

_DIGITS: Mapping[str, int] = {word: number for number, word in enumerate("零一二三四五六七八九十")} | {"两": 2}
_NUMBER = r"(\d{1,2}|十?[一二两三四五六七八九]|十|二十[一二三四]?)"
_WEEKDAYS: Mapping[str, int] = {word: number for number, word in enumerate("一二三四五六日")} | {"天": 6, "末": 6}
_DAYS: Mapping[str, int] = {"今": 0, "明": 1, "后": 2, "大后": 3}

_ANY_TIME = re.compile(r"随时|都可以|都行|都方便|任何时|什么时候都|现在|马上|立刻|尽快|越快越好")
_DAY = re.compile(r"(大后|(?<![以之今过])后|明|今)(?:天|日|早|晚|儿)")
_WEEKDAY = re.compile(r"(下+个?)?(?:周|星期|礼拜)([一二三四五六日天末])")
_DATE = re.compile(r"(?:(\d{1,2})月)(\d{1,2})[日号]?")
_CLOCK = re.compile(rf"{_NUMBER}(?:点钟?|时|:|：)(半|[0-5]\d)?分?(?:钟)?\s*(以后|之后|过后|后)?")
_NOON, _NIGHT = 14, 23
_PARTS: Mapping[str, int] = {
    "凌晨": 6,
    **dict.fromkeys(("早", "上午"), 12),
    "中午": _NOON,
    **dict.fromkeys(("下午", "傍晚"), 19),
    **dict.fromkeys(("晚", "夜"), _NIGHT),
}
"""By what hour each part of the day has passed."""
_LAST_HOUR = 22
"""A day without an hour, and an hour with nothing after it, last until then."""


def time_passed_at(words: str, asked_at: datetime) -> datetime | None:
    """The moment at which all the time she named has passed; when she asked if any time will do; None if unclear.

    It reads the last day and the last hour that she names: "明天上午九点到十一点" has passed at eleven. Whoever calls
    still reads her words themselves.
    """
    text = unicodedata.normalize("NFKC", words)
    here = asked_at.astimezone(HUNAN)
    days, hour = list(_days(text, here)), _hour(text)
    if not days and hour is None:
        return asked_at if _ANY_TIME.search(text) else None
    passed = _at(max(days, default=here), hour or time(_LAST_HOUR))
    if passed <= here and not days:  # at nine, she says at ten: tomorrow
        passed += timedelta(days=1)
    return passed.astimezone(asked_at.tzinfo) if passed > here else None


def _days(text: str, here: datetime) -> Iterator[datetime]:
    for found in _DAY.finditer(text):
        yield here + timedelta(days=_DAYS[found[1]])
    for found in _WEEKDAY.finditer(text):
        ahead = (_WEEKDAYS[found[2]] - here.weekday()) % 7
        if found[1]:  # of next week: from its Monday on
            ahead = 7 - here.weekday() + _WEEKDAYS[found[2]]
        yield here + timedelta(days=ahead)
    for found in _DATE.finditer(text):
        try:
            day = here.replace(month=int(found[1]), day=int(found[2]))
        except ValueError:
            continue
        yield day if day >= here else day.replace(year=day.year + 1)


def _hour(text: str) -> time | None:
    """By when of a day what she named has passed."""
    parts = [(text.rfind(word), hour) for word, hour in _PARTS.items() if word in text]
    part = max(parts)[1] if parts else None
    clocks = list(_CLOCK.finditer(text))
    if not clocks:
        return None if part is None else time(part)
    hour = _of_day(_number(clocks[-1][1]), part)
    if hour >= _LAST_HOUR:
        return time(23, 59) if hour <= 24 else None
    if clocks[-1][3]:  # from then on
        return time(_LAST_HOUR)
    minute = 30 if clocks[-1][2] == "半" else int(clocks[-1][2] or 0)
    return time(hour + (len(clocks) == 1), minute)


def _of_day(hour: int, part: int | None) -> int:
    """An hour of the clock, in that part of the day: eight at night is twenty."""
    if part is None or part < _NOON or hour > 12 or (part == _NOON and hour > 9):
        return hour
    return 24 if part == _NIGHT and hour == 12 else hour % 12 + 12


def _number(digits: str) -> int:
    if digits.isdigit():
        return int(digits)
    if "十" not in digits:
        return _DIGITS[digits]
    tens, _, ones = digits.partition("十")
    return 10 * (_DIGITS[tens] if tens else 1) + (_DIGITS[ones] if ones else 0)


def _at(day: datetime, hour: time) -> datetime:
    return datetime.combine(day.date(), hour, HUNAN)
