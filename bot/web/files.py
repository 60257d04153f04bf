"""A person's file as an answer: it can do nothing in the browser, nobody keeps it, and players may seek in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import Response

from bot.conversation.media import Body

_HEADERS = {
    "Accept-Ranges": "bytes",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}

_ENDINGS: Mapping[str, str] = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "audio/mpeg": "mp3",
    "audio/amr": "amr",
    "audio/amr-wb": "amr",
    "audio/ogg": "ogg",
    "video/mp4": "mp4",
}

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


def file_answer(request: Request, body: Body, name: str, *, attached: bool = False) -> Response:
    """The whole file, or the one part that a player asks for (RFC 9110, section 14).

    `attached`: to be saved under `name` and the ending of its type, not shown. Several parts at once, or a condition
    that we give no means for (If-Range), get the whole; a part that lies behind the end gets 416.
    """
    ending = _ENDINGS.get(body.content_type, "bin")
    way = "attachment" if attached else "inline"
    headers = {**_HEADERS, "Content-Disposition": f'{way}; filename="{name}.{ending}"'}
    whole = len(body.data)
    part = None if "if-range" in request.headers else _part(request.headers.get("range", ""), whole)
    if part is None:
        return Response(body.data, 200, headers, body.content_type)
    if not part:
        return Response(b"", 416, {**headers, "Content-Range": f"bytes */{whole}"})
    headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{whole}"
    return Response(body.data[part.start : part.stop], 206, headers, body.content_type)


def attachment(data: bytes, name: str, media_type: str) -> Response:
    """A file of ours, to be saved under this name, which may be Chinese (RFC 6266, section 4.3)."""
    return Response(data, 200, {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}, media_type)


def _part(asked: str, whole: int) -> range | None:
    """The bytes asked for, none of them if they lie behind the end; None if nothing that we know is asked."""
    found = _RANGE.fullmatch(asked.strip())
    if found is None or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:
        return range(max(0, whole - int(last)), whole)
    if last and int(last) < int(first):
        return None
    return range(int(first), min(whole, int(last) + 1) if last else whole)
