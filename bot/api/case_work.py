"""What is done in a file between its steps: who works on it, help asked for, danger, harm to minors, more time."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field, StringConstraints

from bot import cases
from bot.api.conversations import Once
from bot.api.models import NOT_BLANK, CaseView, Identity, Input
from bot.api.ports import Ports
from bot.api.problems import ROOT, problems
from bot.conversation.case_work import MAX_WORDS, RISKS
from bot.conversation.cases import Agency
from bot.conversation.flows import ReferralKind
from bot.web.access import Caller

routes = APIRouter(prefix=f"{ROOT}/cases/{{case_id}}", tags=["cases"], responses=problems(401, 403, 404, 409, 422, 503))

_Reason = Annotated[str, StringConstraints(min_length=1, max_length=MAX_WORDS, pattern=NOT_BLANK)]
_Remark = Annotated[str, StringConstraints(max_length=MAX_WORDS)]
_Mark = Annotated[str, Field(json_schema_extra={"enum": list(RISKS)})]


class Handler(Input):
    """Who works on it from now on."""

    staff_id: str = Field(max_length=64, description="one of the file's `takers`")


class HelpAsked(Input):
    """What she asked a colleague, not the assistant, to arrange."""

    kind: ReferralKind
    words: _Remark = Field(default="", description="how she said it")


class Danger(Input):
    """What speaks for danger, as the caller judges it; nothing, if nothing does."""

    marks: list[_Mark] = Field(default=[], max_length=len(RISKS))
    words: _Remark = Field(default="", description="from what it was seen")


class Reason(Input):
    """Why."""

    words: _Reason


class ReportMade(Input):
    """To whom harm to a minor was reported."""

    agency: Agency
    day: date = Field(description="today or before")
    number: _Reason = Field(description="under which that office has it")


@routes.post("/handler")
async def name_handler(case_id: Identity, named: Handler, visit: Caller, ports: Ports) -> CaseView:
    """Take it on, or give it to a colleague, which who works on it and supervisors may; 422 if she would not see it."""
    return CaseView.of(await cases.name_handler(case_id, named.staff_id, visit.staff, ports.units, ports.clock))


@routes.post("/referrals")
async def note_request(case_id: Identity, asked: HelpAsked, visit: Caller, ports: Ports) -> CaseView:
    """She asked for a lawyer, a counsellor or a mediator; 409 if that is known."""
    deed = cases.note_request(case_id, asked.kind, asked.words, visit.staff, ports.units, ports.clock)
    return CaseView.of(await deed)


@routes.post("/risk")
async def assess(
    case_id: Identity, danger: Danger, visit: Caller, ports: Ports, idempotency_key: Once = ""
) -> CaseView:
    """Keep an assessment of the danger; it may raise the level of the file, never lower it."""
    deed = cases.assess(case_id, danger.marks, danger.words, visit.staff, ports.units, ports.clock, idempotency_key)
    return CaseView.of(await deed)


@routes.post("/report-needed")
async def need_report(case_id: Identity, reason: Reason, visit: Caller, ports: Ports) -> CaseView:
    """Harm to a minor must be reported; what was archived is taken up again for it. 409 if that is known."""
    return CaseView.of(await cases.need_report(case_id, reason.words, visit.staff, ports.units, ports.clock))


@routes.post("/report")
async def report(case_id: Identity, made: ReportMade, visit: Caller, ports: Ports) -> CaseView:
    """Harm to a minor was reported; 409 if nothing is to be reported, 422 for a day to come."""
    deed = cases.report(case_id, made.agency, made.day, made.number, visit.staff, ports.units, ports.clock)
    return CaseView.of(await deed)


@routes.post("/report-lifted")
async def lift_report(case_id: Identity, reason: Reason, visit: Caller, ports: Ports) -> CaseView:
    """Looked into: it need not be reported; for supervisors and administrators. 409 if nothing is to be."""
    return CaseView.of(await cases.lift_report(case_id, reason.words, visit.staff, ports.units, ports.clock))


@routes.post("/extension")
async def extend(case_id: Identity, reason: Reason, visit: Caller, ports: Ports) -> CaseView:
    """Give 30 days more for the answer, once; for supervisors and administrators. 409 if there is none to extend."""
    return CaseView.of(await cases.extend(case_id, reason.words, visit.staff, ports.units, ports.clock))
