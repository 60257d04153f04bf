"""What the pages of the office's files show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from bot.cases import is_workday
from bot.console.answers import Answered, answered
from bot.console.screens import Names
from bot.conversation.case_work import MAX_WORDS, RISKS, CaseEntry, EntryKind, Visit, VisitStatus, risk_weight
from bot.conversation.cases import NAMES_AGENCY, NEEDS_WORDS, Case, CaseStatus
from bot.conversation.deadlines import Deadline, deadlines_of
from bot.store.case_reads import CaseList, CasePage, Wanted


@dataclass(frozen=True, slots=True)
class CasesScreen:
    """The list; `regions` are the codes that may be asked for."""

    found: CaseList
    wanted: Wanted
    regions: Sequence[str]
    today: date
    now: datetime
    names: Names
    role: str
    oversees: bool

    def overdue(self, case: Case) -> bool:
        """Whether something should have been done before today."""
        return case.due_on is not None and case.due_on < self.today

    def address(self, page: int) -> str:
        """Where that page of the same list is."""
        asked = {
            "status": self.wanted.status,
            "topic": self.wanted.topic,
            "level": self.wanted.level,
            "region": self.wanted.region,
            "referral": self.wanted.referral,
            "overdue": "1" if self.wanted.overdue else "",
            "report": "1" if self.wanted.must_report else "",
            "q": self.wanted.number,
            "page": str(page),
        }
        return "/desk/cases?" + urlencode({name: value for name, value in asked.items() if value})


@dataclass(frozen=True, slots=True)
class CaseScreen:
    """One case; `staff_names` are those who wrote in it."""

    page: CasePage
    staff_names: Mapping[str, str]
    answered: tuple[Answered, ...]
    deadlines: tuple[Deadline, ...]
    today: date
    now: datetime
    names: Names
    role: str
    oversees: bool
    max_words: int = MAX_WORDS
    risks: Sequence[str] = tuple(RISKS)

    @property
    def case(self) -> Case:
        """The case itself."""
        return self.page.case

    @property
    def steps(self) -> list[CaseStatus]:
        """What the workflow allows next, in its order."""
        return [status for status in CaseStatus if status in self.case.next_statuses]

    def names_agency(self, status: CaseStatus) -> bool:
        """Whether this step must say to which office."""
        return status in NAMES_AGENCY

    def needs_words(self, status: CaseStatus) -> bool:
        """Whether this step must carry words."""
        return status in NEEDS_WORDS

    @property
    def may_extend(self) -> bool:
        """Whether she may give more time for the answer."""
        case = self.case
        return self.oversees and bool(case.accepted_at) and not case.answered_at and not case.extended_at

    @property
    def history(self) -> list[CaseEntry]:
        """What was done, the newest first."""
        return list(reversed(self.page.entries))

    @property
    def assessed(self) -> CaseEntry | None:
        """The newest assessment of the danger."""
        return next((entry for entry in self.history if entry.kind is EntryKind.ASSESSED), None)

    def weight(self, entry: CaseEntry) -> int:
        """How much speaks for danger in it."""
        return risk_weight(entry.marks)

    @property
    def planned(self) -> list[Visit]:
        """Visits that are still to be made."""
        return [visit for visit in self.page.visits if visit.status is VisitStatus.PLANNED]

    def who(self, entry: CaseEntry) -> str:
        """Who did it."""
        return "系统" if entry.staff_id is None else self.staff_names.get(entry.staff_id, "已离开的同事")


def case_screen(
    page: CasePage,
    staff_names: Mapping[str, str],
    names: Names,
    today: date,
    now: datetime,
    role: str,
    oversees: bool,
) -> CaseScreen:
    """The case as this member of staff sees it."""
    return CaseScreen(
        page=page,
        staff_names=staff_names,
        answered=answered(page.flows),
        deadlines=deadlines_of(page.case, is_workday),
        today=today,
        now=now,
        names=names,
        role=role,
        oversees=oversees,
    )
