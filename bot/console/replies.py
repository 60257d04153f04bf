"""What an operator says to the person: words, a picture, that she is writing, or that something waits for her."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import Response

from bot.console.errcodes import errcode_words
from bot.console.moves import NOT_HERS, opened
from bot.console.ports import Ports
from bot.console.screens import PictureBox, Reply
from bot.console.show import pages
from bot.conversation.errors import Conflict, Forbidden, InvalidData
from bot.conversation.media import Body
from bot.conversation.messages import DeliveryStatus
from bot.turns.remind import remind
from bot.turns.reply import reply, reply_picture
from bot.turns.typing_sign import show_typing
from bot.web.access import Member
from bot.web.errors import Told
from bot.web.pages import NOTICE_HEADERS, by_htmx
from bot.web.problems import STALE

routes = APIRouter(prefix="/desk/conversations/{conversation_id}", include_in_schema=False)

Key = Annotated[str, Form(max_length=64)]
"""The box's own: sent once more because no answer came, its words go out once."""

_REMINDED = "已请微信通知她。通知里只说有新的进展，不写内容。"


@routes.post("/messages")
async def send(
    request: Request,
    conversation_id: str,
    staff: Member,
    ports: Ports,
    text: Annotated[str, Form()] = "",
    article: Annotated[list[str] | None, Form()] = None,
    key: Key = "",
) -> Response:
    """Send words; the box comes back empty, or with the words and the reason why they were not taken."""
    words = text.replace("\r\n", "\n")
    try:
        await reply(conversation_id, words, staff, ports.reply, article or (), key)
    except InvalidData as error:
        box = Reply(conversation_id, words, str(error))
        return pages.show(request, "_reply.html", box, 422, {"HX-Retarget": "#reply"})
    except Forbidden:
        raise Told(409, f"{NOT_HERS}您写的话还在框里。") from None
    if not by_htmx(request):
        return opened(conversation_id)
    return pages.show(request, "_reply.html", Reply(conversation_id), headers=STALE)


@routes.post("/pictures")
async def send_picture(
    request: Request,
    conversation_id: str,
    staff: Member,
    ports: Ports,
    picture: Annotated[UploadFile, File()],
    key: Key = "",
) -> Response:
    """Send a picture; the box comes back empty, or with the reason why it was not taken."""
    body = Body(picture.content_type or "", await picture.read())
    try:
        await reply_picture(conversation_id, body, staff, ports.reply, key)
    except InvalidData as error:
        box = PictureBox(conversation_id, str(error))
        return pages.show(request, "_picture.html", box, 422, {"HX-Retarget": "#picture"})
    except Forbidden:
        raise Told(409, NOT_HERS) from None
    if not by_htmx(request):
        return opened(conversation_id)
    return pages.show(request, "_picture.html", PictureBox(conversation_id), headers=STALE)


@routes.post("/typing")
async def is_typing(conversation_id: str, staff: Member, ports: Ports) -> Response:
    """Let the person see that somebody is writing."""
    await show_typing(conversation_id, staff, ports.units, ports.sender)
    return Response(status_code=204)


@routes.post("/reminder")
async def send_reminder(request: Request, conversation_id: str, staff: Member, ports: Ports) -> Response:
    """Let the person know outside the chat that something waits for her."""
    try:
        result = await remind(conversation_id, staff, ports.remind)
    except Conflict as error:
        raise Told(409, f"{error}。") from None
    except Forbidden:
        raise Told(409, NOT_HERS) from None
    if result.status is not DeliveryStatus.SENT:
        reason = errcode_words(result.errcode) if result.errcode else "微信没有回音"
        raise Told(409, f"通知没有发出：{reason}。")
    if not by_htmx(request):
        return opened(conversation_id)
    return pages.notice(_REMINDED, headers={**NOTICE_HEADERS, **STALE})
