"""What the pages need, and how a route gets at it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import Cookie, Depends, Request

from bot import guidance
from bot.bills import Merchants
from bot.conversation.errors import NotFound
from bot.conversation.ports import Sealer
from bot.conversation.records import Record
from bot.guidance import GuidancePorts, Opened
from bot.papers import Stationery
from bot.papers.words import money
from bot.web.pages import Pages

COOKIE = "v"


pages = Pages(Path(__file__).parent / "templates", names={"yuan": money})


@dataclass(frozen=True, slots=True)
class PagesPorts:
    """What the pages need; `record_of` reads all that is stored of a contact."""

    guidance: GuidancePorts
    sealer: Sealer
    merchants: Merchants
    stationery: Stationery
    record_of: Callable[[str], Awaitable[Record]]
    secure: bool
    """Whether phones come by https, as they must outside a trial: the cookie then travels no other way."""


async def _ports(request: Request) -> PagesPorts:  # async: others are given a thread for each request
    ports: PagesPorts = request.app.state.ports
    return ports


Ports = Annotated[PagesPorts, Depends(_ports)]


async def _visit(ports: Ports, v: Annotated[str | None, Cookie()] = None) -> Opened:
    if v is None:
        raise NotFound("no visit")
    return await guidance.visit(v, ports.guidance)


async def check_visit(request: Request) -> None:
    """Raise NotFound unless there is a visit of this browser."""
    await _visit(await _ports(request), request.cookies.get(COOKIE))


Visit = Annotated[Opened, Depends(_visit)]
"""The visit of this browser; answers 404 without one."""
