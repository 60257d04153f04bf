"""Fetches the pictures, voices and videos that people send, from the platform and nowhere else."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

import httpx

from bot.conversation.accounts import Account, account_of
from bot.conversation.errors import InvalidData, NotFound, PlatformUnavailable
from bot.conversation.media import Body
from bot.gateway.api import WeChatApi
from bot.gateway.errcodes import UNKNOWN_MEDIA
from bot.gateway.wire import PlatformRefused, is_file, opened, read_body

MAX_BYTES = 12 << 20
"""Above everything that the platform lets a person send."""

TOTAL_S = 60.0

_DOMAINS = ("qq.com", "qpic.cn")
"""The platform's own, where its videos lie; it also names them by a bare address of its network (no name at all)."""

_MAX_HOPS = 4

type Resolve = Callable[[str, int], Awaitable[list[str]]]
"""The addresses of a host; raises PlatformUnavailable."""


async def resolve(host: str, port: int) -> list[str]:
    """The addresses that this machine's DNS gives; raises PlatformUnavailable."""
    try:
        rows = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise PlatformUnavailable(type(error).__name__) from None
    return [str(row[4][0]) for row in rows]


class WeChatMedia:
    """See `ports.MediaSource`."""

    def __init__(self, api: WeChatApi, resolve: Resolve = resolve, total_s: float = TOTAL_S) -> None:
        self._api = api
        self._resolve = resolve
        self._total_s = total_s

    async def download(self, account_id: str, platform_id: str) -> Body:
        """The bytes; raises NotFound if the platform has it no more, InvalidData if it is too large or lies
        elsewhere, and PlatformUnavailable if trying again later may help."""
        account = account_of(self._api.accounts, account_id)
        try:
            async with asyncio.timeout(self._total_s):
                found = await self._api.fetch(account, "media/get", {"media_id": platform_id}, MAX_BYTES)
                return found if isinstance(found, Body) else await self._follow(account, found)
        except PlatformRefused as refused:
            if refused.errcode == UNKNOWN_MEDIA:
                raise NotFound("the platform no longer has this file") from None
            raise
        except TimeoutError:
            raise PlatformUnavailable("TimeoutError") from None

    async def _follow(self, account: Account, answer: dict[str, Any]) -> Body:
        """The video to which an answer points."""
        if not isinstance(answer.get("video_url"), str):
            raise PlatformUnavailable("neither a file nor its address in the answer")
        url = _address(answer["video_url"])
        for _ in range(_MAX_HOPS):
            await self._check(account, url)
            async with opened(self._api.client, url) as response:
                if response.next_request is None:
                    return _file(await read_body(response, MAX_BYTES))
                url = response.next_request.url
        raise PlatformUnavailable("passed on too often")

    async def _check(self, account: Account, url: httpx.URL) -> None:
        """Whoever could put an address into an answer must not reach what only this machine can reach."""
        if url.scheme not in ("http", "https") or url.userinfo:
            raise InvalidData("no address of a video")
        if url.netloc == httpx.URL(account.api_base).netloc:
            return
        literal = _literal(url.host)
        if literal is None and not any(url.host == name or url.host.endswith(f".{name}") for name in _DOMAINS):
            raise InvalidData("a video outside the platform")
        port = url.port or (443 if url.scheme == "https" else 80)
        addresses = [literal] if literal else [_literal(found) for found in await self._resolve(url.host, port)]
        if not all(address is not None and _is_public(address) for address in addresses):
            raise InvalidData("a video inside a private network")


def _file(body: Body) -> Body:
    if not is_file(body):
        raise PlatformUnavailable("words in place of a video")
    return body


def _address(text: str) -> httpx.URL:
    try:
        return httpx.URL(text)
    except httpx.InvalidURL:
        raise InvalidData("no address of a video") from None


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_global and not address.is_multicast
