"""Tokens: the sign-in of programs."""

from __future__ import annotations

from fastapi import APIRouter, Request

from bot.api.models import Credentials, Token
from bot.api.problems import ROOT, problems
from bot.web import sessions
from bot.web.access import address_of, door_of
from bot.web.errors import SignInRefused

routes = APIRouter(prefix=ROOT, tags=["sign-in"], responses=problems(401, 422, 429, 503))


@routes.post("/tokens", status_code=201)
async def create_token(request: Request, credentials: Credentials) -> Token:
    """Sign in; the token holds for 12 hours. Who is enrolled for codes gives one beside the password (401 if not)."""
    door = door_of(request)
    who, lasts = (credentials.username, credentials.password, address_of(request)), sessions.SESSION_LIFE
    opened = await sessions.sign_in(*who, door, lasts)
    if isinstance(opened, sessions.CodeWanted):
        if credentials.code is None:
            raise SignInRefused("a code of the second factor is wanted too")
        opened = await sessions.give_code(opened.ticket, credentials.code, door, lasts)
    return Token(token=opened.token, expires_at=opened.visit.session.expires_at)
