"""Tokens: the sign-in of programs."""

from __future__ import annotations

from fastapi import APIRouter, Request

from bot.api.models import Credentials, Token
from bot.api.problems import ROOT, problems
from bot.web import sessions
from bot.web.access import address_of, door_of

routes = APIRouter(prefix=ROOT, tags=["sign-in"], responses=problems(401, 422, 429, 503))


@routes.post("/tokens", status_code=201)
async def create_token(request: Request, credentials: Credentials) -> Token:
    """Sign in; the token holds for 12 hours."""
    door = door_of(request)
    opened = await sessions.sign_in(credentials.username, credentials.password, address_of(request), door)
    return Token(token=opened.token, expires_at=opened.visit.session.expires_at)
