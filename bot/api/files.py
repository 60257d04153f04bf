"""The office's files: list and read them, and work on them; the figures of a period."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from bot import cases, desk
from bot.api.case_models import (
    CaseFileView,
    CaseListView,
    CaseNote,
    EntryView,
    Letter,
    Step,
    VisitPlan,
    VisitResult,
    VisitView,
)
from bot.api.conversations import Once
from bot.api.figure_models import FiguresView
from bot.api.models import CaseView, Identity
from bot.api.ports import Ports
from bot.api.problems import ROOT, problems
from bot.conversation.cases import CaseStatus
from bot.conversation.deadlines import day_of
from bot.conversation.figures import Period, Slice
from bot.conversation.flows import ReferralKind
from bot.conversation.levels import Level, Topic
from bot.papers.stationery import MEDIA_TYPES, FileKind
from bot.store.case_reads import Wanted
from bot.web.access import Caller

routes = APIRouter(prefix=ROOT, tags=["cases"], responses=problems(401, 403, 404, 422, 503))

_FILE: dict[int | str, dict[str, Any]] = {200: {"description": "The file", "content": {"*/*": {}}}}


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
    mine: Annotated[bool, Query(description="only those in which the caller had a hand")] = False,
    today: Annotated[bool, Query(description="only those in which something is to be done today")] = False,
    quiet: Annotated[bool, Query(description="only those on file in which nothing happened for 30 days")] = False,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> CaseListView:
    """The files of the caller's scope, 50 a page: the archived last, the most urgent first, then the newest."""
    visit.staff.check_may_chat()
    hers = visit.staff.id if mine else None
    wanted = Wanted(status, topic, level, region, referral, overdue, must_report, number, hers, today, quiet)
    found = await ports.case_reads.case_list(visit.staff.scope, wanted, day_of(ports.clock.now()), page)
    return CaseListView.of(found)


@routes.get("/cases/{case_id}")
async def show_case(case_id: Identity, visit: Caller, ports: Ports) -> CaseFileView:
    """One file with its history; that it was opened is written to the audit trail."""
    visit.staff.check_may_chat()
    page = await desk.open_case(case_id, visit.staff, ports)
    return CaseFileView.of(page, cases.takers(page.case, visit.staff, await desk.everybody(ports)))


@routes.post("/cases/{case_id}/steps", responses=problems(409))
async def advance_case(case_id: Identity, step: Step, visit: Caller, ports: Ports) -> CaseView:
    """Take one step; 409 if it does not lead there from here, 422 if it lacks the office or the words it needs."""
    visit.staff.check_may_chat()
    return CaseView.of(await cases.advance(case_id, step.step(), visit.staff, ports.units, ports.clock))


@routes.post("/cases/{case_id}/notes")
async def write_note(
    case_id: Identity, note: CaseNote, visit: Caller, ports: Ports, idempotency_key: Once = ""
) -> CaseView:
    """Write something down for colleagues."""
    visit.staff.check_may_chat()
    return CaseView.of(await cases.note(case_id, note.text, visit.staff, ports.units, ports.clock, idempotency_key))


@routes.post("/cases/{case_id}/visits", status_code=201, responses=problems(409))
async def plan_visit(
    case_id: Identity, plan: VisitPlan, visit: Caller, ports: Ports, idempotency_key: Once = ""
) -> VisitView:
    """Plan a follow-up visit; 409 once the file is archived, 422 for a day gone by."""
    visit.staff.check_may_chat()
    what, at = (plan.day, plan.words), (ports.units, ports.clock)
    planned = await cases.plan_visit(case_id, *what, visit.staff, *at, idempotency_key)
    return VisitView.of(planned)


@routes.post("/cases/{case_id}/visits/{visit_id}", responses=problems(409))
async def settle_visit(
    case_id: Identity, visit_id: Identity, result: VisitResult, visit: Caller, ports: Ports
) -> VisitView:
    """How the visit went; 409 if that is known, 422 if it lacks its outcome."""
    visit.staff.check_may_chat()
    how = (result.status, result.outcome, result.words)
    return VisitView.of(await cases.settle_visit(case_id, visit_id, *how, visit.staff, ports.units, ports.clock))


@routes.post("/cases/{case_id}/letters", status_code=201, responses=problems(409))
async def write_letter(
    case_id: Identity, letter: Letter, visit: Caller, ports: Ports, idempotency_key: Once = ""
) -> EntryView:
    """Keep a letter to the office that the file went to; 409 if it went to none."""
    visit.staff.check_may_chat()
    deed = cases.write_letter(case_id, letter.words(), visit.staff, ports.units, ports.clock, idempotency_key)
    return EntryView.of(await deed)


@routes.get("/cases/{case_id}/letters/{entry_id}.{kind}", response_class=Response, responses=_FILE)
async def save_letter(case_id: Identity, entry_id: Identity, kind: FileKind, visit: Caller, ports: Ports) -> Response:
    """A letter as Word or PDF; that it was taken is written to the audit trail."""
    visit.staff.check_may_chat()
    _, data = await desk.take_letter(case_id, entry_id, kind, visit.staff, ports)
    return Response(data, media_type=MEDIA_TYPES[kind])


@routes.get("/reports", tags=["reports"])
async def show_figures(
    visit: Caller,
    ports: Ports,
    first: Annotated[date, Query(description="the first day, in Hunan")],
    last: Annotated[date, Query(description="the last day, at most a year later")],
    topic: Annotated[Topic | None, Query(description="only of this topic")] = None,
    level: Annotated[Level | None, Query(description="only of this level")] = None,
    region: Annotated[str | None, Query(pattern="^[0-9]{6}$", description="only of this region and below")] = None,
) -> FiguresView:
    """The figures of a period in the caller's scope, for supervisors and administrators; counts only, none small."""
    visit.staff.check_may_oversee()
    period, chosen = Period(first, last), Slice(topic, level, region)
    now = ports.clock.now()
    return FiguresView.of(await ports.case_reads.figures(visit.staff.scope, period, chosen, now))
