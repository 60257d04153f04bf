"""What goes in and out of the API about the office's files and figures, as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from bot.api.models import NOT_BLANK, CaseView, Input
from bot.cases import is_workday
from bot.conversation.case_letters import MAX_ENCLOSURES, MAX_FACTS, MAX_LINE, CaseLetter, LetterWords
from bot.conversation.case_work import MAX_WORDS, CaseEntry, CaseStep, EntryKind, Outcome, Visit, VisitStatus
from bot.conversation.cases import Agency, CaseStatus
from bot.conversation.deadlines import Deadline, DeadlineKind, deadlines_of
from bot.conversation.masking import masked
from bot.conversation.staff import Staff
from bot.store.case_reads import CaseList, CasePage


class Step(Input):
    """One step of the workflow: `agency` only to another office, `words` for an answer, or why it is taken up again."""

    status: CaseStatus
    words: Annotated[str, StringConstraints(max_length=MAX_WORDS)] = Field(default="", description="note or answer")
    agency: Agency | None = None
    day: date | None = Field(default=None, description="when she was answered; not in the future, nor before the file")
    seen: CaseStatus | None = Field(default=None, description="where the caller saw it stand: 409 if it has moved on")

    def step(self) -> CaseStep:
        """In the words of the domain."""
        return CaseStep(self.status, self.words, self.agency, self.day, self.seen)


class CaseNote(Input):
    """Something for colleagues to know."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=MAX_WORDS, pattern=NOT_BLANK)]


class VisitPlan(Input):
    """A visit at a time and in a way that she chose."""

    day: date = Field(description="today or later")
    words: Annotated[str, StringConstraints(min_length=1, max_length=MAX_WORDS, pattern=NOT_BLANK)] = Field(
        description="the time and the way that she chose"
    )


class VisitResult(Input):
    """It took place, with an outcome; or she refused it, or it was called off, without, which `words` explain."""

    status: VisitStatus
    outcome: Outcome | None = None
    words: Annotated[str, StringConstraints(max_length=MAX_WORDS)] = ""


_Line = Annotated[str, StringConstraints(min_length=1, max_length=MAX_LINE, pattern=NOT_BLANK)]
_Text = Annotated[str, StringConstraints(min_length=1, max_length=MAX_FACTS, pattern=NOT_BLANK)]


class Letter(Input):
    """A letter to the office that the case went to; her name stands in it only where she agreed to that."""

    to: _Line = Field(description="the office's full name")
    asks: _Text
    facts: _Text
    sender: _Line
    person: _Line
    phone: _Line
    enclosures: list[_Line] = Field(default=[], max_length=MAX_ENCLOSURES)
    agreed: bool = Field(default=False, description="that her name is given to this office; then `named` is needed")
    named: Annotated[str, StringConstraints(max_length=MAX_LINE)] = ""

    def words(self) -> LetterWords:
        """In the words of the domain."""
        return LetterWords(**self.model_dump(exclude={"enclosures"}), enclosures=tuple(self.enclosures))


class LetterView(BaseModel):
    """A letter as it was written; its files are at `GET /cases/{id}/letters/{entry}.pdf` and `.docx`."""

    number: str
    day: date
    status: CaseStatus = Field(description="forwarded or assigned")
    agency: Agency
    to: str
    agreed: bool

    @staticmethod
    def of(letter: CaseLetter) -> LetterView:
        """The JSON of one letter."""
        return LetterView(
            number=letter.number,
            day=letter.day,
            status=letter.status,
            agency=letter.agency,
            to=letter.words.to,
            agreed=letter.words.agreed,
        )


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
    """One line of the history of a file; numbers in its words by which somebody can be found are masked."""

    id: str
    at: datetime
    kind: EntryKind
    staff_id: str | None
    before: CaseStatus | None
    after: CaseStatus | None
    agency: Agency | None
    day: date | None
    words: str
    hides: bool = Field(description="something in `words` is masked; `POST .../entries/{id}/reveal` tells it")
    marks: list[str] = Field(
        description="codes of this kind of line: what the assessment of the danger found, how a check judged, the level"
        " and topic since, the help that was asked for, the regions from and to which it moved"
    )
    letter: LetterView | None

    @staticmethod
    def of(entry: CaseEntry, show: Callable[[str], str] = masked) -> EntryView:
        """The JSON of one line; `show` says what of the words is told."""
        words = show(entry.words)
        return EntryView(
            id=entry.id,
            at=entry.at,
            kind=entry.kind,
            staff_id=entry.staff_id,
            before=entry.before,
            after=entry.after,
            agency=entry.agency,
            day=entry.day,
            words=words,
            hides=words != entry.words,
            marks=list(entry.marks),
            letter=entry.letter and LetterView.of(entry.letter),
        )


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


class Taker(BaseModel):
    """A colleague who may be named to work on a file."""

    staff_id: str
    name: str


class CaseFileView(BaseModel):
    """A whole file: what it is, its deadlines, its history, its visits."""

    case: CaseView
    contact_name: str
    deadlines: list[DeadlineView]
    entries: list[EntryView]
    visits: list[VisitView]
    others: list[CaseView] = Field(description="her other files in the caller's scope, the newest first")
    takers: list[Taker] = Field(description="whom the caller may name to work on it instead, herself first")

    @staticmethod
    def of(page: CasePage, takers: Iterable[Staff]) -> CaseFileView:
        """The JSON of one file."""
        return CaseFileView(
            case=CaseView.of(page.case),
            contact_name=page.contact_name,
            deadlines=[DeadlineView.of(deadline) for deadline in deadlines_of(page.case, is_workday)],
            entries=[EntryView.of(entry) for entry in page.entries],
            visits=[VisitView.of(visit) for visit in page.visits],
            others=[CaseView.of(case) for case in page.others],
            takers=[Taker(staff_id=one.id, name=one.display_name) for one in takers],
        )
