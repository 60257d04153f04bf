"""The live stream of the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from bot.api.ports import Ports
from bot.api.problems import ROOT, problems
from bot.web import sessions
from bot.web.access import Caller, door_of
from bot.web.live import stream

routes = APIRouter(prefix=ROOT, tags=["events"], responses=problems(401, 403, 503))

_DOCUMENTED = {
    "description": "Server-sent events, for as long as the caller listens",
    "content": {"text/event-stream": {}},
}


@routes.get("/events", response_class=Response, responses={200: _DOCUMENTED})
async def events(
    request: Request, visit: Caller, ports: Ports, last_event_id: Annotated[str | None, Header()] = None
) -> Response:
    """What changes in the caller's scope, as server-sent events.

    `ready` comes first: what changes after it will not be missed, so load the present state then. Then one event a
    change, named by its kind (`handoff.requested`, `handoff.raised`, `handoff.moved`, `handoff.claimed`,
    `handoff.resolved`, `message.added`, `delivery.settled`, `note.added`,
    `contact.changed`, `alert.raised`, `alert.cleared`), with ids and states as
    JSON and never a person's words. Come back with `Last-Event-ID` to catch up; `reload` says that this id is no longer
    kept.
    """
    visit.staff.check_may_chat()
    door = door_of(request)

    async def still_here() -> bool:
        await sessions.is_here(visit.staff, door)
        return await sessions.still_holds(visit, door)

    return stream(ports.feed, visit.staff.scope, last_event_id or None, still_here, ports.clock)
