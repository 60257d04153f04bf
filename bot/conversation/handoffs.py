"""The asking for a person, from the request to the end, and its place in the queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.conversation.levels import Level, Topic


class HandoffStatus(StrEnum):
    """Where the asking for a person stands."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    RESOLVED = "resolved"


class Disposition(StrEnum):
    """How a conversation with a person ended."""

    ANSWERED = "answered"
    REFERRED = "referred"
    NO_REPLY = "no_reply"
    MISTAKEN = "mistaken"
    """No need for a person after all."""


@dataclass(slots=True)
class Handoff:
    """One asking for a person; at most one of a conversation is unresolved.

    `reasons` are short Chinese phrases for operators, never her own words. `requested_at` orders the queue within a
    level, and stays when the level rises or the conversation is transferred.
    """

    id: str
    conversation_id: str
    contact_id: str
    account_id: str
    region: str
    level: Level
    topic: Topic
    reasons: tuple[str, ...]
    requested_at: datetime
    status: HandoffStatus = HandoffStatus.WAITING
    claimed_by: str | None = None
    claimed_at: datetime | None = None
    resolved_at: datetime | None = None
    disposition: Disposition | None = None


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """A waiting handoff as the queue knows it."""

    handoff_id: str
    conversation_id: str
    account_id: str
    region: str
    level: Level
    requested_at: datetime

    @staticmethod
    def of(handoff: Handoff) -> QueueEntry:
        """The entry that stands for this handoff."""
        return QueueEntry(
            handoff_id=handoff.id,
            conversation_id=handoff.conversation_id,
            account_id=handoff.account_id,
            region=handoff.region,
            level=handoff.level,
            requested_at=handoff.requested_at,
        )
