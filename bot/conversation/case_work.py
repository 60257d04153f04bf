"""What the office does in a case beside its steps: history, risk assessment, follow-up visits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.conversation.case_letters import CaseLetter
from bot.conversation.cases import NAMES_AGENCY, Agency, Case, CaseStatus
from bot.conversation.deadlines import day_of
from bot.conversation.errors import Conflict, IllegalTransition, InvalidData
from bot.conversation.levels import Level

MAX_WORDS = 2000
"""The longest note or answer, in characters."""


class EntryKind(StrEnum):
    """What was done."""

    STEP = "step"
    HEARD = "heard"
    """A later message made it more urgent, or another matter."""
    REFERRED = "referred"
    """She asked the office to arrange something."""
    MOVED = "moved"
    """It went with her conversation to the office of another region."""
    HANDLER = "handler"
    """Somebody was named to work on it."""
    NOTE = "note"
    EXTENDED = "extended"
    REPORT_NEEDED = "report_needed"
    REPORTED = "reported"
    REPORT_LIFTED = "report_lifted"
    """Looked into: it need not be reported."""
    ASSESSED = "assessed"
    VISIT_PLANNED = "visit_planned"
    VISIT_SETTLED = "visit_settled"
    LETTER = "letter"
    """A letter to the office that the matter went to."""
    CHECKED = "checked"
    SHARED = "shared"
    """Another city was allowed to read it, read it, or may no longer."""


@dataclass(frozen=True, slots=True)
class CaseEntry:
    """One line of the history of a case; only added to. `staff_id` is None if nobody did it.

    `words` are a note, an answer, a reason, or the number that the police gave; `day` is the day of the answer, of
    the report or of the visit; `marks` are codes: what the risk assessment found, how a check judged (`case_checks`),
    the level and topic since then, the kind of help, or the regions from and to which it moved.
    """

    id: str
    case_id: str
    contact_id: str
    staff_id: str | None
    at: datetime
    kind: EntryKind
    before: CaseStatus | None = None
    after: CaseStatus | None = None
    agency: Agency | None = None
    words: str = field(default="", repr=False)
    day: date | None = None
    marks: tuple[str, ...] = field(default=(), repr=False)
    letter: CaseLetter | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class CaseStep:
    """A step that somebody wants to take: for an answer `words` are what she was told, and `day` when.

    `seen` is where the case stood when she decided, None if that does not matter to her.
    """

    status: CaseStatus
    words: str = field(default="", repr=False)
    agency: Agency | None = None
    day: date | None = None
    seen: CaseStatus | None = None

    def check(self, case: Case, today: date) -> None:
        """Raise Conflict if she saw something else, and InvalidData unless it carries what this step needs here."""
        if self.seen not in (None, case.status):
            raise Conflict("somebody else moved the case meanwhile")
        check_words(self.words, needed=case.needs_words(self.status))
        if (self.agency is not None) != (self.status in NAMES_AGENCY):
            raise InvalidData("a step to another office, and no other, says which")
        if self.day is not None and not day_of(case.opened_at) <= self.day <= today:
            raise InvalidData("the day is still to come, or was before the case")


def check_words(words: str, *, needed: bool) -> None:
    """Raise InvalidData if they are too long, or missing where they are needed."""
    if len(words) > MAX_WORDS or (needed and not words.strip()):
        raise InvalidData(f"words are missing, or more than {MAX_WORDS} characters")


# --- risk ---

CRITICAL_WEIGHT = 4
RISKS: Mapping[str, int] = {
    "now": CRITICAL_WEIGHT,
    "weapon": CRITICAL_WEIGHT,
    "kill_threat": CRITICAL_WEIGHT,
    "choking": CRITICAL_WEIGHT,
    "fear": CRITICAL_WEIGHT,
    "leaving": 3,
    "worse": 2,
    "following": 2,
    "forced": 2,
    "pregnancy": 2,
    "children": 2,
    "his_suicide": 2,
    "injuries": 2,
    "control": 1,
    "habits": 1,
}
"""The questions of the safety check and their weights (actions/safety_check.py), here as an operator judges them."""


def risk_weight(marks: Iterable[str]) -> int:
    """How much speaks for danger; raises InvalidData for a mark that we do not know."""
    given = set(marks)
    if given - RISKS.keys():
        raise InvalidData("an unknown mark of risk")
    return sum(RISKS[mark] for mark in given)


def risk_level(marks: Iterable[str]) -> Level:
    """Critical with any mark that cannot wait, high from a weight of 4 on; a help to judge, never a verdict."""
    given = set(marks)
    if any(RISKS.get(mark) == CRITICAL_WEIGHT for mark in given):
        return Level.CRITICAL
    return Level.HIGH if risk_weight(given) >= CRITICAL_WEIGHT else Level.NORMAL


# --- visits ---


class VisitStatus(StrEnum):
    """Where a follow-up visit (回访) stands."""

    PLANNED = "planned"
    DONE = "done"
    REFUSED = "refused"
    """She does not want it."""
    CALLED_OFF = "called_off"
    """It was put off, or not planned rightly: the words say why."""


class Outcome(StrEnum):
    """How she was found."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    NOT_REACHED = "not_reached"


@dataclass(slots=True)
class Visit:
    """A follow-up visit, or a call: only at a time and in a way that she chose."""

    id: str
    case_id: str
    contact_id: str
    planned_on: date
    status: VisitStatus = VisitStatus.PLANNED
    outcome: Outcome | None = None
    settled_at: datetime | None = None

    def settle(self, status: VisitStatus, outcome: Outcome | None, now: datetime) -> None:
        """It took place, with this outcome, or it will not; raises IllegalTransition and InvalidData."""
        if self.status is not VisitStatus.PLANNED or status is VisitStatus.PLANNED:
            raise IllegalTransition("this visit is settled")
        if (outcome is not None) != (status is VisitStatus.DONE):
            raise InvalidData("a visit that took place, and no other, has an outcome")
        self.status, self.outcome, self.settled_at = status, outcome, now
