"""The API that accounts call, under the paths of api.weixin.qq.com."""

import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response, UploadFile
from fastapi.responses import JSONResponse

from simulator.accounts import Account
from simulator.errors import ApiError
from simulator.menus import check_menu
from simulator.platform import Platform
from simulator.sends import read_content, read_json
from simulator.tokens import Token


async def platform_of(request: Request) -> Platform:
    """The platform that this application plays."""
    platform: Platform = request.app.state.platform
    return platform


async def check_up(platform: Annotated[Platform, Depends(platform_of)]) -> None:
    """Answer nothing useful while the switch `down` is on."""
    if platform.switches.down:
        raise HTTPException(503)


async def calling_account(platform: Annotated[Platform, Depends(platform_of)], access_token: str = "") -> Account:
    """The account whose token the call carries."""
    return platform.tokens.account_of(access_token)


async def json_body(request: Request) -> dict[str, Any]:
    """The JSON object of a call, whatever its content type says."""
    return read_json(await request.body())


Here = Annotated[Platform, Depends(platform_of)]
Caller = Annotated[Account, Depends(calling_account)]
Body = Annotated[dict[str, Any], Depends(json_body)]
OK = {"errcode": 0, "errmsg": "ok"}

router = APIRouter(prefix="/cgi-bin", dependencies=[Depends(check_up)])


def refuse(request: Request, error: Exception) -> JSONResponse:
    """An ApiError as the platform answers it: status 200, with the request id in the words."""
    assert isinstance(error, ApiError)
    rid = "-".join(secrets.token_hex(4) for _ in range(3))
    return JSONResponse({"errcode": error.errcode, "errmsg": f"{error.errmsg} rid: {rid}"})


@router.get("/token")
async def token(here: Here, grant_type: str = "", appid: str = "", secret: str = "") -> dict[str, Any]:
    """A new token; the one before lives five minutes more."""
    account = _check_credentials(here, grant_type, appid, secret)
    return _token_json(here, here.tokens.issue(account))


@router.get("/stable_token")
async def stable_token_by_get() -> None:
    """Refused: only POST."""
    raise ApiError(43002)


@router.post("/stable_token")
async def stable_token(here: Here, body: Body) -> dict[str, Any]:
    """The same token as before, with what is left of its life."""
    words = [str(body.get(name) or "") for name in ("grant_type", "appid", "secret")]
    account = _check_credentials(here, *words)
    return _token_json(here, here.tokens.stable(account, force=body.get("force_refresh") is True))


@router.post("/message/custom/send")
async def send(here: Here, account: Caller, body: Body) -> dict[str, Any]:
    """A customer-service message: shown at once, answered after `slow_sends_s`."""
    if here.switches.fail_sends and (errcode := here.switches.fail_sends.pop(0)):
        raise ApiError(errcode)
    person = here.check_may_send(account, body.get("touser"))
    content = read_content(body, lambda media_id: here.media.get(account.id, media_id))
    context = body.get("aimsgcontext")
    here.send(person, content, ai=isinstance(context, dict) and context.get("is_ai_msg") == 1)
    await here.clock.sleep(here.switches.slow_sends_s)
    return OK


@router.post("/message/custom/typing")
async def typing(here: Here, account: Caller, body: Body) -> dict[str, Any]:
    """Show the person that somebody is typing, or no longer."""
    person = here.check_may_send(account, body.get("touser"))
    if body.get("command") not in ("Typing", "CancelTyping"):
        raise ApiError(45072)
    here.type(person, on=body["command"] == "Typing")
    return OK


@router.post("/media/upload")
async def upload(
    here: Here,
    account: Caller,
    type: str = "",
    media: Annotated[UploadFile | None, Form()] = None,
) -> dict[str, Any]:
    """Keep a file for three days."""
    stored = here.media.add(account.id, type, b"" if media is None else await media.read())
    name = "thumb_media_id" if stored.kind == "thumb" else "media_id"
    return {"type": stored.kind, name: stored.id, "created_at": int(stored.created.timestamp())}


@router.get("/media/get")
async def download(here: Here, account: Caller, request: Request, media_id: str = "") -> Response:
    """A file; of a video only its address."""
    media = here.media.get(account.id, media_id)
    if media.kind == "video":
        return JSONResponse({"video_url": f"{request.base_url}files/{media.id}"})
    name = f"{media.id[:12]}.{media.mime.split('/')[1]}"
    disposition = {"Content-disposition": f'attachment; filename="{name}"'}
    return Response(media.content, media_type=media.mime, headers=disposition)


@router.post("/menu/create")
async def create_menu(here: Here, account: Caller, body: Body) -> dict[str, Any]:
    """Replace the account's menu."""
    here.menus[account.id] = check_menu(body)
    return OK


@router.get("/menu/get")
async def get_menu(here: Here, account: Caller) -> dict[str, Any]:
    """The account's menu."""
    if account.id not in here.menus:
        raise ApiError(46003)
    return {"menu": {"button": here.menus[account.id]}}


@router.get("/menu/delete")
async def delete_menu(here: Here, account: Caller) -> dict[str, Any]:
    """Remove the account's menu."""
    here.menus.pop(account.id, None)
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
