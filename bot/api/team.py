"""Who of the office may be handed a conversation, and the word of a program's operator that she is there."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field

from bot.api.models import Input
from bot.api.ports import Ports
from bot.api.problems import ROOT, problems
from bot.conversation.handoffs import Skill
from bot.conversation.staff import Colleague, Role
from bot.web.access import Caller

routes = APIRouter(prefix=ROOT, tags=["team"], responses=problems(401, 403, 422, 503))


class ColleagueView(BaseModel):
    """One who takes conversations."""

    id: str = Field(description="for `to_staff` of a transfer and `staff_id` of an assignment")
    name: str
    role: Role
    skills: list[Skill]
    at_desk: bool
    in_hand: int = Field(description="how many conversations she has")
    chat_limit: int = Field(description="and may have; a critical one may come on top")

    @staticmethod
    def of(one: Colleague, *, at_desk: bool) -> ColleagueView:
        """The JSON of one colleague."""
        staff = one.staff
        return ColleagueView(
            id=staff.id,
            name=staff.display_name,
            role=staff.role,
            skills=sorted(staff.skills),
            at_desk=at_desk,
            in_hand=one.in_hand,
            chat_limit=staff.chat_limit,
        )


class Presence(Input):
    """Whether the caller is at her desk."""

    on_duty: bool


@routes.get("/colleagues")
async def show_colleagues(visit: Caller, ports: Ports) -> list[ColleagueView]:
    """Who takes conversations of the caller's scope, the caller among them."""
    visit.staff.check_may_chat()
    present = await ports.queue.present()
    team = [one for one in await ports.queries.team() if one.staff.scope.meets(visit.staff.scope)]
    return [ColleagueView.of(one, at_desk=one.staff.id in present) for one in team]


@routes.post("/presence", status_code=204)
async def be_present(presence: Presence, visit: Caller, ports: Ports) -> None:
    """Be on duty, for a minute: a program says so every 20 s for as long as somebody sits in front of it.

    Only while somebody is on duty are women told that a person comes. `false` ends it at once.
    """
    visit.staff.check_may_chat()
    await (ports.queue.arrive if presence.on_duty else ports.queue.leave)(visit.staff.id)
