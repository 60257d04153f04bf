"""What the pages of the office's files show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlencode

from bot.cases import is_workday, letter_step, takers
from bot.console.answers import Answered, answered
from bot.console.screens import Names
from bot.console.wording import ROLES
from bot.conversation.call_backs import OverdueCall
from bot.conversation.case_checks import Question, Verdict, verdicts_of
from bot.conversation.case_work import MAX_WORDS, RISKS, CaseEntry, EntryKind, Visit, VisitStatus, risk_weight
from bot.conversation.cases import NAMES_AGENCY, Case, CaseStatus
from bot.conversation.deadlines import Deadline, day_of, deadlines_of, may_extend
from bot.conversation.flows import ReferralKind
from bot.conversation.masking import masked
from bot.conversation.messages import new_id
from bot.conversation.staff import OVERSIGHT_ROLES, Staff
from bot.store.case_reads import TO_DO, CaseList, CasePage, ToDo, Wanted
from bot.web.times import date_words


@dataclass(frozen=True, slots=True)
class CasesScreen:
    """The list; `regions` are the codes that may be asked for."""

    found: CaseList
    staff_names: Mapping[str, str]
    """Of who works on them."""
    to_do: ToDo | None
    """What is to be done today, above the list of all; None above a narrower one."""
    calls: Sequence[OverdueCall]
    """Calls back that should have been made, first of what is to be done."""
    wanted: Wanted
    regions: Sequence[str]
    today: date
    now: datetime
    names: Names
    role: str

    @property
    def first_calls(self) -> Sequence[OverdueCall]:
        """Those of them that are shown."""
        return self.calls[:TO_DO]

    def to_be_done(self, case: Case) -> list[str]:
        """What is to be done in it today, in words."""
        visit = self.to_do.visits.get(case.id) if self.to_do else None
        found = ["要强制报告"] if case.must_report else []
        if case.status is CaseStatus.REOPENED:
            found.append("检查没通过，重新办理" if case.check_passed is False else "重新办理")
        if case.due_on is not None and case.due_on <= self.today:
            found.append("今天到期" if case.due_on == self.today else f"{date_words(case.due_on, self.now)}已过期")
        if visit is not None:
            found.append("今天回访" if visit == self.today else f"{date_words(visit, self.now)}约的回访还没填结果")
        return found

    def handler(self, case: Case) -> str:
        """Who works on it, "" if nobody does."""
        return "" if case.handler is None else self.staff_names.get(case.handler, "已离开的同事")

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
            "mine": "1" if self.wanted.staff_id else "",
            "today": "1" if self.wanted.today else "",
            "quiet": "1" if self.wanted.quiet else "",
            "q": self.wanted.number,
            "page": str(page),
        }
        return "/desk/cases?" + urlencode({name: value for name, value in asked.items() if value})


@dataclass(frozen=True, slots=True)
class EntryWords:
    """One line of the history, and what of its words is seen."""

    entry: CaseEntry
    text: str = field(repr=False)

    @property
    def hides(self) -> bool:
        """Whether something in them is hidden."""
        return self.text != self.entry.words


@dataclass(frozen=True, slots=True)
class CaseScreen:
    """One case; `staff` is everybody: who wrote in it, and who may work on it."""

    page: CasePage
    staff: Mapping[str, Staff]
    answered: tuple[Answered, ...]
    deadlines: tuple[Deadline, ...]
    today: date
    now: datetime
    names: Names
    me: Staff
    max_words: int = MAX_WORDS
    risks: Sequence[str] = tuple(RISKS)
    key: str = field(default_factory=new_id)
    """This page's own: what it sends once more because no answer came is kept once."""

    @property
    def case(self) -> Case:
        """The case itself."""
        return self.page.case

    @property
    def role(self) -> str:
        """What she is here."""
        return ROLES[self.me.role]

    @property
    def oversees(self) -> bool:
        """Whether she looks after the whole."""
        return self.me.role in OVERSIGHT_ROLES

    @property
    def to_check(self) -> bool:
        """Whether it is still to be checked by a supervisor."""
        return self.case.to_be_checked

    @property
    def had_a_hand(self) -> bool:
        """Whether she worked on it herself, and so may not check it."""
        return self.me.id in self.page.hands

    @property
    def checked(self) -> CaseEntry | None:
        """The last check, for whoever may see the case."""
        return next((entry for entry in self.history if entry.kind is EntryKind.CHECKED), None)

    @property
    def passed(self) -> bool:
        """Whether the last check passed it."""
        return self.checked is not None and self.checked.after is None and self.case.check_passed is not False

    def verdicts(self, entry: CaseEntry) -> Mapping[Question, Verdict]:
        """How each question was judged."""
        return verdicts_of(entry.marks)

    @property
    def letters(self) -> list[CaseEntry]:
        """The letters that were written, the newest first."""
        return [entry for entry in self.history if entry.letter is not None]

    @property
    def may_write_letter(self) -> bool:
        """Whether it went to another office, to which a letter may go."""
        return letter_step(self.page.entries) is not None

    @property
    def unasked(self) -> list[ReferralKind]:
        """The help that she has not asked for yet."""
        return [kind for kind in ReferralKind if kind not in self.case.referrals]

    @property
    def steps(self) -> list[CaseStatus]:
        """What the workflow allows next, in its order."""
        return [status for status in CaseStatus if status in self.case.next_statuses]

    def names_agency(self, status: CaseStatus) -> bool:
        """Whether this step must say to which office."""
        return status in NAMES_AGENCY

    def needs_words(self, status: CaseStatus) -> bool:
        """Whether this step must carry words."""
        return self.case.needs_words(status)

    @property
    def may_extend(self) -> bool:
        """Whether she may give more time for the answer."""
        return self.oversees and may_extend(self.case, self.today)

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

    def said(self, entry: CaseEntry) -> EntryWords:
        """The words of a line, hidden as they are until somebody asks."""
        return EntryWords(entry, masked(entry.words))

    def who(self, entry: CaseEntry) -> str:
        """Who did it."""
        return "系统" if entry.staff_id is None else self._name(entry.staff_id)

    @property
    def handler(self) -> str | None:
        """The name of who works on it."""
        return None if self.case.handler is None else self._name(self.case.handler)

    @property
    def takers(self) -> list[Staff]:
        """Whom she may name to work on it instead, she first."""
        return takers(self.case, self.me, self.staff.values())

    def _name(self, staff_id: str) -> str:
        return self.staff[staff_id].display_name if staff_id in self.staff else "已离开的同事"


def case_screen(page: CasePage, me: Staff, staff: Iterable[Staff], names: Names, now: datetime) -> CaseScreen:
    """The case as this member of staff sees it."""
    return CaseScreen(
        page=page,
        staff={one.id: one for one in staff},
        answered=answered(page.flows),
        deadlines=deadlines_of(page.case, is_workday),
        today=day_of(now),
        now=now,
        names=names,
        me=me,
    )
