"""Waiting handoffs as the queue knows them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.conversation.handoffs import QueueEntry
from bot.conversation.levels import Level

NOW = datetime(2026, 3, 8, 9, 30, 15, 123456, tzinfo=UTC)


def an_entry(name: str, level: Level = Level.HIGH, *, minutes: float = 0, **changes: Any) -> QueueEntry:
    """An entry that has waited since so many minutes after NOW."""
    entry = QueueEntry(
        handoff_id=name,
        conversation_id=f"conversation-{name}",
        account_id="hunan",
        region="430100",
        level=level,
        requested_at=NOW + timedelta(minutes=minutes),
    )
    return replace(entry, **changes)
