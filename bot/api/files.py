"""The office's files: list and read them, and take a step of the workflow; the figures of a period."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from bot import cases
from bot.api.case_models import CaseFileView, CaseListView, FiguresView, Step
from bot.api.models import CaseView, Identity
from bot.api.ports import Ports
from bot.api.problems import ROOT, problems
from bot.conversation.cases import CaseStatus
from bot.conversation.deadlines import day_of
from bot.conversation.figures import Period
from bot.conversation.flows import ReferralKind
from bot.conversation.levels import Level, Topic
from bot.conversation.messages import new_id
from bot.conversation.staff import AuditEntry
from bot.store.case_reads import Wanted
from bot.web.access import Caller

routes = APIRouter(prefix=ROOT, tags=["cases"], responses=problems(401, 403, 404, 422, 503))


@routes.get("/cases")
async def list_cases(
    visit: Caller,
    ports: Ports,
    status: Annotated[CaseStatus | None, Query()] = None,
    topic: Annotated[Topic | None, Query()] = None,
    level: Annotated[Level | None, Query()] = None,
    region: Annotated[
        str | None, Query(pattern="^[0-9]{6}$", description="GB/T 2260 code, with what lies below")
    ] = None,
    referral: Annotated[ReferralKind | None, Query()] = None,
    overdue: Annotated[bool, Query()] = False,
    must_report: Annotated[bool, Query()] = False,
    number: Annotated[str, Query(max_length=20, pattern="^[0-9-]*$", description="any part of it")] = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> CaseListView:
    """The files of the caller's scope, 50 a page: the archived last, the most urgent first, then the newest."""
    visit.staff.check_may_chat()
    wanted = Wanted(status, topic, level, region, referral, overdue, must_report, number)
    today = day_of(ports.clock.now())
    return CaseListView.of(await ports.case_reads.case_list(visit.staff.scope, wanted, today, page))


@routes.get("/cases/{case_id}")
async def show_case(case_id: Identity, visit: Caller, ports: Ports) -> CaseFileView:
    """One file with its history; that it was opened is written to the audit trail."""
    visit.staff.check_may_chat()
    page = await ports.case_reads.case_page(visit.staff.scope, case_id)
    async with ports.units() as uow:
        await uow.audit.append(AuditEntry(new_id(), visit.staff.id, "case.open", case_id, ports.clock.now()))
        await uow.commit()
    return CaseFileView.of(page)


@routes.post("/cases/{case_id}/steps", responses=problems(409))
async def advance_case(case_id: Identity, step: Step, visit: Caller, ports: Ports) -> CaseView:
    """Take one step; 409 if it does not lead there from here, 422 if it lacks the office or the words it needs."""
    visit.staff.check_may_chat()
    return CaseView.of(await cases.advance(case_id, step.step(), visit.staff, ports.units, ports.clock))


@routes.get("/reports", tags=["reports"])
async def show_figures(
    visit: Caller,
    ports: Ports,
    first: Annotated[date, Query(description="the first day, in Hunan")],
    last: Annotated[date, Query(description="the last day, at most a year later")],
) -> FiguresView:
    """The figures of a period in the caller's scope, for supervisors and administrators; counts only, none small."""
    visit.staff.check_may_oversee()
    today = day_of(ports.clock.now())
    return FiguresView.of(
        await ports.case_reads.figures(visit.staff.scope, Period(first, last), today, cases.is_workday)
    )
