"""The supervisors' check of archived files: which are still to be checked, and the judgement."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field, StrictBool, StringConstraints

from bot import cases
from bot.api.models import CaseView, Identity, Input
from bot.api.ports import Ports
from bot.api.problems import ROOT, problems
from bot.conversation.case_checks import Check, Question, Verdict
from bot.conversation.case_work import MAX_WORDS
from bot.store.case_reads import ToCheck
from bot.web.access import Caller

routes = APIRouter(prefix=ROOT, tags=["cases"], responses=problems(401, 403, 422, 503))


class Verdicts(Input):
    """How each of the five was done; with anything `wrong` it cannot pass."""

    safety: Verdict = Field(description="her safety came first")
    law: Verdict = Field(description="what was said of the law is right")
    promises: Verdict = Field(description="what was promised was kept, and nothing promised that cannot be")
    deadlines: Verdict
    tone: Verdict


class Judgement(Input):
    """How a file was handled."""

    verdicts: Verdicts
    passed: StrictBool
    words: Annotated[str, StringConstraints(max_length=MAX_WORDS)] = Field(
        default="", description="for who worked on it; needed unless all is good and it passes"
    )

    def check(self) -> Check:
        """In the words of the domain."""
        verdicts = {question: getattr(self.verdicts, question) for question in Question}
        return Check(verdicts, self.passed, self.words)


class ToCheckView(BaseModel):
    """The first that are still to be checked, and how many there are."""

    cases: list[CaseView]
    own: list[str] = Field(description="ids of those in which the caller had a hand: a colleague must check them")
    total: int

    @staticmethod
    def of(found: ToCheck) -> ToCheckView:
        """The JSON of the list."""
        return ToCheckView(cases=list(map(CaseView.of, found.cases)), own=sorted(found.own), total=found.total)


@routes.get("/checks")
async def list_checks(visit: Caller, ports: Ports) -> ToCheckView:
    """Archived files that no check has passed, the most urgent first; for supervisors and administrators."""
    visit.staff.check_may_oversee()
    return ToCheckView.of(await ports.case_reads.to_check(visit.staff.scope, visit.staff.id))


@routes.post("/cases/{case_id}/check", responses=problems(404, 409))
async def check(case_id: Identity, judged: Judgement, visit: Caller, ports: Ports) -> CaseView:
    """Judge how an archived file was handled; what does not pass goes back to who works on it.

    403 for who had a hand in it, 409 if it is not archived or was passed, 422 for a fault without words.
    """
    return CaseView.of(await cases.check(case_id, judged.check(), visit.staff, ports.units, ports.clock))
