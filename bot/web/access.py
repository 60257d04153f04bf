"""Who is asking: the dependencies by which every route learns it, and the cookie of the pages."""

from __future__ import annotations

import hashlib
import hmac
from typing import Annotated, cast

from fastapi import Depends, Query, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from bot.conversation.errors import Forbidden
from bot.conversation.staff import Session, Staff
from bot.web.door import Door
from bot.web.errors import CsrfRefused, SignInRequired
from bot.web.sessions import SESSION_LIFE, Opened, Visit, find

COOKIE = "niangjia_session"
CSRF_HEADER = "X-CSRF-Token"
CSRF_FIELD = "csrf_token"
_SAFE_METHODS = frozenset({"GET", "HEAD"})

_bearer = HTTPBearer(auto_error=False, description="the token that POST /api/v1/tokens gave")


def door_of(request: Request) -> Door:
    """What signing in needs, as `create_site` set it."""
    return cast("Door", request.app.state.door)


async def bystander(request: Request) -> Visit:
    """Whose page tells of itself; a page left open puts off no end of a sign-in. Raises SignInRequired."""
    return await _signed_in(request, puts_off=False)


async def visitor(request: Request) -> Visit:
    """Who looks at a page; on any request that changes something, the CSRF token is checked too.

    Raises SignInRequired and CsrfRefused.
    """
    visit = await _signed_in(request)
    if request.method not in _SAFE_METHODS:
        await _check_csrf(request, visit)
    request.state.visit = visit
    return visit


async def _signed_in(request: Request, *, puts_off: bool = True) -> Visit:
    token = request.cookies.get(COOKIE, "")
    visit = await find(token, door_of(request), lambda session: session.drilling, puts_off=puts_off)
    if visit is None:
        raise SignInRequired("no session")
    return visit


async def caller(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    drill: Annotated[bool, Query(description="only what is for drills, instead of what is real")] = False,
) -> Visit:
    """Who calls the API; raises SignInRequired, and Forbidden where drills are asked for and there are none."""
    visit = await find(credentials.credentials, door_of(request), lambda _: drill) if credentials else None
    if visit is None:
        raise SignInRequired("no valid bearer token")
    if drill and not visit.drilling:  # what is real must not be taken for a drill
        raise Forbidden("no account for drills")
    return visit


async def check_known(request: Request) -> None:
    """Raise SignInRequired unless the token of this browser or program holds."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token if scheme.lower() == "bearer" else request.cookies.get(COOKIE, "")
    if await find(token, door_of(request), puts_off=False) is None:
        raise SignInRequired("no session")


async def _member(visit: Annotated[Visit, Depends(visitor)]) -> Staff:
    return visit.staff


Visitor = Annotated[Visit, Depends(visitor)]
Bystander = Annotated[Visit, Depends(bystander)]
Caller = Annotated[Visit, Depends(caller)]
Member = Annotated[Staff, Depends(_member)]
"""The member of staff who looks at a page."""


async def _check_csrf(request: Request, visit: Visit) -> None:
    given = request.headers.get(CSRF_HEADER) or (await request.form()).get(CSRF_FIELD)
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), visit.session.csrf_token.encode()):
        raise CsrfRefused("no valid CSRF token")


def check_same_origin(request: Request) -> None:
    """Raise CsrfRefused if the browser says that another site sent this; for forms before there is a session."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise CsrfRefused("sent from another site")


def set_cookie(request: Request, response: Response, opened: Opened) -> None:
    """Hand the browser its token."""
    keep_cookie(request, response, COOKIE, opened.token)


def keep_cookie(request: Request, response: Response, name: str, value: str) -> None:
    """Let the browser keep this for a shift, out of reach of scripts and other sites; over https never in clear."""
    response.set_cookie(
        name,
        value,
        max_age=int(SESSION_LIFE.total_seconds()),
        path="/",
        secure=request.scope["scheme"] == "https",
        httponly=True,
        samesite="strict",
    )


def mark_of(session: Session, what: str) -> str:
    """What a cookie says of this sign-in alone; for any other one, also on the same machine, it says nothing."""
    return hmac.digest(session.csrf_token.encode(), what.encode(), hashlib.sha256).hex()


def address_of(request: Request) -> str:
    """The address that the request came from, as the server (or its trusted proxy) says."""
    return request.client.host if request.client else ""
