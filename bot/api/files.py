"""The office's files: read one, and take a step of its workflow."""

from __future__ import annotations

from fastapi import APIRouter

from bot import cases
from bot.api.models import CaseView, Identity, Step
from bot.api.ports import ApiPorts, Ports
from bot.api.problems import ROOT, problems
from bot.conversation.cases import Case
from bot.conversation.errors import Forbidden, NotFound
from bot.conversation.messages import new_id
from bot.conversation.staff import AuditEntry, Staff
from bot.web.access import Caller

routes = APIRouter(prefix=ROOT, tags=["cases"], responses=problems(401, 403, 404, 422, 503))


@routes.get("/cases/{case_id}")
async def show_case(case_id: Identity, visit: Caller, ports: Ports) -> CaseView:
    """One file of the office; that it was opened is written to the audit trail."""
    visit.staff.check_may_chat()
    return CaseView.of(await _open(case_id, visit.staff, ports))


@routes.post("/cases/{case_id}/status", responses=problems(409))
async def advance_case(case_id: Identity, step: Step, visit: Caller, ports: Ports) -> CaseView:
    """Take one step of the workflow; 409 if it does not lead there from here."""
    visit.staff.check_may_chat()
    return CaseView.of(await cases.advance(case_id, step.status, visit.staff, ports.units, ports.clock))


async def _open(case_id: str, staff: Staff, ports: ApiPorts) -> Case:
    async with ports.units() as uow:
        case = await uow.cases.get(case_id)
        try:
            staff.check_may_see(case.account_id, case.region)
        except Forbidden:
            raise NotFound("no such case") from None
        await uow.audit.append(AuditEntry(new_id(), staff.id, "case.open", case.id, ports.clock.now()))
        await uow.commit()
    return case
