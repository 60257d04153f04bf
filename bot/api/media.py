"""The bytes of pictures, voice and video."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from bot.api.models import Identity
from bot.api.ports import Ports
from bot.api.problems import ROOT, problems
from bot.conversation.messages import new_id
from bot.conversation.staff import AuditEntry
from bot.web.access import Caller
from bot.web.files import file_answer

routes = APIRouter(prefix=ROOT, tags=["media"], responses=problems(401, 403, 404, 422, 503))

_DOCUMENTED: dict[int | str, dict[str, Any]] = {
    200: {"description": "The whole file", "content": {"*/*": {}}},
    206: {"description": "The part that `Range` asks for", "content": {"*/*": {}}},
    416: {"description": "`Range` lies behind the end"},
}


@routes.get("/media/{media_id}", response_class=Response, responses=_DOCUMENTED)
async def show_media(
    request: Request,
    media_id: Identity,
    visit: Caller,
    ports: Ports,
    original: Annotated[bool, Query(description="the very bytes that came, of which `sha256` is")] = False,
) -> Response:
    """A file as a browser plays it, or as it came; each time it is written to the audit trail."""
    visit.staff.check_may_chat()
    body = await ports.queries.media_body(visit.staff.scope, media_id, playable=not original)
    async with ports.units() as uow:
        action = "media.save" if original else "media.open"
        await uow.audit.append(AuditEntry(new_id(), visit.staff.id, action, media_id, ports.clock.now()))
        await uow.commit()
    return file_answer(request, body, media_id, attached=original)
