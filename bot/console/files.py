"""A person's pictures, voice and video: shown, played or saved, and each time written down."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from bot.console.ports import Ports
from bot.conversation.messages import new_id
from bot.conversation.staff import AuditEntry
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
    body = await ports.queries.media_body(visit.staff.scope, media_id, playable=not original)
    async with ports.units() as uow:
        action = "media.save" if original else "media.open"
        await uow.audit.append(AuditEntry(new_id(), visit.staff.id, action, media_id, ports.clock.now()))
        await uow.commit()
    return file_answer(request, body, media_id, attached=original)
