"""The office's files: the list, one case, and what is done in it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from bot import cases, desk
from bot.console.case_deeds import CaseId, Words, done
from bot.console.case_screens import CasesScreen, case_screen
from bot.console.moves import opened
from bot.console.ports import ConsolePorts, Ports
from bot.console.replies import Key
from bot.console.screens import Names
from bot.console.show import pages
from bot.console.wording import ROLES
from bot.conversation.case_work import CaseStep, Outcome, VisitStatus
from bot.conversation.cases import Agency, CaseStatus
from bot.conversation.deadlines import day_of
from bot.conversation.flows import ReferralKind
from bot.conversation.levels import Level, Topic
from bot.store.case_reads import Wanted
from bot.web.access import Member, Visitor
from bot.web.errors import Told

routes = APIRouter(prefix="/desk/cases", include_in_schema=False)

_NO_TAKER = "这位同事看不到这一件，没有换。请换一位。"
_NOT_HERS = Told(403, "别人经办的，您可以自己接过来；交给另外的同事，要经办人或者督导来点。")


@routes.get("")
async def show_list(
    request: Request,
    visit: Visitor,
    ports: Ports,
    status: Annotated[str, Query()] = "",
    topic: Annotated[str, Query()] = "",
    level: Annotated[str, Query()] = "",
    region: Annotated[str, Query(max_length=6)] = "",
    referral: Annotated[str, Query()] = "",
    overdue: Annotated[bool, Query()] = False,
    report: Annotated[bool, Query()] = False,
    mine: Annotated[bool, Query()] = False,
    today: Annotated[bool, Query()] = False,
    quiet: Annotated[bool, Query()] = False,
    q: Annotated[str, Query(max_length=20)] = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """The cases asked for, page by page."""
    visit.staff.check_may_chat()
    now = ports.clock.now()
    day = day_of(now)
    wanted = Wanted(
        status=_one(CaseStatus, status),
        topic=_one(Topic, topic),
        level=_one(Level, level),
        region=region or None,
        referral=_one(ReferralKind, referral),
        overdue=overdue,
        must_report=report,
        number=q.strip(),
        staff_id=visit.staff.id if mine else None,
        today=today,
        quiet=quiet,
    )
    team, of_all = await ports.queries.team(), wanted == Wanted() and page == 1
    screen = CasesScreen(
        staff_names={one.staff.id: one.staff.display_name for one in team},
        found=await ports.case_reads.case_list(visit.staff.scope, wanted, day, page),
        to_do=await ports.case_reads.to_do(visit.staff.scope, day) if of_all else None,
        calls=await ports.queries.overdue_calls(visit.staff.scope, now) if of_all else (),
        wanted=wanted,
        regions=sorted({account.region for account in ports.accounts.values()}),
        today=day,
        now=now,
        names=Names(ports.accounts, ports.directory),
        role=ROLES[visit.staff.role],
    )
    return pages.show(request, "cases.html", screen)


@routes.get("/{case_id}")
async def show_case(request: Request, case_id: CaseId, visit: Visitor, ports: Ports) -> Response:
    """One case; that she opened it is written down."""
    visit.staff.check_may_chat()
    page = await desk.open_case(case_id, visit.staff, ports)
    staff, names = await desk.everybody(ports), Names(ports.accounts, ports.directory)
    screen = case_screen(page, visit.staff, staff, names, ports.clock.now())
    return pages.show(request, "case.html", screen)


@routes.post("/{case_id}/steps")
async def take_step(
    case_id: CaseId,
    staff: Member,
    ports: Ports,
    status: Annotated[CaseStatus, Form()],
    words: Words = "",
    agency: Annotated[Agency | None, Form()] = None,
    day: Annotated[date | None, Form()] = None,
    seen: Annotated[CaseStatus | None, Form()] = None,
    conversation_id: Annotated[str | None, Form(pattern="^[0-9a-f]{32}$")] = None,
) -> Response:
    """Take one step of the workflow; back to the conversation if it was taken from there."""
    step = CaseStep(status, words, agency, day, seen)
    shown = await done(case_id, cases.advance(case_id, step, staff, *_at(ports)))
    return opened(conversation_id) if conversation_id else shown


@routes.post("/{case_id}/notes")
async def write_note(case_id: CaseId, staff: Member, ports: Ports, words: Words = "", key: Key = "") -> Response:
    """Write something down."""
    return await done(case_id, cases.note(case_id, words, staff, *_at(ports), key))


@routes.post("/{case_id}/referrals")
async def note_request(
    case_id: CaseId, staff: Member, ports: Ports, kind: Annotated[ReferralKind, Form()], words: Words = ""
) -> Response:
    """She asked for legal aid, counselling or mediation."""
    return await done(case_id, cases.note_request(case_id, kind, words, staff, *_at(ports)))


@routes.post("/{case_id}/handler")
async def name_handler(
    case_id: CaseId, staff: Member, ports: Ports, handler: Annotated[str, Form(max_length=64)]
) -> Response:
    """Who works on it from now on."""
    deed = cases.name_handler(case_id, handler, staff, *_at(ports))
    return await done(case_id, deed, lacking=_NO_TAKER, forbidden=_NOT_HERS)


@routes.post("/{case_id}/extension")
async def extend(case_id: CaseId, staff: Member, ports: Ports, words: Words = "") -> Response:
    """Give 30 days more."""
    return await done(case_id, cases.extend(case_id, words, staff, *_at(ports)))


@routes.post("/{case_id}/report-needed")
async def need_report(case_id: CaseId, staff: Member, ports: Ports, words: Words = "") -> Response:
    """Harm to a minor must be reported."""
    return await done(case_id, cases.need_report(case_id, words, staff, *_at(ports)))


@routes.post("/{case_id}/report")
async def report(
    case_id: CaseId,
    staff: Member,
    ports: Ports,
    agency: Annotated[Agency, Form()],
    day: Annotated[date, Form()],
    words: Words = "",
) -> Response:
    """It was reported."""
    return await done(case_id, cases.report(case_id, agency, day, words, staff, *_at(ports)))


@routes.post("/{case_id}/report-lifted")
async def lift_report(case_id: CaseId, staff: Member, ports: Ports, words: Words = "") -> Response:
    """It need not be reported."""
    return await done(case_id, cases.lift_report(case_id, words, staff, *_at(ports)))


@routes.post("/{case_id}/risk")
async def assess(
    case_id: CaseId,
    staff: Member,
    ports: Ports,
    mark: Annotated[list[str] | None, Form()] = None,
    words: Words = "",
    key: Key = "",
) -> Response:
    """Keep what she judges of the danger."""
    return await done(case_id, cases.assess(case_id, mark or [], words, staff, *_at(ports), key))


@routes.post("/{case_id}/visits")
async def plan_visit(
    case_id: CaseId, staff: Member, ports: Ports, day: Annotated[date, Form()], words: Words = "", key: Key = ""
) -> Response:
    """Plan a follow-up visit."""
    return await done(case_id, cases.plan_visit(case_id, day, words, staff, *_at(ports), key))


@routes.post("/{case_id}/visits/{visit_id}")
async def settle_visit(
    case_id: CaseId,
    visit_id: CaseId,
    staff: Member,
    ports: Ports,
    status: Annotated[VisitStatus, Form()],
    outcome: Annotated[Outcome | None, Form()] = None,
    words: Words = "",
) -> Response:
    """How the visit went."""
    found = outcome if status is VisitStatus.DONE else None
    return await done(case_id, cases.settle_visit(case_id, visit_id, status, found, words, staff, *_at(ports)))


def _at(ports: ConsolePorts) -> tuple[Any, Any]:
    return ports.units, ports.clock


def _one[Code: StrEnum](kind: type[Code], text: str) -> Code | None:
    return kind(text) if text in set(kind) else None
