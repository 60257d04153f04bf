"""Waiting handoffs as the queue knows them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.conversation.handoffs import Lane, QueueEntry
from bot.conversation.levels import Level
from bot.conversation.ports import Hold
from bot.conversation.staff import Scope

NOW = datetime(2026, 3, 8, 9, 30, 15, 123456, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


def seeing(scope: Scope) -> Hold:
    """Nothing of this scope is kept back, and nothing else is given."""

    def hold(lane: Lane) -> timedelta | None:
        return timedelta(0) if scope.covers(lane.account_id, lane.region) else None

    return hold


ALL = seeing(Scope())


def an_entry(name: str, level: Level = Level.HIGH, *, minutes: float = 0, **changes: Any) -> QueueEntry:
    """An entry that has waited since so many minutes after NOW."""
    entry = QueueEntry(
        handoff_id=name,
        conversation_id=f"conversation-{name}",
        account_id="hunan",
        region="430100",
        level=level,
        requested_at=NOW + timedelta(minutes=minutes),
        queued_at=NOW + timedelta(minutes=minutes),
    )
    return replace(entry, **changes)
