"""The page of the canned replies: an operator's own, everybody's, and those that came with the system."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import RedirectResponse, Response

from bot.console.ports import Ports
from bot.console.show import pages
from bot.console.wording import ROLES
from bot.conversation.canned import MAX_CANNED, MAX_TITLE, PLACES, CannedReply
from bot.conversation.errors import InvalidData
from bot.conversation.staff import OVERSIGHT_ROLES
from bot.turns.canned import add_canned, change_canned, end_canned
from bot.web.access import Member, Visitor
from bot.web.errors import Told

routes = APIRouter(prefix="/desk/replies", include_in_schema=False)

ReplyId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
_PAGE = "/desk/replies"


@dataclass(frozen=True, slots=True)
class CannedScreen:
    """All that she may use; `oversees` if everybody's are hers to change.

    `places` says what will stand in each place, and `known` what stands there in each reply of hers.
    """

    own: Sequence[CannedReply]
    shared: Sequence[CannedReply]
    shipped: Sequence[CannedReply]
    oversees: bool
    role: str
    places: Mapping[str, str]
    known: Mapping[str, str]
    max_title: int = MAX_TITLE
    max_text: int = MAX_CANNED

    def pieces(self, reply: CannedReply) -> list[tuple[str, str]]:
        """Its words in turn as they will be sent; with those that are filled in, what they are."""
        filled = {name: (self.known.get(name, words), words) for name, words in self.places.items()}
        return [filled[one] if is_place else (one, "") for one, is_place in reply.pieces()]


@routes.get("")
async def show_replies(request: Request, visit: Visitor, ports: Ports) -> Response:
    """Her own, everybody's, and those that came with the system."""
    visit.staff.check_may_chat()
    kept = await ports.queries.canned_replies(visit.staff.id)
    screen = CannedScreen(
        own=[reply for reply in kept if reply.staff_id],
        shared=[reply for reply in kept if not reply.staff_id],
        shipped=ports.canned,
        oversees=visit.staff.role in OVERSIGHT_ROLES,
        role=ROLES[visit.staff.role],
        places=PLACES,
        known={"operator": visit.staff.display_name},
    )
    return pages.show(request, "replies.html", screen)


@routes.post("")
async def add_reply(
    staff: Member,
    ports: Ports,
    title: Annotated[str, Form()] = "",
    text: Annotated[str, Form()] = "",
    shared: Annotated[bool, Form()] = False,
) -> Response:
    """Keep a new one."""
    try:
        await add_canned(title, _plain(text), shared=shared, staff=staff, units=ports.units, clock=ports.clock)
    except InvalidData as error:
        raise Told(422, f"没有保存：{error}。") from None
    return RedirectResponse(_PAGE, 303)


@routes.post("/{reply_id}")
async def change_reply(
    reply_id: ReplyId,
    staff: Member,
    ports: Ports,
    title: Annotated[str, Form()] = "",
    text: Annotated[str, Form()] = "",
) -> Response:
    """Change one."""
    try:
        await change_canned(reply_id, title, _plain(text), staff, ports.units, ports.clock)
    except InvalidData as error:
        raise Told(422, f"没有保存：{error}。") from None
    return RedirectResponse(_PAGE, 303)


@routes.post("/{reply_id}/end")
async def end_reply(reply_id: ReplyId, staff: Member, ports: Ports) -> Response:
    """Forget one."""
    await end_canned(reply_id, staff, ports.units, ports.clock)
    return RedirectResponse(_PAGE, 303)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n")
