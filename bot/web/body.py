"""Refuses a body that is larger than any of ours could be, before it fills the memory, or in another spelling."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from fastapi import Request
from python_multipart.multipart import parse_options_header
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartParser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.conversation.errors import NiangjiaError

MAX_BODY_BYTES = 256 * 1024
"""Far above the longest reply, far below what would hurt."""

STRANGER_BYTES = 16 * 1024
"""From who has not come in yet: room for name, password and where to go, each sign escaped as a dozen."""

CheckKnown = Callable[[Request], Awaitable[None]]
"""Raises an error of ours unless who asks has come in; may raise Unavailable."""

_FORM = b"application/x-www-form-urlencoded"
_STRAY = re.compile(rb"%(?![0-9A-Fa-f]{2})")
"""No browser sends it, and the parser of forms takes many times as long for it as for any other sign."""

# What is uploaded stays in memory, within the limits below: on the disk it would lie unsealed.
MultiPartParser.spool_max_size = 0


class BodyLimit:
    """Raises an error when somebody reads a body that is not to be read.

    413: it is, or says that it is, too large; 415: it is other than UTF-8, or escaped as no browser does; and what
    `check_known` raises if only who has come in may send so much. A form that names its own character set would be
    read by any codec of Python, such as one for escaped surrogates.
    """

    def __init__(self, app: ASGIApp, check_known: CheckKnown, limits: Mapping[str, int]) -> None:
        """`limits`: how the paths end to which something else than MAX_BODY_BYTES may be sent, and how much."""
        self._app = app
        self._check_known = check_known
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with a body that cannot grow past the limit."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = next((most for end, most in self._limits.items() if scope["path"].endswith(end)), MAX_BODY_BYTES)
        await self._app(scope, _Body(Request(scope), receive, self._check_known, most).read, send)


@dataclass(slots=True)
class _Body:
    """The body of one request, while it is read."""

    request: Request
    receive: Receive
    check_known: CheckKnown
    most: int
    size: int = 0
    known: bool = False
    begun: bytes = b""
    """An escape whose end is still to come."""

    async def read(self) -> Message:
        """The next piece; raises HTTPException."""
        kind, parameters = parse_options_header(self.request.headers.get("content-type", ""))
        if parameters.get(b"charset", b"utf-8").lower() not in (b"utf-8", b"utf8"):
            raise HTTPException(415)
        said = self.request.headers.get("content-length", "0")
        await self._check_size(int(said) if said.isdecimal() else 0)
        message = await self.receive()
        piece = message.get("body", b"")
        self.size += len(piece)
        await self._check_size(self.size)
        if kind == _FORM:
            self._check_escapes(self.begun + piece, more=message.get("more_body", False))
        return message

    async def _check_size(self, size: int) -> None:
        if size > self.most:
            raise HTTPException(413)
        if size > STRANGER_BYTES and not self.known:
            try:
                await self.check_known(self.request)
            except NiangjiaError as error:  # the framework lets no error of ours through here: it goes as the cause
                raise HTTPException(400) from error
            self.known = True

    def _check_escapes(self, piece: bytes, *, more: bool) -> None:
        cut = piece.rfind(b"%", -2) if more else -1
        whole, self.begun = (piece, b"") if cut < 0 else (piece[:cut], piece[cut:])
        if _STRAY.search(whole):
            raise HTTPException(415)
