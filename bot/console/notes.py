"""What operators note for one another beside a conversation."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from bot.console.moves import opened
from bot.console.ports import Ports
from bot.console.replies import Key
from bot.console.screens import NoteBox
from bot.console.show import pages
from bot.conversation.errors import InvalidData
from bot.conversation.notes import MAX_NOTE
from bot.turns.note import write_note
from bot.web.access import Member
from bot.web.pages import by_htmx
from bot.web.problems import STALE

routes = APIRouter(include_in_schema=False)


@routes.post("/desk/conversations/{conversation_id}/notes")
async def keep_note(
    request: Request,
    conversation_id: str,
    staff: Member,
    ports: Ports,
    note: Annotated[str, Form()] = "",
    key: Key = "",
) -> Response:
    """Keep a note; the box comes back empty, or with the words and the reason why they were not taken."""
    words = note.replace("\r\n", "\n")
    try:
        await write_note(conversation_id, words, staff, ports.beside, key)
    except InvalidData:
        box = NoteBox(conversation_id, words, f"备注须为 1 到 {MAX_NOTE} 字。")
        return pages.show(request, "_note_box.html", box, 422, {"HX-Retarget": "#note"})
    if not by_htmx(request):
        return opened(conversation_id)
    return pages.show(request, "_note_box.html", NoteBox(conversation_id), headers=STALE)
