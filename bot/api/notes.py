"""What operators note for one another beside a conversation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from bot import desk
from bot.api.conversations import Once
from bot.api.models import NOT_BLANK, Identity, Input
from bot.api.ports import Ports
from bot.api.problems import ROOT, problems
from bot.conversation.masking import masked
from bot.conversation.notes import MAX_NOTE, Note
from bot.turns.note import write_note
from bot.web.access import Caller

routes = APIRouter(
    prefix=f"{ROOT}/conversations/{{conversation_id}}/notes",
    tags=["conversations"],
    responses=problems(401, 403, 404, 422, 503),
)


class NoteWords(Input):
    """What is to be noted; it goes to nobody outside the office."""

    text: str = Field(max_length=MAX_NOTE, pattern=NOT_BLANK, description="at least one character that is not blank")


class NoteView(BaseModel):
    """A note of the office."""

    id: str
    at: datetime
    staff_id: str | None = Field(description="who wrote it; null for the system")
    text: str
    hides: bool = Field(description="something in `text` is masked; `POST .../notes/{id}/reveal` tells it")

    @staticmethod
    def of(note: Note, show: Callable[[str], str] = masked) -> NoteView:
        """The JSON of one note; `show` says what of the words is told."""
        text = show(note.text)
        return NoteView(id=note.id, at=note.at, staff_id=note.staff_id, text=text, hides=text != note.text)


@routes.get("")
async def show_notes(conversation_id: Identity, visit: Caller, ports: Ports) -> list[NoteView]:
    """The notes of a conversation, in order; that they were read is written to the audit trail."""
    visit.staff.check_may_chat()
    page = await ports.queries.conversation_page(visit.staff.scope, conversation_id)
    await desk.audit_reading("note.open", conversation_id, visit.staff, ports)
    return [NoteView.of(note) for note in page.notes]


@routes.post("", status_code=201)
async def add_note(
    conversation_id: Identity, words: NoteWords, visit: Caller, ports: Ports, idempotency_key: Once = ""
) -> NoteView:
    """Note something where colleagues read it; it is never sent to the person."""
    return NoteView.of(await write_note(conversation_id, words.text, visit.staff, ports.beside, idempotency_key))
