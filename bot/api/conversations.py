"""The queue and the conversations: read, take, answer, hand back, end."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Header, Query, Response, UploadFile

from bot import desk, handoff
from bot.api.models import (
    Closing,
    ConversationView,
    Identity,
    MessageView,
    QueueView,
    Words,
)
from bot.api.ports import Ports
from bot.api.problems import ROOT, problems
from bot.conversation.media import Body
from bot.conversation.messages import Message
from bot.conversation.staff import Staff
from bot.desk import DeskPorts
from bot.turns.reply import reply, reply_picture
from bot.turns.typing_sign import show_typing
from bot.web.access import Caller

routes = APIRouter(prefix=ROOT, responses=problems(401, 403, 422, 503))

Once = Annotated[
    str, Header(max_length=64, description="anything; the same sent again under it, where no answer came, is said once")
]
Seen = Annotated[
    int | None, Query(ge=0, description="the `version` that the caller looked at; 409 if she has written since")
]


@routes.get("/queue", tags=["queue"])
async def show_queue(visit: Caller, ports: Ports, limit: Annotated[int, Query(ge=1, le=500)] = 100) -> QueueView:
    """Who waits for a person in the caller's scope: the first so many, and how many there are at each level."""
    visit.staff.check_may_chat()
    waiting = await ports.queries.waiting_list(visit.staff.scope, limit)
    present, team = await ports.queue.present(), await ports.queries.team()
    there = sum(one.staff.id in present and one.staff.scope.meets(visit.staff.scope) for one in team)
    return QueueView.of(waiting, limit, there)


@routes.post(
    "/queue/claim",
    tags=["queue"],
    response_model=ConversationView,
    responses={204: {"description": "Nobody waits"}},
)
async def claim_next(visit: Caller, ports: Ports) -> ConversationView | Response:
    """Take the first waiting conversation that is not kept for others; 409 if the caller's hands are full."""
    taken = await handoff.claim_next(visit.staff, ports.handoff)
    if taken is None:
        return Response(status_code=204)
    return await shown(taken.conversation_id, visit.staff, ports)


@routes.get("/conversations/{conversation_id}", tags=["conversations"], responses=problems(404))
async def show_conversation(conversation_id: Identity, visit: Caller, ports: Ports) -> ConversationView:
    """One conversation with its whole history; that it was opened is written to the audit trail."""
    visit.staff.check_may_chat()
    page = await desk.open_conversation(conversation_id, visit.staff, ports)
    return ConversationView.of(page, ports.clock.now())


@routes.post("/conversations/{conversation_id}/claim", tags=["conversations"], responses=problems(404, 409))
async def claim(conversation_id: Identity, visit: Caller, ports: Ports) -> ConversationView:
    """Take this waiting conversation; 409 if a colleague was first, or the caller's hands are full."""
    await handoff.claim(conversation_id, visit.staff, ports.handoff)
    return await shown(conversation_id, visit.staff, ports)


@routes.post(
    "/conversations/{conversation_id}/messages",
    tags=["conversations"],
    status_code=201,
    responses=problems(404, 409),
)
async def send_message(
    conversation_id: Identity, words: Words, visit: Caller, ports: Ports, idempotency_key: Once = ""
) -> MessageView:
    """Say something to the person; only the operator who holds the conversation may (403)."""
    said = await reply(conversation_id, words.text, visit.staff, ports.reply, words.articles, idempotency_key)
    return await _message(said, visit.staff, ports)


@routes.post(
    "/conversations/{conversation_id}/pictures",
    tags=["conversations"],
    status_code=201,
    responses=problems(404, 409, 413),
)
async def send_picture(
    conversation_id: Identity,
    picture: Annotated[UploadFile, File()],
    visit: Caller,
    ports: Ports,
    idempotency_key: Once = "",
) -> MessageView:
    """Send a JPG or PNG of at most 2 MB; only the operator who holds the conversation may (403)."""
    body = Body(picture.content_type or "", await picture.read())
    said = await reply_picture(conversation_id, body, visit.staff, ports.reply, idempotency_key)
    return await _message(said, visit.staff, ports)


@routes.post(
    "/conversations/{conversation_id}/typing", tags=["conversations"], status_code=204, responses=problems(404)
)
async def show_that_somebody_types(conversation_id: Identity, visit: Caller, ports: Ports) -> None:
    """Let the person see for some seconds that somebody is writing; call it at most every ten seconds."""
    await show_typing(conversation_id, visit.staff, ports.units, ports.sender)


@routes.post("/conversations/{conversation_id}/release", tags=["conversations"], responses=problems(404, 409))
async def release(conversation_id: Identity, visit: Caller, ports: Ports, seen: Seen = None) -> ConversationView:
    """Hand the conversation back to the assistant; the person is told."""
    await desk.release(conversation_id, visit.staff, ports, seen)
    return await shown(conversation_id, visit.staff, ports)


@routes.post("/conversations/{conversation_id}/close", tags=["conversations"], responses=problems(404, 409))
async def close(
    conversation_id: Identity, closing: Closing, visit: Caller, ports: Ports, seen: Seen = None
) -> ConversationView:
    """End the conversation; the person is told, and her next message opens a new one."""
    await desk.close(conversation_id, visit.staff, closing.disposition, ports, seen)
    return await shown(conversation_id, visit.staff, ports)


async def shown(conversation_id: str, staff: Staff, ports: DeskPorts) -> ConversationView:
    """The conversation as it is now; raises NotFound outside her scope."""
    page = await ports.queries.conversation_page(staff.scope, conversation_id)
    return ConversationView.of(page, ports.clock.now())


async def _message(said: Message, staff: Staff, ports: DeskPorts) -> MessageView:
    page = await ports.queries.conversation_page(staff.scope, said.conversation_id)
    return next(MessageView.of(line) for line in page.messages if line.message.id == said.id)
