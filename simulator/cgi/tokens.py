"""Access tokens, and the calls that need none."""

import secrets
from typing import Any

from fastapi import APIRouter, Request

from simulator.accounts import Account
from simulator.cgi.gate import OK, Body, Caller, Here, admit
from simulator.errors import ApiError
from simulator.platform import Platform
from simulator.tokens import Token

router = APIRouter()


@router.get("/token")
async def token(
    here: Here, request: Request, grant_type: str = "", appid: str = "", secret: str = ""
) -> dict[str, Any]:
    """A new token; the one before lives five minutes more."""
    account = _check_credentials(here, grant_type, appid, secret)
    admit(here, account, request)
    return _token_json(here, here.tokens.issue(account))


@router.get("/stable_token")
async def stable_token_by_get() -> None:
    """Refused: only POST."""
    raise ApiError(43002)


@router.post("/stable_token")
async def stable_token(here: Here, request: Request, body: Body) -> dict[str, Any]:
    """The same token as before, with what is left of its life."""
    words = [str(body.get(name) or "") for name in ("grant_type", "appid", "secret")]
    account = _check_credentials(here, *words)
    admit(here, account, request)
    return _token_json(here, here.tokens.stable(account, force=body.get("force_refresh") is True))


@router.post("/clear_quota")
async def clear_quota(here: Here, account: Caller, body: Body) -> dict[str, Any]:
    """The day's calls of the account begin anew."""
    if body.get("appid") != account.app_id:
        raise ApiError(40013)
    here.gatekeeper.clear(account)
    return OK


@router.post("/clear_quota/v2")
async def clear_quota_by_secret(here: Here, appid: str = "", appsecret: str = "") -> dict[str, Any]:
    """The same without a token, for when the quota of tokens is gone."""
    here.gatekeeper.clear(_check_credentials(here, "client_credential", appid, appsecret))
    return OK


def _check_credentials(here: Platform, grant_type: str, appid: str, secret: str) -> Account:
    if grant_type != "client_credential":
        raise ApiError(40002)
    if not appid:
        raise ApiError(41002)
    account = here.account_with(appid)
    if not secret:
        raise ApiError(41004)
    if not secrets.compare_digest(secret.encode(), account.app_secret.encode()):
        raise ApiError(40125)
    return account


def _token_json(here: Platform, issued: Token) -> dict[str, Any]:
    return {"access_token": issued.value, "expires_in": issued.expires_in(here.clock.now())}
