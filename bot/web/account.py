"""The page on which a member of staff looks after her own account: second factor, password, sign-ins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup

from bot.conversation.errors import Conflict, InvalidData
from bot.web import second_factor, sessions
from bot.web.access import COOKIE, Visitor, address_of, door_of, set_cookie
from bot.web.errors import SignInRefused, Told, TooManyAttempts
from bot.web.pages import Pages
from bot.web.passwords import MIN_PASSWORD
from bot.web.sessions import Visit
from bot.web.sign_in import own_path, trouble_of

routes = APIRouter(prefix="/account", include_in_schema=False)
_pages = Pages()


@dataclass(frozen=True, slots=True)
class AccountPage:
    """Whether a code is asked for, and how many recovery codes are left; `advised` if her role should have one."""

    codes_left: int | None
    advised: bool
    wanted: str
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class EnrolPage:
    """The secret as text and picture, and the form for the first code."""

    secret: str
    picture: Markup
    trouble: str | None = None


@routes.get("")
async def show_account(request: Request, visit: Visitor, wanted: Annotated[str, Query(alias="next")] = "/") -> Response:
    """How the account is protected, and what can be done."""
    return await _account(request, visit, wanted)


@routes.post("/second-factor")
async def begin(request: Request, visit: Visitor, password: Annotated[str, Form(max_length=1000)] = "") -> Response:
    """A new secret, for who gives her password."""
    try:
        enrolment = await second_factor.begin(visit.staff, password, address_of(request), door_of(request))
    except Conflict:
        raise Told(409, "两步验证已经开启。换手机请找管理员重设。") from None
    except (SignInRefused, TooManyAttempts) as error:
        status, trouble = trouble_of(error, "密码")
        return await _account(request, visit, "/", status, trouble)
    return _enrol(request, enrolment)


@routes.post("/second-factor/confirm")
async def confirm(request: Request, visit: Visitor, code: Annotated[str, Form(max_length=100)] = "") -> Response:
    """Ask for a code from now on, and show the recovery codes this once."""
    try:
        codes = await second_factor.confirm(visit.staff, visit.session, code, door_of(request))
    except SignInRefused:
        enrolment = await second_factor.pending(visit.staff, door_of(request))
        return _enrol(request, enrolment, 422, "验证码不对。请看手机上现在的六位数字；手机的时间也要准。")
    return _pages.show(request, "recovery_codes.html", codes)


@routes.post("/password")
async def change_password(
    request: Request,
    visit: Visitor,
    password: Annotated[str, Form(max_length=1000)] = "",
    new: Annotated[str, Form(max_length=1000)] = "",
    again: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """A new password; every other browser and program of hers is signed out."""
    if new != again:
        return await _account(request, visit, "/", 422, "两次填的新密码不一样。")
    try:
        opened = await sessions.change_password(visit, password, new, address_of(request), door_of(request))
    except InvalidData:
        return await _account(request, visit, "/", 422, f"新密码至少 {MIN_PASSWORD} 位。")
    except (SignInRefused, TooManyAttempts) as error:
        status, trouble = trouble_of(error, "现在的密码")
        return await _account(request, visit, "/", status, trouble)
    response = _pages.show(request, "password_changed.html", None)
    set_cookie(request, response, opened)
    return response


@routes.post("/sign-out-everywhere")
async def sign_out_everywhere(request: Request, visit: Visitor) -> Response:
    """End every session of hers, this one too."""
    await sessions.sign_out_everywhere(visit, door_of(request))
    response = RedirectResponse("/sign-in", 303)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return response


async def _account(
    request: Request, visit: Visit, wanted: str, status: int = 200, trouble: str | None = None
) -> Response:
    left = await second_factor.codes_left(visit.staff.id, door_of(request))
    page = AccountPage(left, second_factor.should_enrol(visit.staff), own_path(wanted), trouble)
    return _pages.show(request, "account.html", page, status)


def _enrol(
    request: Request, enrolment: second_factor.Enrolment, status: int = 200, trouble: str | None = None
) -> Response:
    # The picture is drawn by us, and holds nothing but lines.
    page = EnrolPage(enrolment.secret, Markup(enrolment.picture), trouble)
    return _pages.show(request, "second_factor.html", page, status)
