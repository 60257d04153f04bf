"""What happened, told to open browsers; carries ids and states, never a person's words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class EventKind(StrEnum):
    """`noun.past_tense`."""

    HANDOFF_REQUESTED = "handoff.requested"
    HANDOFF_RAISED = "handoff.raised"
    HANDOFF_MOVED = "handoff.moved"
    """Kept for somebody else now, or gone to another region."""
    HANDOFF_CLAIMED = "handoff.claimed"
    HANDOFF_RESOLVED = "handoff.resolved"
    MESSAGE_ADDED = "message.added"
    DELIVERY_SETTLED = "delivery.settled"
    NOTE_ADDED = "note.added"
    CONTACT_CHANGED = "contact.changed"
    ALERT_RAISED = "alert.raised"
    ALERT_CLEARED = "alert.cleared"


@dataclass(frozen=True, slots=True)
class Event:
    """One change. `id` is given by the feed when it is published ("" until then) and orders all events."""

    kind: EventKind
    account_id: str
    region: str
    conversation_id: str
    level: str | None = None
    id: str = ""
