"""Takes away cookies that are none of ours and slow to read."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send


class PlainCookies:
    r"""Leaves out each cookie with a backslash: another site of this machine may have set it, or somebody means harm.

    Python's reader of cookies takes the square of their length for backslashes between quotation marks
    (CVE-2024-7592, before Python 3.12.6), and the framework reads them at each request, before anybody is known.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on without them."""
        if scope["type"] == "http":
            headers = scope["headers"]
            scope["headers"] = [(name, _plain(value) if name == b"cookie" else value) for name, value in headers]
        await self._app(scope, receive, send)


def _plain(cookies: bytes) -> bytes:
    return cookies if b"\\" not in cookies else b";".join(one for one in cookies.split(b";") if b"\\" not in one)
