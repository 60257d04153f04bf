"""Who of the team talks with whom now, for those who look after the whole: from here they read along and step in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.console.duty import who_is_there
from bot.console.ports import ConsolePorts, Ports
from bot.console.screens import Names
from bot.console.show import pages
from bot.console.wording import ROLES
from bot.conversation.handoffs import Handoff
from bot.conversation.staff import Colleague, Staff
from bot.store.queries import contact_name
from bot.web.access import Visitor

routes = APIRouter(prefix="/desk/talks", include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Hands:
    """One of the team: `talks` is what she holds within the viewer's scope, the most urgent first.

    `is_there` is None where nobody can say who is at her desk.
    """

    colleague: Colleague
    talks: Sequence[Handoff]
    is_there: bool | None


@dataclass(frozen=True, slots=True)
class TalksScreen:
    """The page."""

    team: Sequence[Hands]
    now: datetime
    names: Names
    role: str

    @property
    def total(self) -> int:
        """How many conversations are held."""
        return sum(len(one.talks) for one in self.team)

    def person(self, talk: Handoff) -> str:
        """What operators call her."""
        return contact_name(talk.contact_id)


@routes.get("")
async def show(request: Request, visit: Visitor, ports: Ports) -> Response:
    """Who holds what, and who is there and holds nothing."""
    visit.staff.check_may_oversee()
    screen = TalksScreen(
        team=await _team(visit.staff, ports),
        now=ports.clock.now(),
        names=Names(ports.accounts, ports.directory),
        role=ROLES[visit.staff.role],
    )
    return pages.show(request, "talks.html", screen)


async def _team(viewer: Staff, ports: ConsolePorts) -> list[Hands]:
    async with ports.units(reading=True) as uow:
        claimed = await uow.handoffs.claimed()
    held: dict[str | None, list[Handoff]] = defaultdict(list)
    for one in claimed:
        if viewer.scope.covers(one.account_id, one.region):
            held[one.claimed_by].append(one)
    present = await who_is_there(ports)
    team = [
        Hands(
            one,
            sorted(held[one.staff.id], key=lambda talk: (-talk.level.rank, talk.waits_since)),
            None if present is None else one.staff.id in present,
        )
        for one in await ports.queries.team()
    ]
    shown = [one for one in team if one.talks or (one.is_there and viewer.scope.holds(one.colleague.staff.scope))]
    return sorted(shown, key=lambda one: -len(one.talks))
