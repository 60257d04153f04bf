"""The calls back that women asked for: when to dial, what may be said, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot import handoff
from bot.console.ports import ConsolePorts, Ports
from bot.console.screens import Names
from bot.console.show import pages
from bot.console.wording import ROLES
from bot.conversation.call_backs import CallBack, CallOutcome
from bot.conversation.errors import BeingDialled, Conflict, InvalidData
from bot.conversation.notes import MAX_NOTE
from bot.conversation.staff import Staff
from bot.store.call_back_reads import CallBackList
from bot.store.queries import contact_name
from bot.web.access import Bystander, Member, Visitor
from bot.web.errors import Told
from bot.web.pages import by_htmx

routes = APIRouter(prefix="/desk/call-backs", include_in_schema=False)

_SETTLED = "这个回电刚有同事记了结果，或者她取消了，没有做成。请刷新看最新情况。"
_BEING_DIALLED = "同事刚看了这个号码，可能正在打，没有显示给您。刷新就看得到是谁；要由您来打，先问问她。"
_TOO_LONG = f"备注最多{MAX_NOTE}字，没有保存。"

OUTCOMES: Mapping[CallOutcome | None, str] = {
    CallOutcome.REACHED: "打通了",
    CallOutcome.NOT_REACHED: "没打通，不再打",
    CallOutcome.WRONG_NUMBER: "号码不对",
    CallOutcome.WITHDRAWN: "她取消了",
}

CallBackId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]


class Called(StrEnum):
    """The buttons under a call."""

    REACHED = "reached"
    AGAIN = "again"
    WRONG_NUMBER = "wrong_number"
    NOT_REACHED = "not_reached"


@dataclass(frozen=True, slots=True)
class CallBacksScreen:
    """The page, as the member of staff `me` sees it; `shown` has the number that was asked for, seen on it alone."""

    found: CallBackList
    shown: CallBack | None
    me: str
    staff_names: Mapping[str, str]
    now: datetime
    names: Names
    role: str
    max_words: int = MAX_NOTE

    def number(self, asked: CallBack) -> str | None:
        """The number, if it was asked for."""
        return asked.grouped if self.shown is not None and self.shown.id == asked.id else None

    @property
    def overdue(self) -> int:
        """How many should have been made by now."""
        return sum(asked.is_overdue(self.now) for asked in self.found.open)

    def person(self, asked: CallBack) -> str:
        """What operators call her."""
        return contact_name(asked.contact_id)

    def dialling(self, asked: CallBack) -> str | None:
        """The name of the colleague who is dialling it; None if nobody is, or she herself."""
        who = asked.dialling(self.now)
        return None if who in (None, self.me) else self._name(who)

    def outcome(self, asked: CallBack) -> str:
        """How it ended."""
        return OUTCOMES[asked.outcome]

    def who(self, asked: CallBack) -> str:
        """Who settled it."""
        return "她自己" if asked.settled_by is None else self._name(asked.settled_by)

    def _name(self, staff_id: str) -> str:
        return self.staff_names.get(staff_id, "已离开的同事")


@routes.get("")
async def show(request: Request, visit: Visitor, ports: Ports) -> Response:
    """Those to be made, and those of the last days."""
    visit.staff.check_may_chat()
    page = await _page(request, visit.staff, ports, None)
    if by_htmx(request):  # back from noting a call: the list of rooms counts again
        page.headers["HX-Trigger"] = "call-noted"
    return page


@routes.get("/count")
async def count(visit: Bystander, ports: Ports) -> Response:
    """How many are to be made, for the list of rooms; empty where none is."""
    visit.staff.check_may_chat()
    found = await ports.queries.count_call_backs(visit.staff.scope)
    return HTMLResponse(str(found or ""))


@routes.post("/{call_back_id}/number")
async def show_number(
    request: Request,
    call_back_id: CallBackId,
    staff: Member,
    ports: Ports,
    take_over: Annotated[bool, Form()] = False,
) -> Response:
    """The page with this number, once the audit trail knows of it, and colleagues that she is dialling it."""
    staff.check_may_chat()
    try:
        shown = await handoff.reveal_number(call_back_id, staff, ports.units, ports.clock, take_over=take_over)
    except BeingDialled:
        raise Told(409, _BEING_DIALLED) from None
    except Conflict:
        raise Told(409, _SETTLED) from None
    return await _page(request, staff, ports, shown)


@routes.post("/{call_back_id}/calls")
async def note_call(
    call_back_id: CallBackId,
    staff: Member,
    ports: Ports,
    called: Annotated[Called, Form()],
    words: Annotated[str, Form()] = "",
) -> Response:
    """What became of a call."""
    staff.check_may_chat()
    outcome = None if called is Called.AGAIN else CallOutcome(called)
    try:
        await handoff.note_call(call_back_id, outcome, words, staff, ports.units, ports.clock)
    except InvalidData:
        raise Told(422, _TOO_LONG) from None
    except Conflict:
        raise Told(409, _SETTLED) from None
    return RedirectResponse("/desk/call-backs", 303)


async def _page(request: Request, staff: Staff, ports: ConsolePorts, shown: CallBack | None) -> Response:
    now = ports.clock.now()
    screen = CallBacksScreen(
        found=await ports.queries.call_backs(staff.scope, now),
        shown=shown,
        me=staff.id,
        staff_names={one.staff.id: one.staff.display_name for one in await ports.queries.team()},
        now=now,
        names=Names(ports.accounts, ports.directory),
        role=ROLES[staff.role],
    )
    return pages.show(request, "call_backs.html", screen)
