"""The webhook as the target: one trial is a few raw requests to a fresh gateway, and what must hold after each."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from functools import cache
from urllib.parse import parse_qsl
from xml.etree import ElementTree

from starlette.applications import Starlette
from starlette.types import Message, Scope

from bot.bootstrap import read_bare_rules
from bot.conversation.accounts import EncryptionMode
from bot.conversation.messages import Inbound
from bot.conversation.ports import Accepted, Slot
from bot.gateway.app import create_gateway
from bot.gateway.ports import GatewayPorts, Timing
from bot.triage import Rules
from simulator.crypto import sign
from tests.doubles.memory_inbox import MemoryInbox
from tests.unit.gateway.wechat_platform import ACCOUNTS, NOW, ClearSealer, SetClock, opened

ALLOWED = frozenset({200, 400, 403, 404, 405, 408, 413, 503})
"""500 is a fault of ours. 503 is by design: the platform shall ask again."""


@dataclass(frozen=True)
class Knock:
    """One request, as bytes; the client hangs up after its body if `hangs_up`."""

    account: str
    query: bytes
    chunks: tuple[bytes, ...]
    method: str = "POST"
    headers: tuple[tuple[bytes, bytes], ...] = ()
    hangs_up: bool = False


@dataclass(frozen=True)
class Trial:
    """Requests one after the other, and what a worker says to each message at once (None: no worker, no reply)."""

    family: str
    knocks: tuple[Knock, ...]
    slot: Slot | None = None
    down: bool = False


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    content_type: str
    body: bytes


class PromptInbox(MemoryInbox):
    """An inbox whose worker answers every message in the moment it is stored."""

    def __init__(self, slot: Slot | None) -> None:
        super().__init__(SetClock())
        self._slot = slot

    async def append(self, inbound: Inbound, request: str | None = None) -> Accepted:
        if self._slot is not None and not self.down:
            await self.attend("worker")
            await self.offer_reply(inbound.key, self._slot)
        return await super().append(inbound, request)


async def attempt(trial: Trial) -> Counter[str]:
    """Carry the trial out; returns how the requests ended. Raises AssertionError where something does not hold."""
    inbox = PromptInbox(trial.slot)
    inbox.down = trial.down
    app = create_gateway(
        GatewayPorts(inbox, ClearSealer(), _rules(), ACCOUNTS, SetClock(), Timing(answer_s=0.0, hold_s=0.0))
    )
    ended: Counter[str] = Counter()
    alive = len(asyncio.all_tasks())
    used: set[str] = set()
    for knock in trial.knocks:
        stored = len(inbox.appended)
        answer = await _knocked(app, knock)
        grown = len(inbox.appended) - stored
        assert answer.status in ALLOWED, answer
        assert not grown or authentic(knock), "stored, though nobody signed it"
        assert not grown or answer.status in (200, 503), "stored, and refused all the same"
        assert not grown or not used & signatures(knock), "a signature has carried two messages"
        used |= signatures(knock) if grown else set()
        if answer.content_type.startswith("text/xml"):
            _check_reply(knock, answer, trial.slot)
        ended[f"{answer.status}{' stored' if grown else ''}"] += 1
    assert len(asyncio.all_tasks()) == alive, "a task was left behind"
    return ended


def signatures(knock: Knock) -> set[str]:
    """The signature that stands for this request."""
    name = "signature" if ACCOUNTS[knock.account].mode is EncryptionMode.PLAIN else "msg_signature"
    return {value for key, value in parse_qsl(knock.query.decode("latin-1")) if key == name}


def authentic(knock: Knock) -> bool:
    """Whether the platform could have sent this: judged with the simulator's crypto and none of the gateway's."""
    account = ACCOUNTS[knock.account]
    query = dict(parse_qsl(knock.query.decode("latin-1"), keep_blank_values=True))
    parts = (account.token, query.get("timestamp", ""), query.get("nonce", ""))
    if not parts[1].isdigit() or abs(int(parts[1]) - NOW.timestamp()) > 300:
        return False
    if account.mode is EncryptionMode.PLAIN:
        return query.get("signature") == sign(*parts)
    root = ElementTree.fromstring(b"".join(knock.chunks))
    sealed = [(child.text or "").strip() for child in root if child.tag.lower() == "encrypt"]
    return query.get("msg_signature") in [sign(*parts, one) for one in sealed]


def _check_reply(knock: Knock, answer: Answer, slot: Slot | None) -> None:
    """The platform can read it, and finds the one message that was meant."""
    assert slot is not None
    query = dict(parse_qsl(knock.query.decode("latin-1"), keep_blank_values=True))
    reply = opened(ACCOUNTS[knock.account], answer.body, query["nonce"])
    names = [child.tag for child in reply]
    assert sorted(names[:3]) == sorted(set(names[:3]))
    assert names.count("MsgType") == names.count("ToUserName") == names.count("FromUserName") == 1
    assert len(names) == 6 if reply.findtext("MsgType") == "news" else len(names) == 5


async def _knocked(app: Starlette, knock: Knock) -> Answer:
    scope: Scope = {
        "type": "http",
        "method": knock.method,
        "path": f"/wechat/{knock.account}",
        "query_string": knock.query,
        "headers": list(knock.headers),
    }
    bodies: list[Message] = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in knock.chunks]
    if not knock.hangs_up:
        bodies.append({"type": "http.request", "body": b"", "more_body": False})
    told: list[Message] = []

    async def receive() -> Message:
        if bodies:
            return bodies.pop(0)
        if not knock.hangs_up:
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        told.append(message)

    await app(scope, receive, send)
    start, *parts = told
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    assert not parts[-1].get("more_body")
    return Answer(start["status"], headers.get("content-type", ""), b"".join(part["body"] for part in parts))


@cache
def _rules() -> Rules:
    return read_bare_rules()
