"""The office's file on a matter, and the steps of its workflow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.conversation.clock import HUNAN
from bot.conversation.errors import Conflict, IllegalTransition
from bot.conversation.flows import ReferralKind
from bot.conversation.levels import Level, Topic


class CaseStatus(StrEnum):
    """登记 → 受理 → 直接受理 | 转送 | 转交 → 跟进 → 答复 → 归档 (信访工作条例, articles 22, 23, 31, 32).

    What was archived may be taken up again: 重新办理.
    """

    REGISTERED = "registered"
    ACCEPTED = "accepted"
    HANDLED = "handled"
    FORWARDED = "forwarded"
    ASSIGNED = "assigned"
    FOLLOWING_UP = "following_up"
    ANSWERED = "answered"
    ARCHIVED = "archived"
    REOPENED = "reopened"
    """Taken up again after the archive: a check found fault, she came back, or it was archived by mistake."""


_ROUTED = frozenset({CaseStatus.FOLLOWING_UP, CaseStatus.ANSWERED})
_NEXT: Mapping[CaseStatus, frozenset[CaseStatus]] = {
    CaseStatus.REGISTERED: frozenset({CaseStatus.ACCEPTED, CaseStatus.FORWARDED}),
    CaseStatus.ACCEPTED: frozenset({CaseStatus.HANDLED, CaseStatus.FORWARDED, CaseStatus.ASSIGNED}),
    CaseStatus.HANDLED: _ROUTED,
    CaseStatus.FORWARDED: _ROUTED,
    CaseStatus.ASSIGNED: _ROUTED,
    CaseStatus.FOLLOWING_UP: frozenset({CaseStatus.ANSWERED, CaseStatus.FORWARDED}),
    CaseStatus.ANSWERED: frozenset({CaseStatus.FOLLOWING_UP, CaseStatus.ARCHIVED}),
    CaseStatus.ARCHIVED: frozenset({CaseStatus.REOPENED}),
    CaseStatus.REOPENED: frozenset({CaseStatus.FOLLOWING_UP, CaseStatus.ARCHIVED}),
}
_SENT_BACK = frozenset({CaseStatus.HANDLED, CaseStatus.ASSIGNED})
"""Whither an accepted matter may go when the other office does not keep it (article 23)."""


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

OURS = frozenset({CaseStatus.ACCEPTED, CaseStatus.HANDLED})
"""The steps by which the office has the matter itself."""

_NEEDS_WORDS = frozenset({CaseStatus.ANSWERED, CaseStatus.REOPENED})


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
    handler: str | None = None
    """Who works on it (经办人): whoever took the first step, or was named."""
    told_at: datetime | None = None
    """When it left the register: she can be told what becomes of it."""
    accepted_at: datetime | None = None
    routed_at: datetime | None = None
    """When it went to another office."""
    followed_at: datetime | None = None
    """When somebody first asked that office, or she was answered."""
    answered_at: datetime | None = None
    """When she was answered first, as the office says."""
    extended_at: datetime | None = None
    reopened_at: datetime | None = None
    """When it was last taken up again."""
    redone_at: datetime | None = None
    """When she was answered after that, or it was archived again."""
    due_on: date | None = None
    """The next day by which something must be done, in Hunan; see `deadlines`."""
    report_since: datetime | None = None
    """Since when harm to a minor must be reported (未成年人保护法, article 11)."""
    reported_at: datetime | None = None
    checked_at: datetime | None = None
    """When a supervisor last looked over how it was handled; forgotten once it is taken up again for another cause."""
    check_passed: bool | None = None

    @property
    def must_report(self) -> bool:
        """Whether harm to a minor is still to be reported."""
        return self.report_since is not None and self.reported_at is None

    @property
    def next_statuses(self) -> frozenset[CaseStatus]:
        """The steps that the workflow allows from here."""
        if self.status is CaseStatus.FOLLOWING_UP:
            return _NEXT[self.status] | ({CaseStatus.ACCEPTED} if self.accepted_at is None else _SENT_BACK)
        return _NEXT[self.status]

    def needs_words(self, status: CaseStatus) -> bool:
        """Whether this step must say what she was answered (article 32), why again, or what was put right."""
        put_right = self.status is CaseStatus.REOPENED and status is CaseStatus.ARCHIVED
        return put_right or status in _NEEDS_WORDS

    @property
    def to_be_checked(self) -> bool:
        """Whether it is archived and no check has passed it."""
        return self.status is CaseStatus.ARCHIVED and not self.check_passed

    def advance(self, status: CaseStatus, now: datetime, day: date | None = None) -> None:
        """Take one step of the workflow; `day` is when she was answered, if not now.

        Raises IllegalTransition, and Conflict if it is to be archived before harm to a minor is reported.
        """
        if status not in self.next_statuses:
            raise IllegalTransition(f"a case goes not from {self.status} to {status}")
        if status is CaseStatus.ARCHIVED and self.must_report:
            raise Conflict("harm to a minor is not yet reported")
        self.status = status
        self.updated_at = now
        self.told_at = self.told_at or now
        match status:
            case CaseStatus.ACCEPTED:
                self.accepted_at = now
            case CaseStatus.FORWARDED | CaseStatus.ASSIGNED:
                self.routed_at, self.followed_at = now, None
            case CaseStatus.FOLLOWING_UP:
                self.followed_at = self.followed_at or now
            case CaseStatus.ANSWERED:
                self._answer(now if day is None else min(now, _end_of(day)))
            case CaseStatus.ARCHIVED:
                self._redo(now)
            case CaseStatus.REOPENED:
                self.reopened_at, self.redone_at = now, None
                self.checked_at = self.check_passed = None
            case _:
                pass

    def keep_check(self, passed: bool, now: datetime) -> None:
        """A supervisor checked it; one that does not pass is taken up again. Raises Conflict if it is not to be."""
        if not self.to_be_checked:
            raise Conflict("what is checked is archived, and has not passed before")
        if not passed:
            self.advance(CaseStatus.REOPENED, now)
        self.checked_at, self.check_passed = now, passed

    def _answer(self, at: datetime) -> None:
        self.answered_at = self.answered_at or at
        self.followed_at = self.followed_at or at
        self._redo(at)

    def _redo(self, at: datetime) -> None:
        if self.reopened_at is not None:
            self.redone_at = self.redone_at or max(at, self.reopened_at)


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), HUNAN) - timedelta(microseconds=1)
