"""What an account keeps on the platform: temporary media, its menu, its QR codes."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response, UploadFile
from fastapi.responses import JSONResponse

from simulator import samples
from simulator.cgi.gate import OK, Body, Caller, Here
from simulator.errors import ApiError
from simulator.menus import check_menu

router = APIRouter()


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


@router.post("/qrcode/create")
async def create_qrcode(here: Here, account: Caller, body: Body) -> dict[str, Any]:
    """A ticket for a QR code with a scene."""
    return here.qrcodes.create(account.id, body)


@router.get("/showqrcode")
async def show_qrcode(here: Here, ticket: str = "") -> Response:
    """The picture of a ticket, for which no token is needed; 404 when it is unknown or over."""
    try:
        code = here.qrcodes.find(ticket)
    except ApiError:
        return Response(status_code=404)
    return Response(samples.code(code.ticket), media_type="image/png")
