"""What is hidden on the screen, shown to who asks for it, once the audit trail knows of it; and her name and number."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Protocol

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import Response

from bot import desk
from bot.console.answers import answered
from bot.console.lines import lines_of, note_line
from bot.console.moves import opened
from bot.console.opening import colleagues
from bot.console.ports import Ports
from bot.console.screens import Answers, Bubble, Person
from bot.console.show import pages
from bot.conversation.errors import InvalidData, NotFound
from bot.turns.person import show_person, write_person
from bot.web.access import Member
from bot.web.pages import by_htmx
from bot.web.problems import STALE

routes = APIRouter(prefix="/desk/conversations/{conversation_id}", include_in_schema=False)

ThingId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]


class _Named(Protocol):
    @property
    def id(self) -> str: ...


@routes.post("/lines/{line_id}/reveal")
async def show_line(request: Request, conversation_id: str, line_id: ThingId, staff: Member, ports: Ports) -> Response:
    """The words of one line with their numbers."""
    staff.check_may_chat()
    page = await ports.queries.conversation_page(staff.scope, conversation_id)
    names = await colleagues(page, staff, ports)
    if any(note.id == line_id for note in page.notes):
        line = _one(line_id, (note_line(note, staff, names, str) for note in page.notes))
        await desk.audit_reading("note.reveal", line_id, staff, ports)
        return pages.show(request, "_bubble.html", Bubble(conversation_id, line, ports.clock.now(), shown=True))
    message = _one(line_id, lines_of(page.messages, staff, names, ports.knowledge, str))
    await desk.audit_reading("message.reveal", line_id, staff, ports)
    return pages.show(request, "_bubble.html", Bubble(conversation_id, message, ports.clock.now(), shown=True))


@routes.post("/answers/{flow_id}/reveal")
async def show_answers(
    request: Request, conversation_id: str, flow_id: ThingId, staff: Member, ports: Ports
) -> Response:
    """What she answered in one flow, with its numbers."""
    staff.check_may_chat()
    page = await ports.queries.conversation_page(staff.scope, conversation_id)
    flow = _one(flow_id, answered(page.flows, str))
    await desk.audit_reading("flow.reveal", flow_id, staff, ports)
    return pages.show(request, "_answers.html", Answers(flow, shown=True))


@routes.post("/person/reveal")
async def show_her(request: Request, conversation_id: str, staff: Member, ports: Ports) -> Response:
    """Her name and number, to be read and changed."""
    contact = await show_person(conversation_id, staff, ports.beside)
    return pages.show(request, "_person.html", Person(conversation_id, contact.name, contact.phone, shown=True))


@routes.post("/person")
async def write_her(
    request: Request,
    conversation_id: str,
    staff: Member,
    ports: Ports,
    name: Annotated[str, Form()] = "",
    phone: Annotated[str, Form()] = "",
) -> Response:
    """Keep her name and number; the box comes back hidden again, or with what was typed and why it was not taken."""
    try:
        await write_person(conversation_id, name, phone, staff, ports.beside)
    except InvalidData as error:
        box = Person(conversation_id, name, phone, shown=True, trouble=str(error))
        return pages.show(request, "_person.html", box, 422, {"HX-Retarget": f"#person-{conversation_id}"})
    if not by_htmx(request):
        return opened(conversation_id)
    page = await ports.queries.conversation_page(staff.scope, conversation_id)
    box = Person(conversation_id, page.masked_name, page.masked_phone)
    return pages.show(request, "_person.html", box, headers=STALE)


def _one[Thing: _Named](thing_id: str, things: Iterable[Thing]) -> Thing:
    for thing in things:
        if thing.id == thing_id:
            return thing
    raise NotFound("no such thing in this conversation")
