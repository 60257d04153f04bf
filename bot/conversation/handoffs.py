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


class Skill(StrEnum):
    """What a member of staff is trained for beyond listening."""

    LAW = "law"
    COUNSELLING = "counselling"
    PARENTING = "parenting"


@dataclass(slots=True)
class Handoff:
    """One asking for a person; at most one of a conversation is unresolved.

    `reasons` are short Chinese phrases for operators, never her own words. `requested_at` orders the queue, and stays
    when the level rises or the conversation is transferred; `queued_at` is since when it waits this time, and decides
    who sees it already. `skill` is what the question asks for, None for anybody; `to_staff` for whom it is kept.
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
    queued_at: datetime
    skill: Skill | None = None
    to_staff: str | None = None
    status: HandoffStatus = HandoffStatus.WAITING
    claimed_by: str | None = None
    claimed_at: datetime | None = None
    answered_at: datetime | None = None
    """When an operator first wrote to her after the first claim."""
    lost_by: str | None = None
    """Who held the conversation last and vanished, so that it was given back."""
    lost_at: datetime | None = None
    resolved_at: datetime | None = None
    disposition: Disposition | None = None

    @property
    def waits_since(self) -> datetime:
        """Since when she waits: who never heard from an operator, since she asked, however often it was passed on."""
        return self.requested_at if self.answered_at is None else self.queued_at


@dataclass(frozen=True, slots=True)
class Waits:
    """How many wait, and since when the one that waits longest."""

    count: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Lane:
    """What decides who is offered a waiting handoff and when: all that agree in this stand in one lane."""

    account_id: str
    region: str
    level: Level
    skill: Skill | None = None
    to_staff: str | None = None


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """A waiting handoff as the queue knows it."""

    handoff_id: str
    conversation_id: str
    account_id: str
    region: str
    level: Level
    requested_at: datetime
    queued_at: datetime
    skill: Skill | None = None
    to_staff: str | None = None

    @property
    def place(self) -> datetime:
        """What orders the queue: the earlier, the sooner it is offered."""
        return self.requested_at - self.level.head_start

    @property
    def lane(self) -> Lane:
        """Where it stands."""
        return Lane(self.account_id, self.region, self.level, self.skill, self.to_staff)

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
            queued_at=handoff.queued_at,
            skill=handoff.skill,
            to_staff=handoff.to_staff,
        )
