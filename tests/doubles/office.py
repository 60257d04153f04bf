"""An office with its site over a real SQLite file, a queue and a feed in memory: staff, and people who wait."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa
from argon2 import PasswordHasher
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import api, cases, console, handoff
from bot.console.board import Board
from bot.conversation.accounts import Account, Consent, Contact, Scene, SendingWindow, drills_among
from bot.conversation.alarms import AlarmKind
from bot.conversation.cases import Case
from bot.conversation.content import Content, Outgoing, Text
from bot.conversation.conversations import Conversation
from bot.conversation.levels import Level, Topic
from bot.conversation.media import Body, Media, MediaKind, MediaStatus
from bot.conversation.messages import Author, Delivery, DeliveryStatus, Inbound, Message, Route, new_id
from bot.conversation.ports import Sealer
from bot.conversation.repositories import UnitsOfWork
from bot.conversation.staff import Role, Scope, Staff
from bot.handoff.deadlines import DEADLINES
from bot.knowledge import KnowledgeBase, parse_canned
from bot.papers import Stationery
from bot.store import sign_ins
from bot.store.alert_reads import AlertReads
from bot.store.case_figures import Rules
from bot.store.case_reads import CaseReads
from bot.store.desk_reads import DeskReads
from bot.store.share_reads import ShareReads
from bot.store.tables import audit
from bot.store.team import read_team
from bot.store.unit_of_work import SqlUnitOfWork
from bot.web import Door, create_site
from bot.web.attempts import Attempts
from bot.web.passwords import Passwords
from tests.doubles.away_reads import AwayReads
from tests.doubles.clock import SettableClock
from tests.doubles.memory_feed import MemoryFeed
from tests.doubles.memory_inbox import MemoryInbox
from tests.doubles.memory_leases import MemoryLeases
from tests.doubles.memory_queue import MemoryQueue
from tests.doubles.memory_tries import MemoryTries
from tests.doubles.recording_sender import RecordingSender

DATA = Path(__file__).parents[2] / "data"
RULES = Rules(cases.is_workday, {level: one.waiting for level, one in DEADLINES.items()})
PASSWORD = "correct horse battery"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Hashing for tests, a thousand times cheaper than the real one."""

REGIONS = """
regions:
- {code: "430000", name: 湖南省, parent: null, hotline: "12338", hours: null}
- {code: "430100", name: 长沙市, parent: "430000", hotline: null, hours: null}
- {code: "430300", name: 湘潭市, parent: "430000", hotline: null, hours: null}
"""

CANNED = """
reviewed_on: 2026-11-22
replies:
- {key: safe_now, title: 问安全, text: "您现在安全吗？我是{operator}。"}
- {key: filed, title: 已登记, text: "您的事登记好了，编号{case}。{office}会跟进，急事打{hotline}。"}
"""

_ARTICLE = """---
title: {title}
intent: {intent}
laws: [{laws}]
grade: text
reviewed_on: 2026-11-01
review_by: 2027-05-01
regions: all
related: [{related}]
buttons: [{related}]
---
{body}
"""


def an_article(title: str, body: str, intent: str = "null", laws: str = "", related: str = "") -> str:
    """The text of an article's file."""
    return _ARTICLE.format(title=title, body=body, intent=intent, laws=laws, related=related)


ARTICLES = {
    "other/human_joined": an_article("工作人员来了", "工作人员来了，下面是真人跟您说话。"),
    "other/back_to_bot": an_article("助手接着答", "下面由AI智能助手接着回您。"),
    "other/conversation_closed": an_article("先到这里", "这次先说到这里。"),
    "domestic_violence/disclosed": an_article("正在被家暴", "先保证安全。", "domestic_violence_disclosed"),
    "other/helpline": an_article(
        "电话是多少",
        "打{hotline}，{area}的。\n+++\n晚上也可以写。",
        laws="{law: 妇女权益保障法, article: '76', since: 2023-01-01}",
        related="domestic_violence/disclosed",
    ),
}


