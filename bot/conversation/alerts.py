"""What somebody must be told at once: who waits too long, where nobody is there, which case is due."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from bot.conversation.levels import Level


class AlertKind(StrEnum):
    """What is the matter. A late kind ends in `_very_late` once it has lasted three times as long."""

    WAITING_LATE = "waiting_late"
    """She waits too long for a person."""
    WAITING_VERY_LATE = "waiting_very_late"
    ANSWER_LATE = "answer_late"
    """An operator took her conversation and has not yet written."""
    ANSWER_VERY_LATE = "answer_very_late"
    UNREAD_LATE = "unread_late"
    """She wrote to her operator, who has not answered."""
    UNREAD_VERY_LATE = "unread_very_late"
    NOBODY_ON_DUTY = "nobody_on_duty"
    """A critical conversation waits, and nobody who may take it is at her desk."""
    SHIFT_UNFILLED = "shift_unfilled"
    """A shift has begun and nobody of it is at her desk."""
    CALL_BACK_LATE = "call_back_late"
    """She asked to be called, her time has passed, and nobody did."""
    CASE_DUE_SOON = "case_due_soon"
    CASE_OVERDUE = "case_overdue"
    VISIT_DUE = "visit_due"
    REPORT_DUE = "report_due"
    """A mandatory report (未成年人保护法, article 11) is still open after a day."""


VERY_LATE = frozenset({AlertKind.WAITING_VERY_LATE, AlertKind.ANSWER_VERY_LATE, AlertKind.UNREAD_VERY_LATE})
"""The second stage: those who knew have not moved."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One matter of one subject, the id of a handoff, call back, case, visit or account; it stays until it is cleared.

    `since` is when the matter itself began, such as her waiting. It holds no words of a person.
    """

    id: str
    kind: AlertKind
    subject: str
    account_id: str
    region: str
    since: datetime
    raised_at: datetime
    level: Level | None = None
    conversation_id: str | None = None
    case_id: str | None = None
    cleared_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """How far one robot was told of one alert; `trouble` is a code for why it was not."""

    alert_id: str
    robot: str
    tried_at: datetime
    next_try_at: datetime
    tries: int
    told_at: datetime | None = None
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """An alert of which a robot is being told, for the how manieth time."""

    alert: Alert
    tries: int


class RobotKind(StrEnum):
    """Whose group robot it is."""

    WECOM = "wecom"
    DINGTALK = "dingtalk"


@dataclass(frozen=True, slots=True)
class AlertRobot:
    """A robot in a group of staff; whoever knows its address may write there. Only DingTalk's has a `secret`."""

    name: str
    kind: RobotKind
    url: str = field(repr=False)
    secret: str | None = field(default=None, repr=False)

    @property
    def id(self) -> str:
        """Names it without its address; the same for accounts that share a group."""
        return sha256(self.url.encode()).hexdigest()[:16]
