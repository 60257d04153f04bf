"""What is late, level by level; and that everybody is offered a conversation before it is late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.conversation.alerts import AlertKind
from bot.conversation.handoffs import Handoff, HandoffStatus
from bot.conversation.levels import Level, Topic
from bot.conversation.messages import Exchange
from bot.handoff.deadlines import DEADLINES, late
from bot.handoff.routing import WAITS

NOW = datetime(2026, 3, 8, 9, 30, tzinfo=UTC)
CRITICAL, HIGH, NORMAL = Level.CRITICAL, Level.HIGH, Level.NORMAL
SILENT = Exchange(None, None)


def ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


def asked(level: Level, minutes: float, *, claimed: float | None = None, answered: float | None = None) -> Handoff:
    """Asked for, claimed and first answered so many minutes ago."""
    return Handoff(
        id="h",
        conversation_id="c",
        contact_id="p",
        account_id="hunan",
        region="430100",
        level=level,
        topic=Topic.OTHER,
        reasons=(),
        requested_at=ago(minutes),
        queued_at=ago(minutes),
        status=HandoffStatus.WAITING if claimed is None else HandoffStatus.CLAIMED,
        claimed_by=None if claimed is None else "li",
        claimed_at=None if claimed is None else ago(claimed),
        answered_at=None if answered is None else ago(answered),
    )


@pytest.mark.parametrize(
    ("level", "minutes", "kinds"),
    [
        (CRITICAL, 0.9, set()),
        (CRITICAL, 1, {AlertKind.WAITING_LATE}),
        (CRITICAL, 2.9, {AlertKind.WAITING_LATE}),
        (CRITICAL, 3, {AlertKind.WAITING_LATE, AlertKind.WAITING_VERY_LATE}),
        (HIGH, 9, set()),
        (HIGH, 10, {AlertKind.WAITING_LATE}),
        (HIGH, 30, {AlertKind.WAITING_LATE, AlertKind.WAITING_VERY_LATE}),
        (NORMAL, 59, set()),
        (NORMAL, 60, {AlertKind.WAITING_LATE}),
        (NORMAL, 180, {AlertKind.WAITING_LATE, AlertKind.WAITING_VERY_LATE}),
    ],
)
def test_waiting_is_late_by_its_level_and_very_late_after_three_times_as_long(
    level: Level, minutes: float, kinds: set[AlertKind]
) -> None:
    found = late(asked(level, minutes), SILENT, NOW)
    assert found.keys() == kinds
    assert set(found.values()) <= {ago(minutes)}


@pytest.mark.parametrize(
    ("level", "claimed", "kinds"),
    [
        (CRITICAL, 1.9, set()),
        (CRITICAL, 2, {AlertKind.ANSWER_LATE}),
        (CRITICAL, 6, {AlertKind.ANSWER_LATE, AlertKind.ANSWER_VERY_LATE}),
        (HIGH, 14, set()),
        (HIGH, 15, {AlertKind.ANSWER_LATE}),
        (NORMAL, 600, set()),
    ],
)
def test_the_first_answer_is_late_counted_from_the_claim(level: Level, claimed: float, kinds: set[AlertKind]) -> None:
    handoff = asked(level, 900, claimed=claimed)
    assert late(handoff, Exchange(None, ago(900)), NOW).keys() == kinds
    colleague_before = Exchange(ago(claimed + 1), ago(claimed + 0.5))
    assert late(handoff, colleague_before, NOW).keys() == kinds


@pytest.mark.parametrize(
    ("level", "unread", "kinds"),
    [
        (CRITICAL, None, set()),
        (CRITICAL, 4.9, set()),
        (CRITICAL, 5, {AlertKind.UNREAD_LATE}),
        (CRITICAL, 15, {AlertKind.UNREAD_LATE, AlertKind.UNREAD_VERY_LATE}),
        (HIGH, 29, set()),
        (HIGH, 30, {AlertKind.UNREAD_LATE}),
        (NORMAL, 600, set()),
    ],
)
def test_her_unread_words_are_late_counted_from_the_first_of_them(
    level: Level, unread: float | None, kinds: set[AlertKind]
) -> None:
    handoff = asked(level, 1000, claimed=990, answered=980)
    exchange = Exchange(ago(980), None if unread is None else ago(unread))
    assert late(handoff, exchange, NOW).keys() == kinds


def test_who_never_heard_from_an_operator_has_waited_since_she_asked_however_often_it_was_passed_on() -> None:
    handoff = asked(HIGH, 12)
    handoff.queued_at = ago(1)
    assert late(handoff, SILENT, NOW) == {AlertKind.WAITING_LATE: ago(12)}
    handoff.answered_at = ago(5)
    assert late(handoff, SILENT, NOW) == {}


@pytest.mark.parametrize("level", Level)
def test_everybody_who_may_see_a_conversation_is_offered_it_before_it_is_late(level: Level) -> None:
    waits, steps_at_most = WAITS[level], 2
    longest = max(waits.step * steps_at_most + waits.skill, waits.reserved)
    assert longest < DEADLINES[level].waiting
