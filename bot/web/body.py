"""Refuses a body that is larger than any of ours could be, before it fills the memory, or in another spelling."""

from __future__ import annotations

from collections.abc import Mapping

from python_multipart.multipart import parse_options_header
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY_BYTES = 256 * 1024
"""Far above the longest reply, far below what would hurt."""


class BodyLimit:
    """Raises 413 when somebody reads a body that is, or says that it is, too large, and 415 for any other than UTF-8.

    A form that names its own character set would be read by any codec of Python, such as one for escaped surrogates.
    """

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
        headers = Headers(scope=scope)
        said, strange = headers.get("content-length", "0"), _is_strange(headers.get("content-type", ""))
        read = int(said) if said.isdecimal() and int(said) > most else 0

        async def limited() -> Message:
            nonlocal read
            if strange:
                raise HTTPException(415)
            if read <= most:
                message = await receive()
                read += len(message.get("body", b""))
            if read > most:
                raise HTTPException(413)
            return message

        await self._app(scope, limited, send)


def _is_strange(content_type: str) -> bool:
    """Whether it names a character set that is not UTF-8, as the parser of forms reads it."""
    _, parameters = parse_options_header(content_type)
    named = parameters.get(b"charset", b"utf-8")
    return named.lower() not in (b"utf-8", b"utf8")
