"""Admits a call: whose it is, whether it may be made, and its body."""

from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import JSONResponse

from simulator.accounts import Account
from simulator.errors import ApiError
from simulator.platform import Platform
from simulator.sends import read_json

OK = {"errcode": 0, "errmsg": "ok"}
_PREFIX = "/cgi-bin/"


async def platform_of(request: Request) -> Platform:
    """The platform that this application plays."""
    platform: Platform = request.app.state.platform
    return platform


Here = Annotated[Platform, Depends(platform_of)]


def admit(here: Platform, account: Account, request: Request) -> None:
    """Let the account make this call; ApiError as `Gatekeeper.admit` raises."""
    path = request.url.path.removeprefix(_PREFIX)
    ip = request.client.host if request.client is not None else ""
    here.gatekeeper.admit(account, here.conditions[account.id], path, ip)


async def calling_account(here: Here, request: Request, access_token: str = "") -> Account:
    """The account whose token the call carries, if it may make this call."""
    account = here.tokens.account_of(access_token)
    admit(here, account, request)
    return account


async def json_body(request: Request) -> dict[str, Any]:
    """The JSON object of a call, whatever its content type says."""
    return read_json(await request.body())


Caller = Annotated[Account, Depends(calling_account)]
Body = Annotated[dict[str, Any], Depends(json_body)]


def refuse(request: Request, error: Exception) -> JSONResponse:
    """An ApiError as the platform answers it: with status 200."""
    assert isinstance(error, ApiError)
    return JSONResponse(error.as_json())
