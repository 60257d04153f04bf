"""Messages and answers made up for the tests of the evaluation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.conversation.levels import Level, Topic
from tests.understanding.records import Answer, Judged, Measured, Wanted


def judged(name: str = "a", wanted: Level = Level.NORMAL, got: Level = Level.NORMAL, **changes: Any) -> Judged:
    """A message about divorce that was understood but for the level and the `changes`; `got_*` are of the answer."""
    fields: dict[str, Any] = {"topic": Topic.DIVORCE, "accepted": (), "intent": "divorce_how", "slices": ()}
    fields |= {key: value for key, value in changes.items() if not key.startswith("got_")}
    answer: dict[str, Any] = {
        "topic": Topic.DIVORCE,
        "intent": "divorce_how",
        "confidence": 0.75,
        "alarm": None,
        "triage": got,
    }
    answer |= {key.removeprefix("got_"): value for key, value in changes.items() if key.startswith("got_")}
    return Judged(
        Wanted(id=name, text=f"消息 {name}", level=wanted, why="编的", **fields),
        Answer(id=name, level=got, reasons=("提到刀",), **answer),
    )


def measured(rows: Sequence[Judged]) -> Measured:
    """As if these answers had come from the real thing."""
    times = tuple(float(number) for number in range(len(rows)))
    return Measured("made-up.tar.gz", tuple(row.answer for row in rows), times, times, 1000.0)
