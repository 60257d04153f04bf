"""What is remembered of the flow besides its answers: where it stands, and what is to be done when it ends."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Mapping

SLOT = "flow"

DONE = "done"
LEFT = "left"
PAUSED = "paused"
HALTED = "halted"
HUMAN = "human"
DANGER = "danger"
"""Why a form ended."""


@dataclass
class Halt:
    """A flow that must not go on after an answer: what is said (a response of the domain), and who is called."""

    response: str
    state: str
    level: str | None = None
    reason: str | None = None


@dataclass
class Memory:
    """The slot `flow`, as JSON; `took` is read by components/turn.py."""

    name: str | None = None
    why: str | None = None
    """Why the form ended; None while it asks."""
    detours: int = 0
    """Other questions in a row that were answered in between."""
    misses: int = 0
    """Messages in a row that were no answer."""
    took: str | None = None
    """Whether this turn's message was taken as an answer: `answer`, or `story` if it tells of harm."""
    alarm: bool = False
    """Whether a story told of harm and no person was called yet."""
    order: list[str] = field(default_factory=list)
    """The keys of what was answered, the latest last."""
    partial: list[str] = field(default_factory=list)
    """What she picked so far of the question that takes several."""
    open: list[str] = field(default_factory=list)
    """The flows begun and not finished, the latest last."""
    halt: dict[str, Any] | None = None

    @staticmethod
    def of(slot: Mapping[str, Any] | None) -> Memory:
        return Memory(**slot) if slot else Memory()

    def as_slot(self) -> dict[str, Any]:
        return asdict(self)
