"""Sums and moments as bills write them: with currency signs, commas, brackets, or as Excel's numbers."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from decimal import Decimal

from bot.conversation.clock import HUNAN

MAX_FEN = 10**10
"""A hundred million yuan: no family's payment, and no number that breaks a sum."""

_NOISE = re.compile(r"[\s,¥元]|CNY|RMB|人民币")
_DAY = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?|(\d{2})(\d{2})(\d{2})$")
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
_EXCEL_EPOCH = datetime(1899, 12, 30, tzinfo=HUNAN)


def fen(text: str) -> int | None:
    """A sum in fen, signed as written; None if this is no sum."""
    digits = _NOISE.sub("", unicodedata.normalize("NFKC", text).upper())
    if digits.startswith("(") and digits.endswith(")"):
        digits = f"-{digits[1:-1]}"
    if not re.fullmatch(r"[+-]?\d{1,12}(\.\d{0,20})?", digits):
        return None
    amount = int((Decimal(digits) * 100).to_integral_value())
    return amount if abs(amount) <= MAX_FEN else None


def moment(day: str, clock: str = "") -> datetime | None:
    """Chinese time of a day and a time, which may stand in one text; midnight if there is no time; None if neither."""
    if _SERIAL.fullmatch(day) and 30_000 < float(day) < 80_000:
        return _EXCEL_EPOCH + timedelta(seconds=round(float(day) * 86_400))
    found = _DAY.match(day)
    if found is None:
        return None
    hours = _CLOCK.search(day[found.end() :]) or _CLOCK.fullmatch(clock)
    parts = [int(part) for part in hours.groups() if part is not None] if hours else []
    hour, minute, second = (*parts, 0, 0, 0)[:3]
    try:
        return datetime(int(found[1]), int(found[2]), int(found[3]), hour, minute, second, tzinfo=HUNAN)
    except ValueError:
        return None
