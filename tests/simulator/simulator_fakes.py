"""A gateway and a clock that do as a test says, and a platform between them."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import httpx
from fastapi import FastAPI

from simulator import markup
from simulator.accounts import Account
from simulator.app import create_app
from simulator.drilling import Coach
from simulator.markup import Fields
from simulator.platform import Platform
from simulator.playing import Player
from simulator.switches import Switches

KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 64
LATE = TimeoutError()
"""An answer that does not come in time, as far as the platform sees."""
HELD = "held"
"""No answer while the test lasts."""


def account(name: str, **changes: Any) -> Account:
    """An account in plain mode, unless changed."""
    values = {"id": name, "name": f"{name}妇联", "app_id": f"wx{name}", "app_secret": f"{name}-secret"}
    values |= {"token": f"{name}token", "encoding_aes_key": KEY, "mode": "plain"}
    return Account.model_validate(values | changes)


PATIENCE_S = 30
"""How long the platform really waits for an answer: no slow day is taken for a gateway that does not answer."""


class FakeClock:
    """Stands still until told; sleeping takes no time."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.time

    def pass_(self, **delta: float) -> None:
        self.time += timedelta(**delta)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += timedelta(seconds=seconds)
        await asyncio.sleep(0)


type Answer = tuple[int, str] | Exception | str | Callable[[httpx.Request], httpx.Response]


@dataclass
class FakeGateway:
    """Keeps what it is sent and answers in the order given; then `success` for ever."""

    answers: list[Answer] = field(default_factory=list)
    requests: list[httpx.Request] = field(default_factory=list)

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer: Answer = self.answers.pop(0) if self.answers else (200, "success")
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, str):
            await asyncio.sleep(2 * PATIENCE_S)
            return httpx.Response(200)
        if callable(answer):
            return answer(request)
        status, body = answer
        return httpx.Response(status, text=body)

    def pushed(self) -> list[dict[str, str]]:
        """The fields of all plain pushes."""
        return [{child.tag: child.text or "" for child in markup.read(r.content)} for r in self.requests]


@dataclass
class World:
    """A platform with its API, a gateway and a clock."""

    api: httpx.AsyncClient
    platform: Platform
    gateway: FakeGateway
    clock: FakeClock
    switches: Switches
    player: Player
    coach: Coach

    async def phone(self, account_id: str = "bj") -> str:
        """The OpenID of a new phone."""
        answer = await self.api.post("/phones", json={"account": account_id})
        return str(answer.json()["openid"])

    async def say(self, openid: str, text: str = "你好", **more: Any) -> str:
        """Write, wait until the push is over; the msg_id."""
        answer = await self.api.post(f"/phones/{openid}/messages", json={"type": "text", "text": text, **more})
        assert answer.status_code == 202, answer.text
        await self.platform.settle()
        return str(answer.json()["msg_id"])

    async def act(self, openid: str, kind: str, key: str | None = None) -> str:
        """Follow, click and the like; the number of the push."""
        answer = await self.api.post(f"/phones/{openid}/events", json={"type": kind, "key": key})
        assert answer.status_code == 202, answer.text
        await self.platform.settle()
        return str(answer.json()["msg_id"])

    async def chat(self, openid: str) -> list[dict[str, Any]]:
        """All bubbles."""
        answer = await self.api.get(f"/phones/{openid}/chat")
        bubbles: list[dict[str, Any]] = answer.json()
        return bubbles

    async def token(self, account_id: str = "bj") -> str:
        """A fresh access token."""
        query = {"grant_type": "client_credential", "appid": f"wx{account_id}", "secret": f"{account_id}-secret"}
        return str((await self.api.get("/cgi-bin/token", params=query)).json()["access_token"])

    async def call(self, path: str, body: Any, token: str | None = None) -> dict[str, Any]:
        """A POST to the account API; a body of bytes goes as it is."""
        content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        query = {"access_token": await self.token() if token is None else token}
        answer = await self.api.post(f"/cgi-bin/{path}", params=query, content=content)
        assert answer.status_code == 200
        result: dict[str, Any] = answer.json()
        return result

    async def send(self, openid: str, text: str = "在的", token: str | None = None) -> int:
        """A customer-service text; the errcode."""
        body = {"touser": openid, "msgtype": "text", "text": {"content": text}}
        return int((await self.call("message/custom/send", body, token))["errcode"])


@cache
def _app() -> FastAPI:
    return create_app([account("bj")], "http://gateway")


def world() -> World:
    """Two accounts that may send, `bj` and `cd`, one that may not, `small`, and one for drills, `lx`."""
    plain = [account("bj"), account("cd"), account("small", customer_service=False)]
    accounts = [*plain, account("lx", drill=True)]
    gateway, clock, switches = FakeGateway(), FakeClock(), Switches(retry_after_s=PATIENCE_S)
    client = httpx.AsyncClient(transport=httpx.MockTransport(gateway))
    platform = Platform(accounts, client, "http://gateway", switches, clock)
    # One application for all tests, as its routes cost more than a test; its whole state is the platform.
    app = _app()
    app.state.platform = platform
    app.state.player = player = Player(platform)
    app.state.coach = coach = Coach(platform)
    api = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://platform")
    return World(api, platform, gateway, clock, switches, player, coach)


def reply(openid: str, kind: str = "text", account_id: str = "bj", **fields: Any) -> Fields:
    """The fields of a passive reply."""
    head = {"ToUserName": openid, "FromUserName": account(account_id).original_id, "CreateTime": 1}
    return {**head, "MsgType": kind, **fields}


def text_reply(openid: str, words: str = "您好") -> str:
    """A passive text reply of `bj`, in plain."""
    return markup.write(reply(openid, Content=words))
