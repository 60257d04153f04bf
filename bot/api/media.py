"""The bytes of pictures, voice and video."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from bot import desk
from bot.api.models import Identity
from bot.api.ports import Ports
from bot.api.problems import ROOT, problems
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
    body = await desk.open_media(media_id, visit.staff, ports, original=original)
    return file_answer(request, body, media_id, attached=original)
