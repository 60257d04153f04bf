"""What goes in and out of the API about the office's files and figures, as JSON."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from bot.api.models import CaseView, Input
from bot.cases import is_workday
from bot.conversation.case_work import MAX_WORDS, CaseEntry, CaseStep, EntryKind, Outcome, Visit, VisitStatus
from bot.conversation.cases import Agency, CaseStatus
from bot.conversation.deadlines import Deadline, DeadlineKind, deadlines_of
from bot.conversation.figures import MANY, Counts, Figures, Kept, Times, hidden
from bot.store.case_reads import CaseList, CasePage

type Shown = dict[str, int | None]


class Step(Input):
    """One step of the workflow: `agency` only to another office, `words` and the day for an answer."""

    status: CaseStatus
    words: Annotated[str, StringConstraints(max_length=MAX_WORDS)] = Field(default="", description="note or answer")
    agency: Agency | None = None
    day: date | None = Field(default=None, description="when she was answered; not in the future")

    def step(self) -> CaseStep:
        """In the words of the domain."""
        return CaseStep(self.status, self.words, self.agency, self.day)


class CaseListView(BaseModel):
    """One page of files."""

    cases: list[CaseView]
    total: int
    page: int
    pages: int

    @staticmethod
    def of(found: CaseList) -> CaseListView:
        """The JSON of one page."""
        cases = [CaseView.of(case) for case in found.cases]
        return CaseListView(cases=cases, total=found.total, page=found.page, pages=found.pages)


class EntryView(BaseModel):
    """One line of the history of a file."""

    at: datetime
    kind: EntryKind
    staff_id: str | None
    before: CaseStatus | None
    after: CaseStatus | None
    agency: Agency | None
    day: date | None
    words: str
    marks: list[str] = Field(description="what the assessment of the danger found")

    @staticmethod
    def of(entry: CaseEntry) -> EntryView:
        """The JSON of one line."""
        return EntryView(**{name: getattr(entry, name) for name in EntryView.model_fields})


class DeadlineView(BaseModel):
    """By when something must be done, and when it was."""

    kind: DeadlineKind
    due_on: date
    done_on: date | None

    @staticmethod
    def of(deadline: Deadline) -> DeadlineView:
        """The JSON of one deadline."""
        return DeadlineView(kind=deadline.kind, due_on=deadline.due_on, done_on=deadline.done_on)


class VisitView(BaseModel):
    """A follow-up visit."""

    id: str
    planned_on: date
    status: VisitStatus
    outcome: Outcome | None

    @staticmethod
    def of(visit: Visit) -> VisitView:
        """The JSON of one visit."""
        return VisitView(id=visit.id, planned_on=visit.planned_on, status=visit.status, outcome=visit.outcome)


class CaseFileView(BaseModel):
    """A whole file: what it is, its deadlines, its history, its visits."""

    case: CaseView
    contact_name: str
    deadlines: list[DeadlineView]
    entries: list[EntryView]
    visits: list[VisitView]

    @staticmethod
    def of(page: CasePage) -> CaseFileView:
        """The JSON of one file."""
        return CaseFileView(
            case=CaseView.of(page.case),
            contact_name=page.contact_name,
            deadlines=[DeadlineView.of(deadline) for deadline in deadlines_of(page.case, is_workday)],
            entries=[EntryView.of(entry) for entry in page.entries],
            visits=[VisitView.of(visit) for visit in page.visits],
        )


class TimesView(BaseModel):
    """How long something took; times of so few that they could be known are left out."""

    count: int | None
    middle_s: float | None
    nine_of_ten_s: float | None

    @staticmethod
    def of(times: Times) -> TimesView:
        """The JSON of these times."""
        if times.middle is None or times.most is None or times.count < MANY:
            return TimesView(count=None if times.count else 0, middle_s=None, nine_of_ten_s=None)
        return TimesView(
            count=times.count, middle_s=times.middle.total_seconds(), nine_of_ten_s=times.most.total_seconds()
        )


_COUNTED = (
    *("topics", "regions", "levels", "statuses", "months", "agencies"),
    *("referrals", "reports", "visits", "outcomes", "dispositions"),
)


class FiguresView(BaseModel):
    """Counts of a period; null where a count of 1 to 4 could show somebody, or would be given away by the sum."""

    first: date
    last: date
    cases: int | None
    topics: Shown
    regions: Shown
    levels: Shown
    statuses: Shown
    months: Shown
    agencies: Shown
    referrals: Shown
    reports: Shown
    visits: Shown
    outcomes: Shown
    dispositions: Shown
    conversations: Shown = Field(description="those that the assistant answered alone, and those with a person called")
    deadlines: dict[str, Shown]
    waits: dict[str, TimesView]
    answers: TimesView

    @staticmethod
    def of(figures: Figures) -> FiguresView:
        """The JSON of the figures."""
        talks = {"alone": figures.by_assistant, "called": figures.conversations - figures.by_assistant}
        return FiguresView(
            first=figures.period.first,
            last=figures.period.last,
            cases=hidden({"cases": figures.cases})["cases"],
            **{name: hidden(getattr(figures, name)) for name in _COUNTED},
            conversations=hidden(talks),
            deadlines={kind: hidden(_states(kept)) for kind, kept in figures.deadlines.items()},
            waits={level: TimesView.of(times) for level, times in figures.waits.items()},
            answers=TimesView.of(figures.answers),
        )


def _states(kept: Kept) -> Counts:
    return {"kept": kept.kept, "missed": kept.missed, "running": kept.running}
