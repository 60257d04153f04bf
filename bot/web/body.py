"""Refuses a request whose body is larger than any of ours could be, before it fills the memory."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY_BYTES = 256 * 1024
"""Far above the longest reply, far below what would hurt."""

MAX_UPLOAD_BYTES = 2_500_000
"""A picture of 2 MB, the most that the platform surely takes (wechat.md section 7), with its form."""

_UPLOADS = "/pictures"
"""How the paths end to which pictures are sent."""


class BodyLimit:
    """Raises 413 when somebody reads a body that is, or says that it is, too large."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with a body that cannot grow past the limit."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = MAX_UPLOAD_BYTES if scope["path"].endswith(_UPLOADS) else MAX_BODY_BYTES
        said = Headers(scope=scope).get("content-length", "0")
        read = int(said) if said.isdecimal() and int(said) > most else 0

        async def limited() -> Message:
            nonlocal read
            if read <= most:
                message = await receive()
                read += len(message.get("body", b""))
            if read > most:
                raise HTTPException(413)
            return message

        await self._app(scope, limited, send)
