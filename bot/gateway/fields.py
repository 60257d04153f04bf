"""The fields of a message of the platform, read from the document that was verified and from nothing else."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from xml.etree.ElementTree import Element

from bot.gateway.refusal import Reason, Refusal

_INTEGER = re.compile(r"-?[0-9]{1,18}")
_SECONDS = re.compile(r"[0-9]{1,10}")


class Fields:
    """The fields of a message, or of a part of it, by name without regard to case (wechat.md section 2).

    A value that has parts where words belong is no value of the platform's: every reader raises Refusal for it.
    """

    def __init__(self, element: Element) -> None:
        self._element = element
        self._by_name = {child.tag.lower(): child for child in element}

    def words(self, name: str) -> str | None:
        """The value as she typed it, white space and all; None if there is none."""
        field = self._by_name.get(name.lower())
        if field is None:
            return None
        if len(field):
            raise Refusal(Reason.BAD_MESSAGE)
        return field.text or None

    def optional(self, name: str) -> str | None:
        """The value without the white space around it; None if there is none."""
        return (self.words(name) or "").strip() or None

    def needed(self, name: str) -> str:
        """The value; raises Refusal if there is none."""
        value = self.optional(name)
        if value is None:
            raise Refusal(Reason.BAD_MESSAGE)
        return value

    def integer(self, name: str) -> int | None:
        """The number; None if there is none, or if it is no number."""
        value = self.optional(name)
        return int(value) if value is not None and _INTEGER.fullmatch(value) else None

    def degrees(self, name: str, limit: float) -> float:
        """The angle, at most `limit` to either side; raises Refusal."""
        try:
            value = float(self.needed(name))
        except ValueError:
            raise Refusal(Reason.BAD_MESSAGE) from None
        if not math.fabs(value) <= limit:
            raise Refusal(Reason.BAD_MESSAGE)
        return value

    def moment(self, name: str) -> datetime:
        """The time, given in seconds; raises Refusal."""
        value = self.needed(name)
        if not _SECONDS.fullmatch(value):
            raise Refusal(Reason.BAD_MESSAGE)
        return datetime.fromtimestamp(int(value), UTC)

    def part(self, name: str) -> Fields:
        """The fields inside a field; none if it is not there."""
        field = self._by_name.get(name.lower())
        return Fields(Element(name) if field is None else field)

    def each(self, name: str) -> list[Fields]:
        """The fields of every part of this name."""
        return [Fields(child) for child in self._element if child.tag.lower() == name.lower()]
