"""WeChat as these tests play it: pushes in every mode, made with the simulator's crypto and none of the gateway's."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode
from xml.etree import ElementTree

import httpx
from starlette.applications import Starlette
from starlette.types import Message

from bot.conversation.accounts import Account, EncryptionMode
from bot.conversation.content import Outgoing
from bot.conversation.ports import Slot
from bot.gateway.app import create_gateway
from bot.gateway.ports import GatewayPorts, Timing
from bot.gateway.pulse import Pulse
from bot.triage import Rules
from simulator.crypto import Envelope, sign
from tests.doubles.memory_inbox import MemoryInbox

FIXTURES = Path(__file__).parents[2] / "fixtures" / "wechat"
NOW = datetime.fromtimestamp(1790000001, UTC)
OPENID = "oTest0Person0000000000000001"
ORIGINAL_ID = "gh_5f3a1c0d9b7e"
NONCE = "1320562132"

SAFE = Account(
    id="hunan",
    name="湖南妇联12338",
    region="430000",
    app_id="wx0123456789abcdef",
    app_secret="app-secret-of-hunan",
    token="tokenOfHunan",
    encoding_aes_key="abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    mode=EncryptionMode.SAFE,
    api_base="https://api.test",
)
ACCOUNTS = {
    mode.value: replace(SAFE, id=mode.value, mode=mode)
    for mode in (EncryptionMode.PLAIN, EncryptionMode.COMPATIBLE, EncryptionMode.SAFE)
}
QUICK = Timing(answer_s=0.15, hold_s=0.2)


def fixture(name: str) -> str:
    """The captured XML of this name."""
    return (FIXTURES / f"{name}.xml").read_text(encoding="utf-8")


@dataclass
class SetClock:
    """A clock that stands until the test moves it."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    def move(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class ClearSealer:
    """Seals nothing; mailboxes are plain digests."""

    def seal(self, clear: bytes) -> bytes:
        return clear

    def open(self, sealed: bytes) -> bytes:
        return sealed

    def mailbox(self, account_id: str, openid: str) -> str:
        return hashlib.sha256(f"{account_id}\n{openid}".encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Request:
    """Query and body of one request."""

    query: dict[str, str]
    body: bytes


def push(account: Account, xml: str, *, at: datetime = NOW, nonce: str = NONCE) -> Request:
    """The POST by which the platform pushes this XML to this account."""
    timestamp = str(int(at.timestamp()))
    query = {
        "signature": sign(account.token, timestamp, nonce),
        "timestamp": timestamp,
        "nonce": nonce,
        "openid": OPENID,
    }
    if account.mode is EncryptionMode.PLAIN:
        return Request(query, xml.encode())
    encrypted = Envelope(account.encoding_aes_key, account.app_id).encrypt(xml.encode())
    query |= {"encrypt_type": "aes", "msg_signature": sign(account.token, timestamp, nonce, encrypted)}
    sealed = f"<Encrypt><![CDATA[{encrypted}]]></Encrypt>"
    if account.mode is EncryptionMode.COMPATIBLE:
        return Request(query, xml.replace("</xml>", f"{sealed}</xml>").encode())
    return Request(query, f"<xml><ToUserName><![CDATA[{ORIGINAL_ID}]]></ToUserName>{sealed}</xml>".encode())


def opened(account: Account, body: bytes, nonce: str = NONCE) -> ElementTree.Element:
    """The passive reply in an answer, its signature checked as the platform would."""
    root = ElementTree.fromstring(body)
    if account.mode is EncryptionMode.PLAIN:
        return root
    parts = {child.tag: child.text or "" for child in root}
    assert parts["MsgSignature"] == sign(account.token, parts["TimeStamp"], parts["Nonce"], parts["Encrypt"])
    assert parts["Nonce"] == nonce
    clear = Envelope(account.encoding_aes_key, account.app_id).decrypt(parts["Encrypt"])
    return ElementTree.fromstring(clear)


class PatientInbox(MemoryInbox):
    """Waits on while a worker is at work: on a slow machine its reply would come late by no fault of anybody."""

    def __init__(self, clock: SetClock) -> None:
        super().__init__(clock)
        self.at_work = 0

    async def wait_reply(self, key: str, timeout_s: float) -> Slot | None:
        slot = await super().wait_reply(key, timeout_s)
        while slot is None and self.at_work:
            slot = await super().wait_reply(key, timeout_s)
        return slot


@dataclass
class House:
    """A gateway over an inbox in memory, and the platform that talks to it."""

    app: Starlette
    inbox: PatientInbox
    clock: SetClock
    pulse: SetPulse
    platform: httpx.AsyncClient

    async def post(self, account: Account, request: Request) -> httpx.Response:
        return await self.platform.post(f"/wechat/{account.id}", params=request.query, content=request.body)

    async def push(self, account: Account, xml: str) -> httpx.Response:
        return await self.post(account, push(account, xml))

    async def work(self, slot: Slot) -> str:
        """What a worker does with the next message: offer this; returns the message's key."""
        self.inbox.at_work += 1
        try:
            claim = await self.inbox.claim("worker", wait_s=30.0)
            assert claim is not None
            await self.inbox.offer_reply(claim.inbound.key, slot)
            await self.inbox.done(claim)
        finally:
            self.inbox.at_work -= 1
        return claim.inbound.key

    async def say(self, account: Account, xml: str, reply: Outgoing | None) -> httpx.Response:
        """Push, and let a worker answer with this."""
        answer, _ = await asyncio.gather(self.push(account, xml), self.work(Slot(reply)))
        return answer


class SetPulse(Pulse):
    """As late as the test says."""

    late = 0.0

    def late_s(self) -> float:
        return self.late


def house(rules: Rules, *accounts: Account, timing: Timing = QUICK, fresh: timedelta = timedelta(minutes=5)) -> House:
    """A house for these accounts (by default one in each mode), where no worker has come yet."""
    known = {account.id: account for account in accounts} or ACCOUNTS
    clock, pulse = SetClock(), SetPulse()
    inbox = PatientInbox(clock)
    app = create_gateway(GatewayPorts(inbox, ClearSealer(), rules, known, clock, timing, pulse, fresh))
    transport = httpx.ASGITransport(app)
    return House(app, inbox, clock, pulse, httpx.AsyncClient(transport=transport, base_url="http://gateway"))


async def push_and_hang_up(home: House, account: Account, request: Request, after_s: float) -> list[Message]:
    """Push, and hang up after so many seconds; returns what the app tried to answer."""
    scope = {
        "type": "http",
        "method": "POST",
        "path": f"/wechat/{account.id}",
        "query_string": urlencode(request.query).encode(),
        "headers": [],
    }
    bodies: list[Message] = [{"type": "http.request", "body": request.body, "more_body": False}]
    answers: list[Message] = []

    async def receive() -> Message:
        if bodies:
            return bodies.pop()
        await asyncio.sleep(after_s)
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        answers.append(message)

    await home.app(scope, receive, send)
    return answers
