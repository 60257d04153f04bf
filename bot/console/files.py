"""A person's pictures, voice and video: shown, played or saved, and each time written down."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from bot import desk
from bot.console.ports import Ports
from bot.web.access import Visitor
from bot.web.files import file_answer

routes = APIRouter(include_in_schema=False)


@routes.get("/media/{media_id}")
async def show_file(
    request: Request,
    media_id: Annotated[str, Path(pattern="^[0-9a-f]{32}$")],
    visit: Visitor,
    ports: Ports,
    original: Annotated[bool, Query()] = False,
) -> Response:
    """The file as a browser plays it, or, to be saved, the very bytes that came and of which the digest is."""
    visit.staff.check_may_chat()
    body = await desk.open_media(media_id, visit.staff, ports, original=original)
    return file_answer(request, body, media_id, attached=original)
