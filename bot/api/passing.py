"""Passing a conversation on: to everybody, a person, a skill or a region; by a supervisor, or into her own hands."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from bot import cases, handoff
from bot.api.conversations import shown
from bot.api.models import ConversationView, Identity, Input
from bot.api.ports import Ports
from bot.api.problems import ROOT, problems
from bot.conversation.errors import NotFound
from bot.conversation.handoffs import Skill
from bot.conversation.notes import MAX_NOTE
from bot.handoff import Target
from bot.web.access import Caller

routes = APIRouter(prefix=ROOT, tags=["conversations"], responses=problems(401, 403, 404, 409, 422, 503))

Remark = Annotated[str, Field(max_length=MAX_NOTE, description="for colleagues only; kept beside the conversation")]


class Passing(Input):
    """For whom a conversation is handed on: one of the first three, or with none of them everybody."""

    to_staff: str | None = Field(default=None, description="id of a colleague; the others wait a while for her")
    skill: Skill | None = None
    region: str | None = Field(default=None, pattern="^[0-9]{6}$", description="GB/T 2260 code of an office")
    note: Remark = ""


class Assignment(Input):
    """To whom a supervisor gives one that waits."""

    staff_id: str
    at_once: bool = Field(default=False, description="into her hands, instead of keeping it for her")
    note: Remark = ""


class SteppingIn(Input):
    """Why a supervisor takes a conversation out of a colleague's hands."""

    note: Remark = ""


@routes.post(
    "/conversations/{conversation_id}/transfer",
    response_model=ConversationView,
    responses={204: {"description": "Handed on, to where the caller does not see it"}},
)
async def transfer(
    conversation_id: Identity, visit: Caller, ports: Ports, passing: Passing | None = None
) -> ConversationView | Response:
    """Put the conversation back among the waiting, at its old place: for everybody, a person, a skill or a region."""
    to = passing or Passing()
    target = Target(to.to_staff, to.skill, to.region)
    await handoff.transfer(conversation_id, visit.staff, ports.handoff, target, to.note, along=cases.move_along)
    try:
        return await shown(conversation_id, visit.staff, ports)
    except NotFound:
        return Response(status_code=204)


@routes.post("/conversations/{conversation_id}/assign")
async def assign(conversation_id: Identity, assignment: Assignment, visit: Caller, ports: Ports) -> ConversationView:
    """Keep a waiting conversation for a colleague or put it into her hands; for supervisors and administrators."""
    to, at_once, note = assignment.staff_id, assignment.at_once, assignment.note
    await handoff.assign(conversation_id, visit.staff, to, ports.handoff, note, at_once=at_once)
    return await shown(conversation_id, visit.staff, ports)


@routes.post("/conversations/{conversation_id}/step-in")
async def step_in(
    conversation_id: Identity, visit: Caller, ports: Ports, why: SteppingIn | None = None
) -> ConversationView:
    """Take a conversation out of a colleague's hands; for supervisors and administrators."""
    await handoff.step_in(conversation_id, visit.staff, ports.handoff, why.note if why else "")
    return await shown(conversation_id, visit.staff, ports)
