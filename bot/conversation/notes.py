"""What the office notes for itself beside a conversation; never sent to anybody."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.conversation.errors import InvalidData

MAX_NOTE = 2000
"""The longest note, in characters."""


@dataclass(frozen=True, slots=True)
class Note:
    """Words of the office for itself; only added to. `staff_id` is None where the house itself noted something."""

    id: str
    conversation_id: str
    contact_id: str
    staff_id: str | None
    at: datetime
    text: str = field(repr=False)


def check_note(text: str) -> str:
    """The note without blank ends; raises InvalidData if nothing is left or it is too long."""
    kept = text.strip()
    if not kept or len(kept) > MAX_NOTE:
        raise InvalidData(f"a note has 1 to {MAX_NOTE} characters")
    return kept
