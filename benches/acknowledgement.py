"""How soon the gateway has a message safe and says so, with no worker to answer; beside a plain GET of the same app."""

from __future__ import annotations

import asyncio
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

import httpx
import yaml
from cryptography.fernet import Fernet
from rich.console import Console
from rich.table import Table
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import WeChatSigner

from bot.bootstrap import LOOPBACK
from tests.processes.redis_server import running_redis

PER_SECOND = 100
SECONDS = 30
GET_EVERY = 5
"""One verification to so many messages, in between, so that both meet the same machine."""
TARGET_P99_MS = 50
READY_S = 60.0
PATIENCE_S = 10.0
TOKEN, KEY, APP_ID = "benchmark", "A" * 43, "wx0123456789abcdef"


def main() -> None:
    """Print the table."""
    with (
        TemporaryDirectory(prefix="nj-bench-") as folder,
        running_redis() as redis,
        running_gateway(Path(folder), f"unix://{redis.socket}") as port,
    ):
        posts, gets = asyncio.run(measure(port))
    table = Table(
        "what",
        "median ms",
        "95 of 100",
        "99 of 100",
        "longest",
        "refused",
        title=f"Acknowledgement: {PER_SECOND} messages a second for {SECONDS} s, safe mode, no worker",
    )
    _row(table, "baseline: GET verification", gets)
    _row(table, f"signed message stored (aim: 99 of 100 under {TARGET_P99_MS} ms)", posts)
    Console().print(table)


async def measure(port: int) -> tuple[list[float | None], list[float | None]]:
    """Milliseconds of each message and each verification, from when it was due; None for one that was refused."""
    platform = Platform(port)
    posts: list[asyncio.Task[float | None]] = []
    gets: list[asyncio.Task[float | None]] = []
    # beforehand, since the platform does this on machines of its own
    pushes = [signed(number) for number in range(PER_SECOND * SECONDS)]
    verifications = [verification(number) for number in range(0, PER_SECOND * SECONDS, GET_EVERY)]
    begun = time.perf_counter()
    for number, push in enumerate(pushes):
        due = begun + number / PER_SECOND
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        posts.append(asyncio.create_task(platform.timed(push, b"success", due)))
        if number % GET_EVERY == 0:
            get = verifications[number // GET_EVERY]
            gets.append(asyncio.create_task(platform.timed(get, str(number).encode(), due)))
    return [await task for task in posts], [await task for task in gets]


class Platform:
    """Sends over as many kept connections as are needed at once; a client of comfort costs more than the door."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def timed(self, request: bytes, expected: bytes, due: float) -> float | None:
        """Milliseconds from `due` until this answer was read; None for another answer, or none in time."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                answer = await self._exchange(request)
        except (OSError, EOFError, TimeoutError):
            return None
        return (time.perf_counter() - due) * 1000 if answer == expected else None

    async def _exchange(self, request: bytes) -> bytes:
        self._free = [pair for pair in self._free if not pair[0].at_eof()]  # the server hangs up on who is silent
        reader, writer = self._free.pop() if self._free else await asyncio.open_connection(LOOPBACK, self._port)
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        body = await reader.readexactly(int(head.partition(b"content-length: ")[2].split(b"\r\n")[0]))
        self._free.append((reader, writer))
        return body


def signed(number: int, words: str = "离婚要带什么材料") -> bytes:
    """One message of a new person, as the platform pushes it."""
    openid, now, nonce = f"o{number:027d}", str(int(time.time())), str(number)
    plain = (
        f"<xml><ToUserName>gh_bench</ToUserName><FromUserName>{openid}</FromUserName><CreateTime>{now}</CreateTime>"
        f"<MsgType>text</MsgType><Content>{words}</Content><MsgId>{number + 1}</MsgId></xml>"
    )
    sealed = WeChatCrypto(TOKEN, KEY, APP_ID).encrypt_message(plain, nonce, now)
    signature = sealed.partition("<MsgSignature><![CDATA[")[2].partition("]]>")[0]
    encrypted = sealed.partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]
    query = {
        "signature": _sign(now, nonce),
        "timestamp": now,
        "nonce": nonce,
        "openid": openid,
        "encrypt_type": "aes",
        "msg_signature": signature,
    }
    body = f"<xml><ToUserName>gh_bench</ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
    return _request("POST", query, body.encode())


def verification(number: int) -> bytes:
    """The request by which the platform verifies an address."""
    now, nonce = str(int(time.time())), str(number)
    query = {"signature": _sign(now, nonce), "timestamp": now, "nonce": nonce, "echostr": str(number)}
    return _request("GET", query, b"")


def _request(method: str, query: dict[str, str], body: bytes) -> bytes:
    head = f"{method} /wechat/bench?{urlencode(query)} HTTP/1.1\r\nHost: bench\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def _sign(timestamp: str, nonce: str) -> str:
    signer = WeChatSigner()
    signer.add_data(TOKEN, timestamp, nonce)
    return str(signer.signature)


def _row(table: Table, name: str, times: list[float | None]) -> None:
    good = [took for took in times if took is not None]
    figures = ["-"] * 4
    if len(good) > 1:
        hundredths = statistics.quantiles(good, n=100)
        figures = [f"{took:.1f}" for took in (statistics.median(good), hundredths[94], hundredths[98], max(good))]
    table.add_row(name, *figures, str(len(times) - len(good)))


@contextmanager
def running_gateway(home: Path, redis_url: str) -> Iterator[int]:
    """The gateway's own process; gives its port."""
    accounts = home / "accounts.yml"
    account = {
        "id": "bench",
        "name": "试用",
        "region": "430000",
        "app_id": APP_ID,
        "app_secret": "0" * 32,
        "token": TOKEN,
        "encoding_aes_key": KEY,
        "mode": "safe",
        "customer_service": True,
    }
    accounts.write_text(yaml.safe_dump({"accounts": [account]}, allow_unicode=True), encoding="utf-8")
    port, status_port = _free_port(), _free_port()
    env = {
        **os.environ,
        "NIANGJIA_HOME": str(home),
        "NIANGJIA_REDIS_URL": redis_url,
        "NIANGJIA_ACCOUNTS": str(accounts),
        "NIANGJIA_SECRET_KEY": "b" * 48,
        "NIANGJIA_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "NIANGJIA_GATEWAY_HOST": LOOPBACK,
        "NIANGJIA_GATEWAY_PORT": str(port),
        "NIANGJIA_GATEWAY_STATUS_PORT": str(status_port),
    }
    with (home / "gateway.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "bot", "gateway"], env=env, stdout=log, stderr=log)
    try:
        _wait_until_ready(process, port, home)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, home: Path) -> None:
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"http://{LOOPBACK}:{port}/readyz", trust_env=False, timeout=2).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise RuntimeError(f"the gateway did not start:\n{(home / 'gateway.log').read_text()[-2000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
