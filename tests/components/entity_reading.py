"""Reading the entities of a message as if it had come in on one Thursday in March."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from components.entities.found import Found
from components.entities.names import Names
from components.entities.reading import read_entities

TODAY = date(2026, 3, 12)
DATA = Path(__file__).parents[2] / "data"


@lru_cache(maxsize=1)
def own_names() -> Names:
    """The project's own names."""
    return Names.read((DATA / "names.yml").read_text("utf-8"), (DATA / "regions.yml").read_text("utf-8"))


def read(text: str, today: date = TODAY) -> list[Found]:
    """All the entities of a message."""
    return read_entities(text, own_names(), today)


def told(kind: str, text: str) -> list[tuple[str, Any]]:
    """The words and the value of each entity of one kind."""
    return [(text[one.start : one.end], one.value) for one in read(text) if one.kind == kind]


def about(low: float, high: float) -> dict[str, Any]:
    """Limits that are not exactly hers."""
    return {"low": low, "high": high, "about": True}
