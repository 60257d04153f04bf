"""The house's own processes on a folder of their own, and an office that was filled before they start."""

from __future__ import annotations

import hashlib
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import sqlalchemy as sa
import yaml
from cryptography.fernet import Fernet

from bot import cases, handoff
from bot.bootstrap import DATA, LOOPBACK
from bot.conversation.accounts import Contact, Scene, SendingWindow
from bot.conversation.content import Text
from bot.conversation.conversations import Conversation
from bot.conversation.handoffs import Handoff
from bot.conversation.levels import Level, Topic
from bot.conversation.messages import Author, Message, new_id
from bot.conversation.repositories import UnitOfWork
from bot.conversation.staff import Role, Scope, Session, Staff
from bot.store import migrate
from bot.store.encryption import FernetSealer
from bot.store.engine import create_engine
from bot.store.tables import cases as cases_table
from bot.store.tables import contacts, conversations, handoffs, messages
from bot.store.unit_of_work import SqlUnitOfWork
from tests.processes.redis_server import running_redis

READY_S = 60.0
TOKEN, AES_KEY, APP_ID = "benchmark", "A" * 43, "wx0123456789abcdef"
SERVED = ("bench", "bench2", "bench3")
"""The official accounts; with the regions of Hunan they make some four hundred lanes."""

REGIONS = DATA / "regions.yml"
_SHARES = {Level.CRITICAL: 1, Level.HIGH: 4, Level.NORMAL: 10}
"""Of ten people, one is in danger, three more are in trouble, and the others have a question."""

_LONGEST = timedelta(hours=8)
_TABLES = (contacts, conversations, messages, handoffs, cases_table)
_PORTS = ("GATEWAY", "GATEWAY_STATUS", "WORKER_STATUS", "DESK", "RASA")


@dataclass
class House:
    """A folder, a database, a Redis, and the settings that the processes get; `ports` by the name of the setting."""

    home: Path
    redis_url: str
    database_url: str
    key: str = field(default_factory=lambda: Fernet.generate_key().decode())
    ports: dict[str, int] = field(default_factory=lambda: {name: _free_port() for name in _PORTS})

    def __post_init__(self) -> None:
        self.sealer = FernetSealer([self.key], "b" * 48)
        self.engine = create_engine(self.database_url)
        self.units = partial(SqlUnitOfWork, self.engine, self.sealer)

    @property
    def env(self) -> dict[str, str]:
        """The settings, as the environment."""
        return {
            **os.environ,
            "NIANGJIA_HOME": str(self.home),
            "NIANGJIA_REDIS_URL": self.redis_url,
            "NIANGJIA_DATABASE_URL": self.database_url,
            "NIANGJIA_ACCOUNTS": str(self.home / "accounts.yml"),
            "NIANGJIA_SECRET_KEY": "b" * 48,
            "NIANGJIA_ENCRYPTION_KEYS": self.key,
            "NIANGJIA_GATEWAY_HOST": LOOPBACK,
            **{f"NIANGJIA_{name}_PORT": str(port) for name, port in self.ports.items()},
        }

    @contextmanager
    def running(self, *names: str) -> Iterator[dict[str, int]]:
        """These processes, ready; gives their process ids by name."""
        with ExitStack() as stack:
            yield {name: stack.enter_context(self._process(name)) for name in names}

    @contextmanager
    def _process(self, name: str) -> Iterator[int]:
        log = self.home / f"{name}.log"
        with log.open("wb") as out:
            process = subprocess.Popen([sys.executable, "-m", "bot", name], env=self.env, stdout=out, stderr=out)
        try:
            self._wait_until_ready(name, process, log)
            yield process.pid
        finally:
            process.terminate()
            process.wait(30)

    def _wait_until_ready(self, name: str, process: subprocess.Popen[bytes], log: Path) -> None:
        port = self.ports["WORKER_STATUS" if name == "worker" else name.upper()]
        deadline = time.monotonic() + READY_S
        while time.monotonic() < deadline and process.poll() is None:
            try:
                if httpx.get(f"http://{LOOPBACK}:{port}/healthz", trust_env=False, timeout=2).is_success:
                    return
            except httpx.HTTPError:
                time.sleep(0.1)
        raise RuntimeError(f"{name} did not start:\n{log.read_text()[-2000:]}")


