"""How answers, money and days are written on a paper; what she did not give is a blank line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeGuard

import cn2an

from bot.conversation.errors import InvalidData
from bot.conversation.flows import Answer

BLANK = "____________"
BLANK_LINE = "_" * 58
SKIPPED = "skipped"
MOST_CHARACTERS = 10_000
"""Of one answer. A story told in many messages has a tenth of it."""
MOST_CHOICES = 50
MOST = 1e10
"""No age and no sum of yuan is as high."""

_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
_EMOJI = re.compile("[\u2600-\u2604\u2607-\u27bf\u2b00-\u2bff\ufe00-\ufe0f\U0001f000-\U0001faff\U000e0100-\U000e01ef]")
_AT_THE_END = "。．.，,；;、 　"


def plain(text: str) -> str:
    """The words without what no court file prints: control and format characters (bidi too), emoji, private use.

    Composed as in NFC; lines stay lines. A brace, a tag or `&` is as good a letter as any.
    """
    lines = re.split(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]", unicodedata.normalize("NFC", text))
    return "\n".join(filter(None, (_plain_line(line) for line in lines)))


def _plain_line(line: str) -> str:
    kept = "".join(one for one in line.replace("\t", " ") if unicodedata.category(one) not in _UNPRINTABLE)
    return _EMOJI.sub("", kept).strip()


def words(answers: Mapping[str, Answer], key: str) -> str:
    """The answer in words, "" where there is none; raises InvalidData if it is too long to be one.

    Of a mapping its name (a platform). Days that were recognised are written out: 2026年3月1日, 2026年3月.
    """
    value = answers.get(key)
    if isinstance(value, str):
        _check_length(key, len(value))
        told = plain(value)
        return "" if told == SKIPPED else days(told)
    if isinstance(value, Mapping):
        return words({key: str(value.get("name", ""))}, key)
    if isinstance(value, bool) or value is None:
        return ""
    return "、".join(several(answers, key)) if isinstance(value, Sequence) else f"{value:g}"


def several(answers: Mapping[str, Answer], key: str) -> list[str]:
    """The answer as a list, whatever it is; raises InvalidData if there are too many, or one is too long."""
    value = answers.get(key)
    if isinstance(value, str | Mapping) or not isinstance(value, Sequence):
        return [told] if (told := words(answers, key)) else []
    if len(value) > MOST_CHOICES:
        raise InvalidData(f"{key}: more than {MOST_CHOICES} answers")
    _check_length(key, sum(len(one) for one in value if isinstance(one, str)))
    return list(filter(None, (words({key: one}, key) for one in value)))


def _check_length(key: str, length: int) -> None:
    if length > MOST_CHARACTERS:
        raise InvalidData(f"{key}: longer than {MOST_CHARACTERS} characters")


def inline(text: str) -> str:
    """In the middle of a sentence: one line, no stop at its end, a blank if there is nothing."""
    return text.replace("\n", "；").rstrip(_AT_THE_END) or BLANK


def block(text: str, lines: int = 2) -> str:
    """As paragraphs of its own, or so many blank lines. BEL is how docxtpl is told of a new paragraph."""
    return text.replace("\n", "\a") or "\a".join([BLANK_LINE] * lines)


def day(on: date) -> str:
    """2026年11月22日."""
    return f"{on.year}年{on.month}月{on.day}日"


def days(text: str) -> str:
    """A day, month, year, or stretch of them as ADR 12 has it, written out; any other words as they are."""
    parts = [_DAY.fullmatch(part) for part in text.split("/")]
    if not all(parts) or len(parts) > 2:
        return text
    return "至".join(_written(*part.groups()) for part in parts if part)


def _written(year: str, month: str | None, of_month: str | None) -> str:
    units = ((year, "年"), (month, "月"), (of_month, "日"))
    return "".join(f"{int(number)}{unit}" for number, unit in units if number is not None)


def limits(value: Answer | None) -> tuple[float, float] | None:
    """Both limits of a number that was asked for (ADR 12: a number, or `low` and `high`), None if it is none."""
    if _is_number(value):
        return float(value), float(value)
    if isinstance(value, Mapping):
        low, high = value.get("low"), value.get("high")
        return (float(low), float(high)) if _is_number(low) and _is_number(high) else None
    return None


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < MOST


def age(years: float) -> str:
    """9周岁, 6岁半."""
    return f"{int(years)}岁半" if years % 1 == 0.5 else f"{years:g}周岁"


def money(fen: int) -> str:
    """￥128,000.00, and -￥30.00 for what came back."""
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}￥{yuan:,}.{rest:02d}"


def capitals(fen: int) -> str:
    """壹拾贰万捌仟元整, as on a receipt."""
    return str(cn2an.an2cn(f"{fen // 100}.{fen % 100:02d}", "rmb"))


def money_told(answers: Mapping[str, Answer], key: str) -> str:
    """Yuan that she named, or her words for it: ￥648.00, 约￥12,000.00至￥13,000.00."""
    told = limits(answers.get(key))
    if told is None:
        return words(answers, key)
    low, high = (money(round(yuan * 100)) for yuan in told)
    value = answers.get(key)
    about = "约" if isinstance(value, Mapping) and value.get("about") else ""
    return about + (low if low == high else f"{low}至{high}")
