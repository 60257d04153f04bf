"""One request to the platform and its answer: JSON or a file, or one error of ours."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx

from bot.conversation.accounts import Account
from bot.conversation.errors import InvalidData, PlatformUnavailable
from bot.conversation.media import Body

TIMEOUTS = httpx.Timeout(connect=3.0, read=8.0, write=5.0, pool=2.0)

type Answer = dict[str, Any]


class PlatformRefused(PlatformUnavailable):
    """The platform answered with another number than 0; `errcodes` says what it means."""

    def __init__(self, errcode: int) -> None:
        super().__init__(f"errcode {errcode}")
        self.errcode = errcode


def address(account: Account, path: str) -> str:
    """Where the platform answers this account's calls of `/cgi-bin/<path>`."""
    return f"{account.api_base.rstrip('/')}/cgi-bin/{path}"


async def exchange(client: httpx.AsyncClient, method: str, url: str, **parts: Any) -> Answer:
    """Send one request and return the fields of its answer; raises PlatformUnavailable, PlatformRefused."""
    try:
        response = await client.request(method, url, timeout=TIMEOUTS, **parts)
        response.raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise PlatformUnavailable(type(error).__name__) from None
    return read_answer(response.content)


def json_part(body: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of a request that carry this object, unescaped: \\uXXXX is shown as it stands, or refused (40033)."""
    content = json.dumps(body, ensure_ascii=False).encode()
    return {"content": content, "headers": {"Content-Type": "application/json; charset=utf-8"}}


def read_answer(content: bytes) -> Answer:
    """The fields of an answer; raises PlatformRefused for its errcode, PlatformUnavailable if it is none."""
    try:
        answer = json.loads(content)
    except ValueError as error:
        raise PlatformUnavailable(type(error).__name__) from None
    if not isinstance(answer, dict):
        raise PlatformUnavailable("not an object")
    errcode = answer.get("errcode", 0)
    if not isinstance(errcode, int):
        raise PlatformUnavailable("errcode is no number")
    if errcode:
        raise PlatformRefused(errcode)
    return answer


@asynccontextmanager
async def opened(
    client: httpx.AsyncClient, url: httpx.URL | str, params: Mapping[str, str] | None = None
) -> AsyncIterator[httpx.Response]:
    """The beginning of an answer, its body still to be read; raises PlatformUnavailable, also while it is read."""
    try:
        # packed bytes would be counted only after they were unpacked
        headers = {"Accept-Encoding": "identity"}
        async with client.stream("GET", url, params=params, headers=headers, timeout=TIMEOUTS) as response:
            yield response
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise PlatformUnavailable(type(error).__name__) from None


async def read_body(response: httpx.Response, max_bytes: int) -> Body:
    """The file of an answer; raises InvalidData if it is larger, httpx.HTTPError as `opened` expects it."""
    response.raise_for_status()
    declared = response.headers.get("Content-Length", "")
    if declared.isdecimal() and int(declared) > max_bytes:
        raise InvalidData("file too large")
    data = bytearray()
    async for chunk in response.aiter_bytes():
        data += chunk
        if len(data) > max_bytes:
            raise InvalidData("file too large")
    content_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return Body(content_type or "application/octet-stream", bytes(data))


def is_file(body: Body) -> bool:
    """Whether this is a picture, sound or video; errors come with status 200 too, and with any type."""
    words = body.content_type.startswith("text/") or body.content_type == "application/json"
    return not words and not body.data.startswith(b"{")
