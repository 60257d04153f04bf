"""The office's file on a matter, and the steps of its workflow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.conversation.errors import IllegalTransition
from bot.conversation.levels import Level, Topic


class CaseStatus(StrEnum):
    """登记 → 受理 → 直接受理 | 转送 | 转交 → 跟进 → 答复 → 归档 (信访工作条例, articles 22, 23, 31, 32)."""

    REGISTERED = "registered"
    ACCEPTED = "accepted"
    HANDLED = "handled"
    FORWARDED = "forwarded"
    ASSIGNED = "assigned"
    FOLLOWING_UP = "following_up"
    ANSWERED = "answered"
    ARCHIVED = "archived"


_ROUTED = frozenset({CaseStatus.FOLLOWING_UP, CaseStatus.ANSWERED})
_NEXT: Mapping[CaseStatus, frozenset[CaseStatus]] = {
    CaseStatus.REGISTERED: frozenset({CaseStatus.ACCEPTED, CaseStatus.FORWARDED}),
    CaseStatus.ACCEPTED: frozenset({CaseStatus.HANDLED, CaseStatus.FORWARDED, CaseStatus.ASSIGNED}),
    CaseStatus.HANDLED: _ROUTED,
    CaseStatus.FORWARDED: _ROUTED,
    CaseStatus.ASSIGNED: _ROUTED,
    CaseStatus.FOLLOWING_UP: frozenset({CaseStatus.ANSWERED}),
    CaseStatus.ANSWERED: frozenset({CaseStatus.FOLLOWING_UP, CaseStatus.ARCHIVED}),
    CaseStatus.ARCHIVED: frozenset(),
}


@dataclass(slots=True)
class Case:
    """One file of the office. `number` is given by the store: "2026-000001", counted afresh each year in Hunan."""

    id: str
    contact_id: str
    conversation_id: str
    account_id: str
    region: str
    topic: Topic
    level: Level
    opened_at: datetime
    updated_at: datetime
    number: str = ""
    status: CaseStatus = CaseStatus.REGISTERED

    @property
    def next_statuses(self) -> frozenset[CaseStatus]:
        """The steps that the workflow allows from here."""
        return _NEXT[self.status]

    def advance(self, status: CaseStatus, now: datetime) -> None:
        """Take one step of the workflow; raises IllegalTransition."""
        if status not in self.next_statuses:
            raise IllegalTransition(f"a case goes not from {self.status} to {status}")
        self.status = status
        self.updated_at = now
