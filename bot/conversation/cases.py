"""The office's file on a matter, and the steps of its workflow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.conversation.errors import Conflict, IllegalTransition
from bot.conversation.flows import ReferralKind
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


class Agency(StrEnum):
    """Whom a matter is forwarded or assigned to, and who is told of harm to a minor (妇女权益保障法, article 73)."""

    POLICE = "police"
    COURT = "court"
    PROCURATORATE = "procuratorate"
    EDUCATION = "education"
    CIVIL_AFFAIRS = "civil_affairs"
    JUSTICE = "justice"
    HEALTH = "health"
    LABOUR = "labour"
    LOWER_FEDERATION = "lower_federation"
    OTHER = "other"


NAMES_AGENCY = frozenset({CaseStatus.FORWARDED, CaseStatus.ASSIGNED})
"""The steps that must say to whom (信访工作条例, article 23: she is told where her matter went)."""

NEEDS_WORDS = frozenset({CaseStatus.ANSWERED})
"""The steps that must carry words: what she was answered (article 32)."""


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
    referrals: tuple[ReferralKind, ...] = ()
    """What she asked the office to arrange."""
    agency: Agency | None = None
    """Where it was forwarded or assigned."""
    told_at: datetime | None = None
    """When it left the register: she can be told what becomes of it."""
    accepted_at: datetime | None = None
    routed_at: datetime | None = None
    """When it went to another office."""
    followed_at: datetime | None = None
    """When somebody first asked that office, or she was answered."""
    answered_at: datetime | None = None
    extended_at: datetime | None = None
    due_on: date | None = None
    """The next day by which something must be done, in Hunan; see `deadlines`."""
    report_since: datetime | None = None
    """Since when harm to a minor must be reported (未成年人保护法, article 11)."""
    reported_at: datetime | None = None
    checked_at: datetime | None = None
    """When a supervisor looked over how it was handled, once it was archived."""
    check_passed: bool | None = None

    @property
    def must_report(self) -> bool:
        """Whether harm to a minor is still to be reported."""
        return self.report_since is not None and self.reported_at is None

    @property
    def next_statuses(self) -> frozenset[CaseStatus]:
        """The steps that the workflow allows from here."""
        return _NEXT[self.status]

    def advance(self, status: CaseStatus, now: datetime) -> None:
        """Take one step of the workflow.

        Raises IllegalTransition, and Conflict if it is to be archived before harm to a minor is reported.
        """
        if status not in self.next_statuses:
            raise IllegalTransition(f"a case goes not from {self.status} to {status}")
        if status is CaseStatus.ARCHIVED and self.must_report:
            raise Conflict("harm to a minor is not yet reported")
        self.status = status
        self.updated_at = now
        self.told_at = self.told_at or now
        if status is CaseStatus.ACCEPTED:
            self.accepted_at = now
        elif status in NAMES_AGENCY:
            self.routed_at = now
        elif status in _ROUTED:
            self.followed_at = self.followed_at or now
        if status is CaseStatus.ANSWERED:
            self.answered_at = self.answered_at or now

    def keep_check(self, passed: bool, now: datetime) -> None:
        """A supervisor checked it; raises Conflict unless it is archived and was not checked before."""
        if self.status is not CaseStatus.ARCHIVED or self.checked_at is not None:
            raise Conflict("a case is checked once, when it is archived")
        self.checked_at, self.check_passed = now, passed
