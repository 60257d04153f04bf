"""Calls back that women asked for: list them, read a number, note what became of a call."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from bot import handoff
from bot.api.models import Identity, Input
from bot.api.ports import Ports
from bot.api.problems import ROOT, problems
from bot.conversation.call_backs import CallBack, CallOutcome
from bot.conversation.levels import Level
from bot.conversation.masking import masked
from bot.conversation.notes import MAX_NOTE
from bot.web.access import Caller

routes = APIRouter(prefix=f"{ROOT}/call-backs", tags=["call backs"], responses=problems(401, 403, 422, 503))


TakeOver = Annotated[bool, Query(description="dial it though a colleague is at it: ask her first")]


class CallNoted(Input):
    """What became of a call; it is noted beside the conversation."""

    outcome: Literal[CallOutcome.REACHED, CallOutcome.NOT_REACHED, CallOutcome.WRONG_NUMBER] | None = Field(
        description="null where nobody answered and she is called again; not_reached, to stop trying, from the third "
        "call on"
    )
    words: str = Field(default="", max_length=MAX_NOTE)


class CallBackView(BaseModel):
    """A call back, its number and what names her in her words masked."""

    id: str
    conversation_id: str
    account_id: str
    region: str
    level: Level
    masked_phone: str
    when: str = Field(description="in her words; she is called then and never else")
    discreet: bool = Field(description="who else answers must not hear who calls: say that it is a wrong number")
    words: str
    asked_at: datetime
    due_at: datetime = Field(description="after this it is late; what counts is when she said, in `when`")
    tries: int
    settled_at: datetime | None
    settled_by: str | None = Field(description="null where she settled it herself")
    outcome: CallOutcome | None
    dialling: str | None = Field(description="id of who was shown the number in the last 15 minutes and noted no call")

    @staticmethod
    def of(asked: CallBack, now: datetime) -> CallBackView:
        """The JSON of one."""
        return CallBackView(
            id=asked.id,
            conversation_id=asked.conversation_id,
            account_id=asked.account_id,
            region=asked.region,
            level=asked.level,
            masked_phone=asked.masked,
            when=masked(asked.when),
            discreet=asked.discreet,
            words=masked(asked.words),
            asked_at=asked.asked_at,
            due_at=asked.due_at,
            tries=asked.tries,
            settled_at=asked.settled_at,
            settled_by=asked.settled_by,
            outcome=asked.outcome,
            dialling=asked.dialling(now),
        )


class CallBacksView(BaseModel):
    """Those still to be made, the overdue first, then the most urgent; and the settled of 30 days, the newest first."""

    open: list[CallBackView]
    settled: list[CallBackView]


class NumberView(BaseModel):
    """A number to dial, and her words about it as she wrote them."""

    phone: str = Field(description="digits only")
    when: str
    words: str


@routes.get("")
async def show_call_backs(visit: Caller, ports: Ports) -> CallBacksView:
    """Those of the caller's scope."""
    visit.staff.check_may_chat()
    now = ports.clock.now()
    found = await ports.queries.call_backs(visit.staff.scope, now)
    to_make, made = ([CallBackView.of(asked, now) for asked in part] for part in (found.open, found.settled))
    return CallBacksView(open=to_make, settled=made)


@routes.post("/{call_back_id}/number", responses=problems(404, 409))
async def show_number(call_back_id: Identity, visit: Caller, ports: Ports, take_over: TakeOver = False) -> NumberView:
    """The number of an open one, for who dials it now; 409 while a colleague does. The audit trail knows of it."""
    visit.staff.check_may_chat()
    asked = await handoff.reveal_number(call_back_id, visit.staff, ports.units, ports.clock, take_over=take_over)
    return NumberView(phone=asked.phone, when=asked.when, words=asked.words)


@routes.post("/{call_back_id}/calls", responses=problems(404, 409))
async def note_call(call_back_id: Identity, noted: CallNoted, visit: Caller, ports: Ports) -> CallBackView:
    """Note a call; 409 if it is settled, or given up before the third call."""
    visit.staff.check_may_chat()
    asked = await handoff.note_call(call_back_id, noted.outcome, noted.words, visit.staff, ports.units, ports.clock)
    return CallBackView.of(asked, ports.clock.now())