@contextmanager
def house(database_url: str | None = None, api_base: str = f"http://{LOOPBACK}:9") -> Iterator[House]:
    """An empty house with a Redis of its own; on SQLite unless told otherwise."""
    with TemporaryDirectory(prefix="nj-bench-") as folder, running_redis() as redis:
        home = Path(folder)
        built = House(home, f"unix://{redis.socket}", database_url or f"sqlite:///{home / 'niangjia.db'}")
        rows = [
            {
                "id": name,
                "name": "试用",
                "region": "430000",
                "app_id": APP_ID,
                "app_secret": "0" * 32,
                "token": TOKEN,
                "encoding_aes_key": AES_KEY,
                "mode": "safe",
                "customer_service": True,
                "api_base": api_base,
            }
            for name in SERVED
        ]
        (home / "accounts.yml").write_text(yaml.safe_dump({"accounts": rows}, allow_unicode=True), encoding="utf-8")
        migrate.upgrade(built.database_url)
        yield built


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody who is signed in; `token` is her cookie's, and serves as a bearer token too."""

    staff: Staff
    token: str
    csrf_token: str

    @property
    def headers(self) -> dict[str, str]:
        """What her browser sends."""
        return {"Cookie": f"niangjia_session={self.token}", "X-CSRF-Token": self.csrf_token}


async def hire(built: House, regions: Sequence[frozenset[str]]) -> list[Operator]:
    """An operator for each of these sets of regions; the empty one sees all."""
    now = datetime.now(UTC)
    hired = []
    async with built.units() as uow:
        for number, own in enumerate(regions):
            token = secrets.token_urlsafe(32)
            scope = Scope(regions=own)
            member = Staff(new_id(), f"op{number}", f"接线员{number}", Role.OPERATOR, "-", now, scope=scope)
            digest = hashlib.sha256(token.encode()).hexdigest()
            session = Session(digest, member.id, secrets.token_urlsafe(32), now, now + timedelta(hours=1))
            await uow.staff.add(member)
            await uow.sessions.add(session)
            hired.append(Operator(member, token, session.csrf_token))
        await uow.commit()
    return hired


async def fill(built: House, count: int) -> list[Handoff]:
    """So many people wait, of every region and level, since up to eight hours; all of them copies of one."""
    regions = yaml.safe_load(REGIONS.read_text(encoding="utf-8"))["regions"]
    places = sorted(str(region["code"]) for region in regions)
    now = datetime.now(UTC)
    async with built.units() as uow:
        first = await _newcomer(uow, now)
        await uow.commit()
    copies = [
        _copy(first, number, places[number % len(places)], now - _LONGEST * (1 - number / count))
        for number in range(count)
    ]
    async with built.engine.begin() as connection:
        for table in _TABLES:
            column = table.c.id if table is contacts else table.c.contact_id
            rows = (await connection.execute(sa.select(table).where(column == first.contact_id))).mappings().all()
            made = [_changed(table, dict(row), copy, number) for number, copy in enumerate(copies, 1) for row in rows]
            await connection.execute(sa.insert(table), made)
    return [first, *copies]


def _copy(first: Handoff, number: int, region: str, at: datetime) -> Handoff:
    level = next(level for level, share in _SHARES.items() if number % 10 < share)
    return replace(
        first,
        id=new_id(),
        contact_id=new_id(),
        conversation_id=new_id(),
        account_id=SERVED[number % len(SERVED)],
        region=region,
        level=level,
        requested_at=at,
        queued_at=at,
    )


def _changed(table: sa.Table, row: dict[str, Any], copy: Handoff, number: int) -> dict[str, Any]:
    own = {
        "contact_id": copy.contact_id,
        "conversation_id": copy.conversation_id,
        "account_id": copy.account_id,
        "region": copy.region,
        "level": copy.level,
        "requested_at": copy.requested_at,
        "queued_at": copy.queued_at,
        "mailbox": new_id(),
        "inbound_key": f"bench:{new_id()}",
        "number": f"{row.get('number')}-{number}",
    }
    ids = {"handoffs": copy.id, "contacts": copy.contact_id, "conversations": copy.conversation_id}
    row = {name: own.get(name, value) for name, value in row.items() if name != "position"}
    return row | {"id": ids.get(table.name, new_id())}


async def _newcomer(uow: UnitOfWork, at: datetime) -> Handoff:
    identity, region, account_id = new_id(), "430000", SERVED[0]
    window = SendingWindow(Scene.MESSAGE, at)
    contact = Contact(identity, account_id, new_id(), f"openid-{identity}", at, window=window, region=region)
    talk = Conversation(new_id(), identity, account_id, region, at, last_message_at=at)
    talk.hear(Level.HIGH, Topic.DOMESTIC_VIOLENCE)
    await uow.contacts.add(contact)
    await uow.conversations.add(talk)
    for words in ("有人吗", "我跟他结婚十二年了，两个孩子，昨天晚上他又喝了酒"):
        said = Message(new_id(), talk.id, identity, Author.CONTACT, Text(words), at, inbound_key=f"b:{new_id()}")
        await uow.messages.add(said)
    asked = await handoff.request(uow, talk, ("本人要求人工",), at)
    await cases.register(uow, asked, at)
    await uow.conversations.save(talk)
    return asked


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
