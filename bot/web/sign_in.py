"""The pages of signing in and out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from bot.conversation.errors import StoreUnavailable
from bot.web import sessions
from bot.web.access import COOKIE, Visitor, address_of, check_same_origin, door_of, set_cookie
from bot.web.errors import SignInRefused, TooManyAttempts
from bot.web.pages import Pages

routes = APIRouter(include_in_schema=False)
_pages = Pages()


@dataclass(frozen=True, slots=True)
class SignInPage:
    """The form; `wanted` is where she goes afterwards, `trouble` why the last try failed."""

    wanted: str
    username: str = ""
    trouble: str | None = None


@routes.get("/sign-in")
async def show_sign_in(request: Request, wanted: Annotated[str, Query(alias="next")] = "/") -> Response:
    """The form."""
    return _pages.show(request, "sign_in.html", SignInPage(_own_path(wanted)))


@routes.post("/sign-in")
async def do_sign_in(
    request: Request,
    username: Annotated[str, Form(max_length=100)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    wanted: Annotated[str, Form(alias="next")] = "/",
) -> Response:
    """Begin a session and go where she wanted to go; otherwise the form again with the reason."""
    check_same_origin(request)
    try:
        opened = await sessions.sign_in(username.strip(), password, address_of(request), door_of(request))
    except (SignInRefused, TooManyAttempts, StoreUnavailable) as error:
        status, trouble = _trouble(error)
        page = SignInPage(_own_path(wanted), username.strip(), trouble)
        return _pages.show(request, "sign_in.html", page, status)
    response = RedirectResponse(_own_path(wanted), 303)
    set_cookie(request, response, opened)
    return response


@routes.post("/sign-out")
async def do_sign_out(request: Request, visit: Visitor) -> Response:
    """End the session."""
    await sessions.sign_out(visit, door_of(request))
    response = RedirectResponse("/sign-in", 303)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return response


def _trouble(error: Exception) -> tuple[int, str]:
    match error:
        case TooManyAttempts(wait_s=wait_s):
            return 429, f"密码错得太多，请等 {wait_s} 秒再试。"
        case SignInRefused():
            return 401, "用户名或密码不对。"
        case _:
            return 503, "系统暂时连不上数据，请过几秒再试。"


def _own_path(wanted: str) -> str:
    """Only a path of this site: a link to the sign-in must not lead elsewhere afterwards."""
    plain = wanted.isascii() and wanted.isprintable() and "\\" not in wanted
    return wanted if plain and wanted.startswith("/") and not wanted.startswith("//") else "/"