def an_account(account_id: str, name: str, region: str, **settings: Any) -> Account:
    """An official account."""
    return Account(account_id, name, region, "wx", "secret", "token", "key", **settings)


TEMPLATE = "follow-up"
ACCOUNTS = {
    "hunan": an_account("hunan", "湖南女性之声", "430000", follow_up_template=TEMPLATE),
    "changsha": an_account("changsha", "长沙市妇联", "430100"),
    "xiangtan": an_account("xiangtan", "湘潭市妇联", "430300", customer_service=False),
    "drill": an_account("drill", "演练号", "430100", drill=True),
}
DRILLS = drills_among(ACCOUNTS)


@dataclass
class Office:
    """Make people and staff with `waiting` and `hire`, and use the site with `client` or `browser`."""

    engine: AsyncEngine
    sealer: Sealer
    clock: SettableClock = field(default_factory=SettableClock)
    feed: MemoryFeed = field(default_factory=MemoryFeed)

    def __post_init__(self) -> None:
        self.inbox = MemoryInbox(self.clock)
        self.queue = MemoryQueue(self.clock)
        self.leases = MemoryLeases(self.clock)
        self.sender = RecordingSender(self.clock)
        self.units: UnitsOfWork = partial(SqlUnitOfWork, self.engine, self.sealer, DRILLS)
        self.passwords = Passwords(QUICK)
        reads = DeskReads(self.engine, self.sealer, partial(read_team, self.engine, DRILLS))
        self.ports = console.ConsolePorts(
            units=self.units,
            inbox=self.inbox,
            queue=self.queue,
            feed=self.feed,
            sender=self.sender,
            clock=self.clock,
            accounts=ACCOUNTS,
            knowledge=KnowledgeBase.parse(ARTICLES, REGIONS),
            queries=reads,
            case_reads=CaseReads(self.engine, self.sealer, RULES),
            stationery=Stationery.open(DATA),
            board=Board(reads),
            share_reads=ShareReads(self.engine),
            alert_reads=AlertReads(self.engine),
            canned=parse_canned(CANNED),
        )
        self.site = self._site()

    def _site(self) -> FastAPI:
        ports = self.ports
        site = create_site(
            Door(
                units=self.units,
                queue=self.queue,
                leases=self.leases,
                clock=self.clock,
                sealer=self.sealer,
                find_session=partial(sign_ins.find_session, self.engine),
                extend_session=partial(sign_ins.extend_session, self.engine),
                renew_hash=partial(sign_ins.renew_hash, self.engine),
                attempts=Attempts(MemoryTries(self.clock), self.sealer),
                drills=DRILLS,
                passwords=self.passwords,
            )
        )
        console.install(site, ports)
        api.install(site, ports)
        return site

    def lose_database(self) -> None:
        """From now on nothing can be read for a screen."""
        away = AwayReads()
        self.site.state.console = replace(self.site.state.console, queries=away, board=Board(away))
        self.site.state.api = replace(self.site.state.api, queries=away)

    async def audited(self, target: str) -> list[tuple[str, str]]:
        """Who did what to this, in order: pairs of staff id and action."""
        query = sa.select(audit.c.staff_id, audit.c.action).where(audit.c.target == target).order_by(audit.c.position)
        async with self.engine.connect() as connection:
            return [(row.staff_id, row.action) for row in await connection.execute(query)]

    # --- staff ---

    async def hire(
        self, username: str, role: Role = Role.OPERATOR, scope: Scope | None = None, name: str = "", **about: Any
    ) -> Staff:
        """Somebody who may sign in with PASSWORD."""
        member = Staff(
            id=new_id(),
            username=username,
            display_name=name or username,
            role=role,
            password_hash=self.passwords.hash(PASSWORD),
            created_at=self.clock.now(),
            scope=scope or Scope(),
            **about,
        )
        async with self.units() as uow:
            await uow.staff.add(member)
            await uow.commit()
        return member

    def visitor(self, **options: Any) -> httpx.AsyncClient:
        """A browser or program that nobody has signed in with."""
        transport = httpx.ASGITransport(self.site, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://desk", trust_env=False, **options)

    @asynccontextmanager
    async def browser(self, username: str) -> AsyncIterator[httpx.AsyncClient]:
        """A browser in which this member of staff is signed in; it sends the CSRF token as HTMX does."""
        async with self.visitor() as client:
            answer = await client.post("/sign-in", data={"username": username, "password": PASSWORD})
            assert answer.status_code == 303, answer.text
            digest = hashlib.sha256(client.cookies["niangjia_session"].encode()).hexdigest()
            found = await sign_ins.find_session(self.engine, digest, self.clock.now())
            assert found is not None
            client.headers["X-CSRF-Token"] = found[0].csrf_token
            yield client

    @asynccontextmanager
    async def program(self, username: str) -> AsyncIterator[httpx.AsyncClient]:
        """An API client with this member's token."""
        async with self.visitor() as client:
            answer = await client.post("/api/v1/tokens", json={"username": username, "password": PASSWORD})
            assert answer.status_code == 201, answer.text
            client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
            yield client

    # --- people ---

    async def waiting(
        self,
        *said: str | Content,
        level: Level = Level.HIGH,
        topic: Topic = Topic.DOMESTIC_VIOLENCE,
        account_id: str = "hunan",
        reasons: Sequence[str] = ("本人要求人工",),
        minutes: float = 3,
        **understood: Any,
    ) -> Conversation:
        """Somebody who wrote this and has waited for a person for so many minutes."""
        since = self.clock.now() - timedelta(minutes=minutes)
        contact, talk = _newcomer(account_id, since)
        talk.hear(level, topic)
        async with self.units() as uow:
            await uow.contacts.add(contact)
            await uow.conversations.add(talk)
            for content in said or ("有人吗",):
                await uow.messages.add(_heard(talk, content, since, level=level, **understood))
            asked = await handoff.request(uow, talk, reasons, since)
            await cases.register(uow, asked, since)
            await uow.conversations.save(talk)
            await uow.commit()
        await handoff.announce(self.queue, self.feed, asked, is_new=True)
        return talk

    async def hears(self, talk: Conversation, content: str | Content, **changes: Any) -> Message:
        """She writes again."""
        message = _heard(talk, content, self.clock.now(), **changes)
        async with self.units() as uow:
            await uow.messages.add(message)
            contact = await uow.contacts.get(talk.contact_id)
            contact.window = SendingWindow(Scene.MESSAGE, self.clock.now())
            await uow.contacts.save(contact)
            await uow.commit()
        return message

    async def settles(
        self, status: DeliveryStatus, errcode: int | None = None, route: Route = Route.CUSTOMER_SERVICE
    ) -> None:
        """The platform takes all that is on its way like this."""
        async with self.units() as uow:
            for delivery in await uow.deliveries.due(self.clock.now(), 100):
                settled = {"status": status, "errcode": errcode, "route": route, "settled_at": self.clock.now()}
                await uow.deliveries.save(replace(delivery, **settled))
            await uow.commit()

    async def brings(
        self,
        message: Message,
        kind: MediaKind,
        body: Body | None = None,
        *,
        playable: Body | None = None,
        account_id: str = "hunan",
        **changes: Any,
    ) -> Media:
        """The file of this message; it is stored if there are bytes."""
        now = self.clock.now()
        media = Media(
            id=new_id(),
            message_id=message.id,
            conversation_id=message.conversation_id,
            contact_id=message.contact_id,
            account_id=account_id,
            kind=kind,
            status=MediaStatus.PENDING,
            received_at=message.at,
            due_at=now,
        )
        if body is not None:
            digest = hashlib.sha256(body.data).hexdigest()
            about = {"content_type": body.content_type, "size": len(body.data), "sha256": digest, "stored_at": now}
            media = replace(media, status=MediaStatus.STORED, **about)  # type: ignore[arg-type]
        media = replace(media, **changes)
        async with self.units() as uow:
            await uow.media.add(media)
            if body is not None:
                await uow.media.keep_body(media.id, body)
            if playable is not None:
                await uow.media.keep_body(media.id, playable, playable=True)
            await uow.commit()
        return media

    async def change_contact(self, talk: Conversation, **changes: Any) -> None:
        """What is known of her is otherwise."""
        async with self.units() as uow:
            await uow.contacts.save(replace(await uow.contacts.get(talk.contact_id), **changes))
            await uow.commit()

    async def allows(self, talk: Conversation, template_id: str, left: int) -> None:
        """She lets us tell her so often outside the chat."""
        async with self.units() as uow:
            await uow.consents.save(Consent(talk.contact_id, template_id, left, self.clock.now()))
            await uow.commit()

    async def raises_alarm(self, account_id: str, kind: AlarmKind, detail: str) -> None:
        """Something keeps the account from working."""
        async with self.units() as uow:
            await uow.alarms.raise_(account_id, kind, detail, self.clock.now())
            await uow.commit()

    async def buries(
        self, key: str, said: str | Content = "她的话", *, reason: str = "ValueError", urgent: bool = False
    ) -> None:
        """A message of this key (account:number) that could not be handled."""
        now, account_id = self.clock.now(), key.partition(":")[0]
        content = Text(said) if isinstance(said, str) else said
        inbound = Inbound(key, new_id(), account_id, "openid", content, now, now, urgent=urgent)
        await self.inbox.append(inbound)
        claim = await self.inbox.claim("worker", 0)
        assert claim is not None
        assert claim.inbound.key == key
        await self.inbox.bury(claim, reason)

    async def window(self, talk: Conversation, *, opened_at: datetime, sent: int = 0, following: bool = True) -> None:
        """What may still be sent to her."""
        async with self.units() as uow:
            contact = await uow.contacts.get(talk.contact_id)
            contact.window, contact.following = SendingWindow(Scene.MESSAGE, opened_at, sent), following
            await uow.contacts.save(contact)
            await uow.commit()

    async def says(self, talk: Conversation, author: Author, said: str | Outgoing, **changes: Any) -> Message:
        """A message of ours, with one delivery that is under way."""
        content = Text(said) if isinstance(said, str) else said
        message = replace(
            _heard(talk, "", self.clock.now()), author=author, inbound_key=None, content=content, **changes
        )
        sending = Delivery(
            id=new_id(),
            message_id=message.id,
            conversation_id=talk.id,
            contact_id=talk.contact_id,
            account_id=talk.account_id,
            content=content,
            status=DeliveryStatus.PENDING,
            due_at=self.clock.now(),
            created_at=self.clock.now(),
        )
        async with self.units() as uow:
            await uow.messages.add(message)
            await uow.deliveries.add(sending)
            await uow.commit()
        return message

    async def file_of(self, talk: Conversation) -> Case:
        """Her open file."""
        async with self.units() as uow:
            case = await uow.cases.open_of(talk.contact_id)
        assert case is not None
        return case


def _newcomer(account_id: str, at: datetime) -> tuple[Contact, Conversation]:
    identity = new_id()
    window = SendingWindow(Scene.MESSAGE, at)
    contact = Contact(identity, account_id, new_id(), f"openid-{identity}", at, window=window)
    return contact, Conversation(new_id(), identity, account_id, ACCOUNTS[account_id].region, at, last_message_at=at)


def _heard(talk: Conversation, content: str | Content, at: datetime, **changes: Any) -> Message:
    message = Message(
        id=new_id(),
        conversation_id=talk.id,
        contact_id=talk.contact_id,
        author=Author.CONTACT,
        content=Text(content) if isinstance(content, str) else content,
        at=at,
        inbound_key=f"{talk.account_id}:{new_id()}",
    )
    return replace(message, **changes)
