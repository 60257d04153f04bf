"""The switch between what is real and drills: a sign-in shows one of them, never both."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from bot import handoff
from bot.console.ports import ConsolePorts, Ports
from bot.conversation.errors import Conflict, Forbidden, NotFound
from bot.conversation.handoffs import Disposition, Handoff
from bot.conversation.repositories import UnitOfWork
from bot.web.access import Visitor
from bot.web.errors import Told
from bot.web.sessions import Visit

routes = APIRouter(include_in_schema=False)

_ON = "on"
_NO_ACCOUNT = "没有您能用的演练公众号。请管理员在 accounts.yml 里加一个 drill: true 的公众号。"


@routes.post("/desk/drill")
async def switch(visit: Visitor, ports: Ports, drill: Annotated[str, Form()] = "") -> Response:
    """Begin drills, or end them; while she drills she is not on duty for anybody real."""
    visit.staff.check_may_chat()
    on = drill == _ON
    if on and not visit.may_drill:
        raise Told(409, _NO_ACCOUNT)
    if on and not visit.drilling:
        await _begin(visit, ports)
    if not on and visit.drilling:
        await _end(visit, ports)
    return RedirectResponse("/desk", 303)


async def _begin(visit: Visit, ports: ConsolePorts) -> None:
    """Nobody real must wait for an operator who sees drills only, nor be put into her hands meanwhile."""
    async with ports.units() as uow:
        await uow.staff.hold(visit.staff.id)
        if held := len(await _in_hand(visit, uow)):
            raise Told(409, f"您手上还有 {held} 条真的会话。先交还、转给同事或者结束，再开始演练。")
        await uow.sessions.drill(visit.session.token_digest, on=True)
        await uow.commit()
    await ports.queue.leave(visit.staff.id)


async def _end(visit: Visit, ports: ConsolePorts) -> None:
    """End what she still holds of the drills, which she would not see any more."""
    async with ports.units(reading=True) as uow:
        talks = await _in_hand(visit, uow)
    for talk in talks:
        try:
            await handoff.close(talk.conversation_id, visit.staff, Disposition.ANSWERED, ports.handoff)
        except (Conflict, Forbidden, NotFound):
            continue  # somebody else ended or took it at this moment
    async with ports.units() as uow:
        await uow.sessions.drill(visit.session.token_digest, on=False)
        await uow.commit()


async def _in_hand(visit: Visit, uow: UnitOfWork) -> list[Handoff]:
    """What she holds of what this visit shows."""
    scope, claimed = visit.staff.scope, await uow.handoffs.claimed()
    return [one for one in claimed if one.claimed_by == visit.staff.id and scope.covers(one.account_id, one.region)]
