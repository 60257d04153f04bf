"""What was read in a message, and which of two overlapping readings counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable, Mapping, Union

Value = Union[str, float, Mapping[str, Union[str, float, bool]]]

MOST = 50
"""No message that a person types names more; a hostile one would fill the tracker."""


@dataclass(frozen=True)
class Found:
    """An entity: its kind, the half-open span of characters it stands in, and its value."""

    kind: str
    start: int
    end: int
    value: Value


def settled(found: Iterable[Found]) -> list[Found]:
    """The first MOST of those that overlap no longer one, in the order of the text."""
    kept: dict[int, Found] = {}
    taken: set[int] = set()
    for one in sorted(found, key=lambda one: (one.start - one.end, one.start)):
        place = range(one.start, one.end)
        if taken.isdisjoint(place):
            taken.update(place)
            kept[one.start] = one
    return [kept[start] for start in sorted(kept)][:MOST]
