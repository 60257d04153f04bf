"""What is masked elsewhere, told whole once the audit trail knows who asked: words, and her name and number."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from bot import desk
from bot.api.case_models import EntryView
from bot.api.models import Identity, MessageView
from bot.api.notes import NoteView
from bot.api.ports import Ports
from bot.api.problems import ROOT, problems
from bot.conversation.errors import NotFound
from bot.turns.person import show_person
from bot.web.access import Caller

routes = APIRouter(prefix=ROOT, responses=problems(401, 403, 404, 422, 503))

_HERS = "/conversations/{conversation_id}"


class PersonView(BaseModel):
    """What the office wrote down of her."""

    name: str | None
    phone: str | None


@routes.post(f"{_HERS}/messages/{{message_id}}/reveal", tags=["conversations"])
async def show_message(conversation_id: Identity, message_id: Identity, visit: Caller, ports: Ports) -> MessageView:
    """One message with all that is masked in the conversation; that it was asked for is written to the audit trail."""
    visit.staff.check_may_chat()
    page = await ports.queries.conversation_page(visit.staff.scope, conversation_id)
    line = next((one for one in page.messages if one.message.id == message_id), None)
    if line is None:
        raise NotFound("no such message in this conversation")
    await desk.audit_reading("message.reveal", message_id, visit.staff, ports)
    return MessageView.of(line, str)


@routes.post(f"{_HERS}/notes/{{note_id}}/reveal", tags=["conversations"])
async def show_note(conversation_id: Identity, note_id: Identity, visit: Caller, ports: Ports) -> NoteView:
    """One note with all that is masked among the others; that it was asked for is written to the audit trail."""
    visit.staff.check_may_chat()
    page = await ports.queries.conversation_page(visit.staff.scope, conversation_id)
    note = next((one for one in page.notes if one.id == note_id), None)
    if note is None:
        raise NotFound("no such note in this conversation")
    await desk.audit_reading("note.reveal", note_id, visit.staff, ports)
    return NoteView.of(note, str)


@routes.post(f"{_HERS}/person/reveal", tags=["conversations"])
async def show_her(conversation_id: Identity, visit: Caller, ports: Ports) -> PersonView:
    """Her name and number; that they were asked for is written to the audit trail."""
    visit.staff.check_may_chat()
    contact = await show_person(conversation_id, visit.staff, ports.beside)
    return PersonView(name=contact.name, phone=contact.phone)


@routes.post("/cases/{case_id}/entries/{entry_id}/reveal", tags=["cases"])
async def show_entry(case_id: Identity, entry_id: Identity, visit: Caller, ports: Ports) -> EntryView:
    """One line of a file's history with all that is masked in it; that it was asked for is written down."""
    visit.staff.check_may_chat()
    return EntryView.of(await desk.reveal_entry(case_id, entry_id, visit.staff, ports), str)
