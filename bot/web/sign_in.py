"""The pages of signing in and out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from bot.conversation.errors import StoreUnavailable
from bot.web import sessions
from bot.web.access import COOKIE, Visitor, address_of, check_same_origin, door_of, set_cookie
from bot.web.errors import SignInRefused, SignInRequired, TooManyAttempts
from bot.web.pages import Pages
from bot.web.second_factor import is_enrolled, should_enrol

routes = APIRouter(include_in_schema=False)
_pages = Pages()


@dataclass(frozen=True, slots=True)
class SignInPage:
    """The form; `wanted` is where she goes afterwards, `trouble` why the last try failed."""

    wanted: str
    username: str = ""
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class CodePage:
    """The form that asks for the code after the password."""

    ticket: str
    wanted: str
    trouble: str | None = None


@routes.get("/sign-in")
async def show_sign_in(request: Request, wanted: Annotated[str, Query(alias="next")] = "/") -> Response:
    """The form."""
    return _pages.show(request, "sign_in.html", SignInPage(own_path(wanted)))


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
        status, trouble = trouble_of(error, "用户名或密码")
        page = SignInPage(own_path(wanted), username.strip(), trouble)
        return _pages.show(request, "sign_in.html", page, status)
    if isinstance(opened, sessions.CodeWanted):
        return _pages.show(request, "sign_in_code.html", CodePage(opened.ticket, own_path(wanted)))
    return await _welcome(request, opened, wanted)


@routes.post("/sign-in/code")
async def do_give_code(
    request: Request,
    ticket: Annotated[str, Form(max_length=1000)] = "",
    code: Annotated[str, Form(max_length=100)] = "",
    wanted: Annotated[str, Form(alias="next")] = "/",
) -> Response:
    """Begin the session with the code; from the beginning again if the password was given too long ago."""
    check_same_origin(request)
    try:
        opened = await sessions.give_code(ticket, code, door_of(request))
    except SignInRequired:
        page = SignInPage(own_path(wanted), trouble="隔得太久了，请再登录一次。")
        return _pages.show(request, "sign_in.html", page, 401)
    except (SignInRefused, TooManyAttempts, StoreUnavailable) as error:
        status, trouble = trouble_of(error, "验证码")
        return _pages.show(request, "sign_in_code.html", CodePage(ticket, own_path(wanted), trouble), status)
    return await _welcome(request, opened, wanted)


@routes.post("/sign-out")
async def do_sign_out(request: Request, visit: Visitor) -> Response:
    """End the session."""
    await sessions.sign_out(visit, door_of(request))
    response = RedirectResponse("/sign-in", 303)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return response


async def _welcome(request: Request, opened: sessions.Opened, wanted: str) -> Response:
    """Where she wanted to go; past the advice to use a second factor, if her role sees much and she has none."""
    staff, path = opened.visit.staff, own_path(wanted)
    if should_enrol(staff) and not await is_enrolled(staff.id, door_of(request)):
        path = f"/account?next={quote(path)}"
    response = RedirectResponse(path, 303)
    set_cookie(request, response, opened)
    return response


def trouble_of(error: Exception, what: str) -> tuple[int, str]:
    """The status and the words for who gave something wrong."""
    match error:
        case TooManyAttempts(wait_s=wait_s):
            return 429, f"{what.rpartition('或')[2]}错得太多，请等 {wait_s} 秒再试。"
        case SignInRefused():
            return 401, f"{what}不对。"
        case _:
            return 503, "系统暂时连不上数据，请过几秒再试。"


def own_path(wanted: str) -> str:
    """Only a path of this site: a link to the sign-in must not lead elsewhere afterwards."""
    plain = wanted.isascii() and wanted.isprintable() and "\\" not in wanted
    return wanted if plain and wanted.startswith("/") and not wanted.startswith("//") else "/"
