"""How long anybody may wait at each level, and what is late; pure. The screens turn red by the same figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.conversation.alerts import AlertKind
from bot.conversation.handoffs import Handoff, HandoffStatus
from bot.conversation.levels import Level
from bot.conversation.messages import Exchange
from bot.conversation.promises import time_passed_at


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The longest waiting for an operator, for her first words once she took over, and for each later answer."""

    waiting: timedelta
    first_answer: timedelta | None
    answer: timedelta | None


DEADLINES: Mapping[Level, Deadlines] = {
    # Somebody may be hurt within the hour: a minute to be taken, and two to read what she wrote and to write to her.
    # In the midst of talking five minutes of silence are long, but an operator may be on the phone with the police.
    Level.CRITICAL: Deadlines(timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=5)),
    # It took courage to write, and she may be alone with her phone for a short while only.
    Level.HIGH: Deadlines(timedelta(minutes=10), timedelta(minutes=15), timedelta(minutes=30)),
    # An hour, because she was told that somebody will come; whoever asked something ordinary has an article meanwhile.
    Level.NORMAL: Deadlines(timedelta(minutes=60), None, None),
}

CALL_BACK_GRACE: Mapping[Level, timedelta] = {
    # Her time has passed: she may have sat by the phone for it. She was told that it is not always the same day.
    Level.CRITICAL: timedelta(minutes=30),
    Level.HIGH: timedelta(hours=2),
    Level.NORMAL: timedelta(days=1),
}
"""How long after the time that she named a call back may still be made before it is late."""

UNCLEAR_AFTER = timedelta(days=1)
"""When words that name no time we can read are taken to have come; of who is in danger somebody must read them now."""

SECOND_STAGE = 3
"""After so many times its deadline a matter is told again, and to the supervisors: those who knew have not moved."""

WATCHED: Mapping[AlertKind, AlertKind] = {
    AlertKind.WAITING_LATE: AlertKind.WAITING_VERY_LATE,
    AlertKind.ANSWER_LATE: AlertKind.ANSWER_VERY_LATE,
    AlertKind.UNREAD_LATE: AlertKind.UNREAD_VERY_LATE,
}
"""What is late, and what it becomes in the second stage."""


def late_before(kind: AlertKind, now: datetime) -> dict[Level, datetime]:
    """Since before when somebody must have waited at each level for an alert of this kind (one of waiting) to stand."""
    stages = SECOND_STAGE if kind in WATCHED.values() else 1
    return {level: now - deadlines.waiting * stages for level, deadlines in DEADLINES.items()}


def call_back_due(level: Level, when: str, asked_at: datetime) -> datetime:
    """By when a call back must be made that was asked for with these words."""
    passed = time_passed_at(when, asked_at)
    if passed is None:
        passed = asked_at if level is Level.CRITICAL else asked_at + UNCLEAR_AFTER
    return passed + CALL_BACK_GRACE[level]


def late(handoff: Handoff, exchange: Exchange, now: datetime) -> dict[AlertKind, datetime]:
    """What is late about an unresolved handoff: the kinds of alerts that must stand, and since when she waits."""
    kind, since, allowed = _running(handoff, exchange)
    if since is None or allowed is None or now - since < allowed:
        return {}
    if now - since < allowed * SECOND_STAGE:
        return {kind: since}
    return {kind: since, WATCHED[kind]: since}


def _running(handoff: Handoff, exchange: Exchange) -> tuple[AlertKind, datetime | None, timedelta | None]:
    """What she waits for now, since when, and how long she may."""
    deadlines = DEADLINES[handoff.level]
    if handoff.status is HandoffStatus.WAITING or handoff.claimed_at is None:
        return AlertKind.WAITING_LATE, handoff.waits_since, deadlines.waiting
    if exchange.replied_at is None or exchange.replied_at < handoff.claimed_at:
        return AlertKind.ANSWER_LATE, handoff.claimed_at, deadlines.first_answer
    return AlertKind.UNREAD_LATE, exchange.unread_since, deadlines.answer
