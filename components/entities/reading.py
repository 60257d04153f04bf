"""All the entities of a text."""

from __future__ import annotations

from datetime import date
from itertools import chain

from components.entities import ages, dates, money
from components.entities.folding import folded
from components.entities.found import Found, settled
from components.entities.names import Names


def read_entities(text: str, names: Names, today: date) -> list[Found]:
    """The entities of a text that was written on `today`, in its order, none over another. Never raises."""
    plain = folded(text)
    return settled(chain(money.find(plain), ages.find(plain), dates.find(plain, today), names.find(plain)))
