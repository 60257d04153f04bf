"""How long the front door takes: triage a message, seal it, refuse a hostile body; each beside a plain baseline."""

from __future__ import annotations

import asyncio
import hashlib
import statistics
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import httpx
from cryptography.fernet import Fernet
from rich.console import Console
from rich.table import Table

from bot.bootstrap import read_rules
from bot.conversation.accounts import Account
from bot.conversation.clock import SystemClock
from bot.gateway import GatewayPorts, create_gateway
from bot.store.encryption import FernetSealer
from bot.triage import judge
from tests.doubles.memory_inbox import MemoryInbox

ROUNDS = 200
MESSAGES = {
    "12 characters": "他掐我脖子，我锁在厕所里",
    "60 characters": "我想问一下离婚的时候房子是婚前他爸妈付的首付婚后我们一起还贷款，"
    "现在涨价了很多，我能分到多少，要带什么材料去法院",
    "300 characters": "我跟他结婚十二年了，两个孩子，大的读五年级。" * 13 + "昨天晚上他又喝了酒，拿菜刀架在我脖子上。",
}
ACCOUNT = Account("bench", "试用", "430000", "wx0123456789abcdef", "secret", "token", "A" * 43)
HOSTILE = {
    "forged signature": b"<xml><ToUserName>gh_1</ToUserName><Encrypt>AAAA</Encrypt></xml>",
    "DOCTYPE": b'<!DOCTYPE x [<!ENTITY a "b">]><xml><Encrypt>&a;</Encrypt></xml>',
    "broken XML": b"<xml><ToUserName>",
    "nested 9,000 deep": b"<xml>" + b"<a>" * 9000 + b"</a>" * 9000 + b"</xml>",
    "1 MiB": b"<xml>" + b"a" * (1 << 20) + b"</xml>",
}


def timed(work: Callable[[], object]) -> float:
    """The median of one call, in milliseconds."""
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000


async def timed_async(work: Callable[[], Awaitable[object]]) -> float:
    """The median of one awaited call, in milliseconds."""
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        await work()
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000


async def main() -> None:
    """Print the table."""
    table = Table("what", "median ms", "times the baseline", title=f"Front door, {ROUNDS} rounds each")
    rules, sealer = read_rules(), FernetSealer([Fernet.generate_key().decode()], "b" * 32)
    baseline = timed(lambda: hashlib.sha256(b"x" * 65536).digest())
    table.add_row("baseline: SHA-256 of 64 KiB", f"{baseline:.3f}", "1.0")
    for name, text in MESSAGES.items():
        _row(table, f"triage, {name}", timed(lambda text=text: judge(rules, text)), baseline)  # type: ignore[misc]
    _row(table, "seal and open 2 KiB", timed(lambda: sealer.open(sealer.seal(b"x" * 2048))), baseline)
    clock = SystemClock()
    app = create_gateway(GatewayPorts(MemoryInbox(clock), sealer, rules, {ACCOUNT.id: ACCOUNT}, clock))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://door") as door:
        for name, body in HOSTILE.items():
            took = await timed_async(lambda body=body: _refused(door, body))  # type: ignore[misc]
            _row(table, f"refuse: {name}", took, baseline)
    Console().print(table)


async def _refused(door: httpx.AsyncClient, body: bytes) -> None:
    query = {"timestamp": str(int(datetime.now(UTC).timestamp())), "nonce": "1", "openid": "o" * 28}
    signed = hashlib.sha1("".join(sorted([ACCOUNT.token, query["timestamp"], "1"])).encode()).hexdigest()
    query |= {"signature": signed, "encrypt_type": "aes", "msg_signature": "0" * 40}
    answer = await door.post(f"/wechat/{ACCOUNT.id}", params=query, content=body)
    assert 400 <= answer.status_code < 500


def _row(table: Table, name: str, took: float, baseline: float) -> None:
    table.add_row(name, f"{took:.3f}", f"{took / baseline:.1f}")


if __name__ == "__main__":
    asyncio.run(main())
