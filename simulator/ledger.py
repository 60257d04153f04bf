"""What went over the wire, for whoever counts from outside: each push with its deliveries, and running totals."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

type End = Literal["answered", "silent", "failed", "agent"]


@dataclass
class Delivery:
    """One POST to the gateway; `result` is `taken` (a timely 200), `timeout`, `unreachable` or `http 503`."""

    at: datetime
    attempt: int
    copy: int
    result: str | None = None
    ms: int | None = None

    def as_json(self) -> dict[str, Any]:
        """For the ledger; the result is null while the gateway thinks."""
        return {
            "at": self.at.isoformat(),
            "attempt": self.attempt,
            "copy": self.copy,
            "result": self.result,
            "ms": self.ms,
        }


@dataclass
class Entry:
    """One message or event of a person; `sequence` counts them per phone from 1.

    end: None while it is being pushed; `agent` when it went to a human session and was not pushed.
    reason: why it failed. prompted: whether the person was shown the failure.
    """

    number: int
    sequence: int
    kind: str
    at: datetime
    deliveries: list[Delivery] = field(default_factory=list)
    end: End | None = None
    ended: datetime | None = None
    reason: str | None = None
    prompted: bool = False

    def as_json(self) -> dict[str, Any]:
        """For the ledger."""
        return {
            "msg_id": str(self.number),
            "sequence": self.sequence,
            "kind": self.kind,
            "at": self.at.isoformat(),
            "end": self.end,
            "ended": None if self.ended is None else self.ended.isoformat(),
            "reason": self.reason,
            "prompted": self.prompted,
            "deliveries": [delivery.as_json() for delivery in self.deliveries],
        }


class Counts:
    """Running totals, cheap to read while a load runs."""

    def __init__(self) -> None:
        self.sent: Counter[str] = Counter()
        self.deliveries: Counter[str] = Counter()
        self.ends: Counter[str] = Counter()
        self.replies: Counter[str] = Counter()
        self.calls: dict[str, Counter[str]] = {}
        self.prompts = 0
        self.unacknowledged = 0

    def called(self, path: str, answer: str) -> None:
        """Note how a call was answered: its errcode, or `http 500`, `hang`, `close`."""
        self.calls.setdefault(path, Counter())[answer] += 1

    def as_json(self) -> dict[str, Any]:
        """For `GET /counts`, without what only the people know."""
        return {
            "sent": dict(self.sent),
            "deliveries": dict(self.deliveries),
            "ends": dict(self.ends),
            "prompts": self.prompts,
            "replies": dict(self.replies),
            "unacknowledged": self.unacknowledged,
            "calls": {path: dict(answers) for path, answers in self.calls.items()},
        }
