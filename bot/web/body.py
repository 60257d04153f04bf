"""Refuses a request whose body is larger than any of ours could be, before it fills the memory."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY_BYTES = 256 * 1024
"""Far above the longest reply, far below what would hurt."""


class BodyLimit:
    """Raises 413 when somebody reads a body that is, or says that it is, too large."""

    def __init__(self, app: ASGIApp, uploads: Mapping[str, int]) -> None:
        """`uploads`: how the paths end to which files are sent, and how many bytes those may be with their form."""
        self._app = app
        self._uploads = uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with a body that cannot grow past the limit."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        ends = (most for end, most in self._uploads.items() if scope["path"].endswith(end))
        most = next(ends, MAX_BODY_BYTES)
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
