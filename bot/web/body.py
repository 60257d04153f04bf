"""Refuses a request whose body is larger than any of ours could be, before it fills the memory."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY_BYTES = 256 * 1024
"""Far above the longest reply, far below what would hurt."""


class BodyLimit:
    """Raises 413 when somebody reads a body that is, or says that it is, too large."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with a body that cannot grow past the limit."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        said = Headers(scope=scope).get("content-length", "0")
        read = int(said) if said.isdecimal() and int(said) > MAX_BODY_BYTES else 0

        async def limited() -> Message:
            nonlocal read
            if read <= MAX_BODY_BYTES:
                message = await receive()
                read += len(message.get("body", b""))
            if read > MAX_BODY_BYTES:
                raise HTTPException(413)
            return message

        await self._app(scope, limited, send)
