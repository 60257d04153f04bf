"""Characters that are no words but work on the page: shown as signs, or not in floods; what is kept stays as it is."""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup

_TURNING = "\u202a-\u202e\u2066-\u2069"
_SPACELESS = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2060-\u2064\u206a-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0"
)
_TAGS = "\U000e0000-\U000e0fff"
_ON_TOP = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
_CONTROLS = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufff9-\ufffb"

TURN = "⇄"
"""Stands where a character would turn the direction of what follows: 甲说乙 must not be read as 乙说甲 (UAX #9)."""

CONTROL = "�"
"""Stands for what no keyboard writes."""

_IN_A_ROW = 3
"""Marks on one letter, or characters without width one after another: no script and no emoji needs more."""

_HARMFUL = re.compile(
    rf"(?P<turn>[{_TURNING}]+)"
    rf"|(?P<control>\r\n?|[{_CONTROLS}])"
    rf"|(?P<marks>[{_ON_TOP}]{{{_IN_A_ROW + 1},}})"
    rf"|(?P<spaceless>[{_SPACELESS}{_TAGS}]{{{_IN_A_ROW + 1},}})"
)


def harmless(value: Any) -> Any:
    """The words as a page may show them; what is no text, or is markup already, as it is."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return value if value.isascii() and value.isprintable() else _HARMFUL.sub(_shown, value)


def _shown(found: re.Match[str]) -> str:
    text = found.group()
    match found.lastgroup:
        case "turn":
            return TURN
        case "control":
            return "\n" if text.startswith("\r") else CONTROL
        case _:
            return text[:_IN_A_ROW]
