"""Opening a link, and leaving."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import RedirectResponse, Response

from bot import guidance
from bot.conversation.flows import VISIT_LASTS
from bot.pages.ports import COOKIE, Ports, pages

routes = APIRouter(prefix="/p")

HOME = "/p/"
LEAVE_TO = "https://www.baidu.com/"
"""Where the quick exit leads: a page that everybody opens."""

Token = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{43}$")]


@routes.post("/leave")
async def leave() -> Response:
    """End the visit in this browser and go somewhere harmless."""
    response = RedirectResponse(LEAVE_TO, 303)
    response.delete_cookie(COOKIE, path=HOME)
    return response


@routes.get("/{token}")
async def show_entry(request: Request, token: Token) -> Response:
    """A page with one button: whatever looks at the link without tapping it does not use it up."""
    return pages.show(request, "entry.html", token)


@routes.post("/{token}")
async def enter(token: Token, ports: Ports) -> Response:
    """Open the link; from now on only this browser shows what it led to."""
    opened = await guidance.open_link(token, ports.guidance)
    response = RedirectResponse(HOME, 303)
    response.set_cookie(
        COOKIE,
        opened.token,
        max_age=int(VISIT_LASTS.total_seconds()),
        path=HOME,
        secure=ports.secure,
        httponly=True,
        samesite="strict",
    )
    return response
