"""Who is asking: the dependencies by which every route learns it, and the cookie of the pages."""

from __future__ import annotations

import hmac
from typing import Annotated, cast

from fastapi import Depends, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from bot.conversation.staff import Staff
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


async def visitor(request: Request) -> Visit:
    """Who looks at a page; on any request that changes something, the CSRF token is checked too.

    Raises SignInRequired and CsrfRefused.
    """
    visit = await find(request.cookies.get(COOKIE, ""), door_of(request))
    if visit is None:
        raise SignInRequired("no session")
    if request.method not in _SAFE_METHODS:
        await _check_csrf(request, visit)
    request.state.visit = visit
    return visit


async def caller(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Visit:
    """Who calls the API; raises SignInRequired."""
    visit = await find(credentials.credentials, door_of(request)) if credentials else None
    if visit is None:
        raise SignInRequired("no valid bearer token")
    return visit


async def _member(visit: Annotated[Visit, Depends(visitor)]) -> Staff:
    return visit.staff


Visitor = Annotated[Visit, Depends(visitor)]
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
    """Hand the browser its token; over https it never travels in clear."""
    response.set_cookie(
        COOKIE,
        opened.token,
        max_age=int(SESSION_LIFE.total_seconds()),
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def address_of(request: Request) -> str:
    """The address that the request came from, as the server (or its trusted proxy) says."""
    return request.client.host if request.client else ""
