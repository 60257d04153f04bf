"""The supervisors' check of archived cases: which are still to be checked, and the judgement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from bot import cases
from bot.console.case_deeds import CaseId, Words, done
from bot.console.ports import Ports
from bot.console.screens import Names
from bot.console.show import pages
from bot.console.wording import ROLES
from bot.conversation.case_checks import Check, Question, Verdict
from bot.store.case_reads import ToCheck
from bot.web.access import Member, Visitor
from bot.web.errors import Told

routes = APIRouter(include_in_schema=False)

_LACKING = (
    "还没有填全：五项都要选；有一项不是“好”、或者不通过，要写明白（最多2000字）；有“有问题”的不能通过。"
    "没有保存，请补上再交。"
)
_OWN = Told(409, "您办过这一件，要请别的督导来检查。")


@dataclass(frozen=True, slots=True)
class ChecksScreen:
    """The list of what is still to be checked."""

    found: ToCheck
    now: datetime
    names: Names
    role: str


@routes.get("/desk/checks")
async def show_list(request: Request, visit: Visitor, ports: Ports) -> Response:
    """Archived cases that nobody checked yet."""
    visit.staff.check_may_oversee()
    screen = ChecksScreen(
        found=await ports.case_reads.to_check(visit.staff.scope, visit.staff.id),
        now=ports.clock.now(),
        names=Names(ports.accounts, ports.directory),
        role=ROLES[visit.staff.role],
    )
    return pages.show(request, "checks.html", screen)


@routes.post("/desk/cases/{case_id}/check")
async def check(
    case_id: CaseId,
    staff: Member,
    ports: Ports,
    passed: Annotated[bool, Form()],
    safety: Annotated[Verdict, Form()],
    law: Annotated[Verdict, Form()],
    promises: Annotated[Verdict, Form()],
    deadlines: Annotated[Verdict, Form()],
    tone: Annotated[Verdict, Form()],
    words: Words = "",
) -> Response:
    """Keep her judgement."""
    staff.check_may_oversee()
    verdicts = {
        Question.SAFETY: safety,
        Question.LAW: law,
        Question.PROMISES: promises,
        Question.DEADLINES: deadlines,
        Question.TONE: tone,
    }
    judged = Check(verdicts, passed, words)
    deed = cases.check(case_id, judged, staff, ports.units, ports.clock)
    return await done(case_id, deed, lacking=_LACKING, forbidden=_OWN)
