"""The whole of a text that is too long for the page, as a file."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import PlainTextResponse, Response

from bot import desk
from bot.console.ports import Ports
from bot.conversation.content import words_of
from bot.conversation.errors import NotFound
from bot.conversation.masking import masked
from bot.web.access import Member

routes = APIRouter(include_in_schema=False)


@routes.get("/desk/conversations/{conversation_id}/lines/{line_id}/text")
async def full_text(
    conversation_id: str, line_id: Annotated[str, Path(pattern="^[0-9a-f]{32}$")], staff: Member, ports: Ports
) -> Response:
    """All that was said in one line, its numbers hidden as on the page; that she took it is written down."""
    staff.check_may_chat()
    page = await ports.queries.conversation_page(staff.scope, conversation_id)
    said = next((one.message.content for one in page.messages if one.message.id == line_id), None)
    if said is None:
        raise NotFound("no such line in this conversation")
    await desk.audit_reading("message.save", line_id, staff, ports)
    text = await asyncio.to_thread(masked, words_of(said))
    return PlainTextResponse(
        text.encode(errors="replace"), headers={"Content-Disposition": f'attachment; filename="{line_id[:8]}.txt"'}
    )
