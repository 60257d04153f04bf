"""What keeps an account from working until somebody sets it right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AlarmKind(StrEnum):
    """What is wrong."""

    SENDING = "sending"
    """The platform takes no message of this account; `detail` is its errcode."""
    DEAD_LETTER = "dead_letter"
    """A message could not be handled and lies among the dead letters; `detail` is the reason."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """One trouble of one account; it stays until it is cleared. `detail` holds no words of a person."""

    account_id: str
    kind: AlarmKind
    detail: str
    since: datetime
    seen_at: datetime
