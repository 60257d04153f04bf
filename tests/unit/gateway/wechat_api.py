"""The platform's API as these tests play it, by the rules of wechat.md, and our side of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import httpx
from wechat_platform import SAFE

from bot.conversation.accounts import Accounts
from bot.gateway.api import WeChatApi
from tests.doubles.clock import SettableClock
from tests.doubles.memory_tokens import MemoryTokenShelf

NOTICE = "tEmPlAtE-of-the-notice"
ACCOUNTS: Accounts = {
    "hunan": replace(
        SAFE, follow_up_template=NOTICE, follow_up_fields=(("thing2", "您关注的事项有新进展"), ("phrase3", "待查看"))
    ),
    "changsha": replace(SAFE, id="changsha", app_id="wxchangsha", app_secret="app-secret-of-changsha"),
    "poor": replace(SAFE, id="poor", app_id="wxpoor", customer_service=False),
}

type Answering = Callable[[httpx.Request], Awaitable[httpx.Response]]


@dataclass
class Platform:
    """Gives tokens and takes calls; `errcodes` are the answers to come, then 0.

    `ended` are tokens that hold no more (42001), `files` what `media/get` gives, `token_answer` what is said instead of
    a token.
    """

    lifetime_s: int = 7200
    errcodes: list[int] = field(default_factory=list)
    token_answer: dict[str, object] | None = None
    number: int = 1
    ended: set[str] = field(default_factory=set)
    files: dict[str, httpx.Response] = field(default_factory=dict)
    menu: dict[str, object] | None = None
    requests: list[httpx.Request] = field(default_factory=list)

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.requests.append(request)
        await asyncio.sleep(0)
        if request.url.path == "/cgi-bin/stable_token":
            return self._token(json.loads(request.content))
        if request.url.params["access_token"] in self.ended:
            return httpx.Response(200, json={"errcode": 42001, "errmsg": "rid: 1-2-3"})
        errcode = self.errcodes.pop(0) if self.errcodes else 0
        return httpx.Response(200, json={"errcode": errcode, "errmsg": "rid: 1-2-3"}) if errcode else self._do(request)

    def _do(self, request: httpx.Request) -> httpx.Response:
        match request.url.path:
            case "/cgi-bin/media/upload":
                answer = {"type": request.url.params["type"], "media_id": "m-1", "created_at": 1}
                return httpx.Response(200, json=answer)
            case "/cgi-bin/media/get":
                unknown = httpx.Response(200, json={"errcode": 40007, "errmsg": "invalid media_id"})
                return self.files.get(request.url.params["media_id"], unknown)
            case "/cgi-bin/menu/get":
                return httpx.Response(200, json=self.menu or {"errcode": 46003, "errmsg": "menu no exist"})
            case "/cgi-bin/menu/create":
                self.menu = {"menu": json.loads(request.content)}
        return httpx.Response(200, json={"errcode": 0, "errmsg": "ok"})

    def _token(self, asked: dict[str, object]) -> httpx.Response:
        if asked["force_refresh"]:
            self.number += 1
        answer = {"access_token": f"token-{self.number}", "expires_in": self.lifetime_s}
        return httpx.Response(200, json=self.token_answer or answer)

    def asked(self, path: str) -> list[httpx.Request]:
        """The requests of this path so far."""
        return [request for request in self.requests if request.url.path == f"/cgi-bin/{path}"]

    def bodies(self, path: str) -> list[dict[str, object]]:
        """What these requests carried."""
        return [json.loads(request.content) for request in self.asked(path)]

    def forced(self) -> list[bool]:
        """For each request of a token, whether it was to be renewed by force."""
        return [bool(body["force_refresh"]) for body in self.bodies("stable_token")]

    def tokens(self, path: str) -> list[str]:
        """The tokens that these requests carried."""
        return [request.url.params["access_token"] for request in self.asked(path)]


@asynccontextmanager
async def calling(
    platform: Answering, clock: SettableClock | None = None, shelf: MemoryTokenShelf | None = None
) -> AsyncIterator[WeChatApi]:
    """One process that calls this platform."""
    clock = clock or SettableClock()
    async with httpx.AsyncClient(transport=httpx.MockTransport(platform)) as client:
        yield WeChatApi(ACCOUNTS, shelf or MemoryTokenShelf(clock), clock, client)


def failing(trouble: Exception | httpx.Response, paths: Iterable[str] = ("",)) -> Answering:
    """A platform that gives tokens, and has this trouble with every other call of these paths."""
    working = Platform()

    async def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/cgi-bin/stable_token" or not any(path in request.url.path for path in paths):
            return await working(request)
        if isinstance(trouble, Exception):
            raise trouble
        return trouble

    return answer


UNTYPED_BYTES = httpx.Response(200, content=b"\xff\xfe")
"""No answer in JSON, but perhaps a file."""

TROUBLES: list[Exception | httpx.Response] = [
    httpx.ConnectError("no route"),
    httpx.ConnectTimeout("slow"),
    httpx.ReadTimeout("slow"),
    httpx.ReadError("reset"),
    httpx.RemoteProtocolError("half an answer"),
    httpx.Response(500, json={"errcode": 0}),
    httpx.Response(502, text="<html>"),
    httpx.Response(302, headers={"location": "https://elsewhere.test"}),
    httpx.Response(200, text="<html>"),
    UNTYPED_BYTES,
    httpx.Response(200, json=[]),
    httpx.Response(200, json={}),
    httpx.Response(200, json={"errcode": "0"}),
]
