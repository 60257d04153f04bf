"""A platform that answers as scripted, a courier to it, and what an operator wrote."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Self

from bot.conversation.accounts import Account
from bot.conversation.content import Outgoing, Picture, Text
from bot.conversation.media import Body, Media, MediaKind, MediaStatus
from bot.conversation.messages import Author, Delivery, DeliveryStatus, Message, new_id
from bot.conversation.ports import SendResult, Uploaded
from bot.conversation.repositories import UnitOfWork
from bot.outbox import Courier
from bot.turns.say import line_up as line_up_message
from bot.turns.take import take
from tests.doubles.memory_store import MemoryUnit, MemoryUnits
from tests.doubles.memory_tables import Work
from tests.unit.world import DIVORCE, HUNAN, World

SENT = SendResult(DeliveryStatus.SENT, errcode=0)
BUSY = SendResult(DeliveryStatus.PENDING, errcode=-1)
NO_ANSWER = SendResult(DeliveryStatus.PENDING)
USED_UP = SendResult(DeliveryStatus.HELD, errcode=45047, window_over=True)
REFUSED = SendResult(DeliveryStatus.REFUSED, errcode=45002)
LEFT = SendResult(DeliveryStatus.REFUSED, errcode=43004, unfollowed=True)


NOT_LISTED = SendResult(DeliveryStatus.PENDING, errcode=40164, account_fault=True)
BLACKLISTED = SendResult(DeliveryStatus.REFUSED, errcode=43019, unreachable=True)
FORGOTTEN = SendResult(DeliveryStatus.PENDING, errcode=40007, upload_expired=True)

UPLOAD_LIFE = timedelta(days=3)

BYTES = b"\x89PNG\r\n\x1a\n and so on"


class ScriptedSender:
    """A platform that answers as scripted, then accepts everything; `before` runs while a send is under way.

    `slow` are accounts whose sends take until `let` is set.
    """

    def __init__(self, *results: SendResult, world: World | None = None) -> None:
        self.results = list(results)
        self.uploads: list[SendResult] = []
        self.sent: list[Outgoing] = []
        self.by_assistant: list[bool] = []
        self.uploaded_ids: list[str | None] = []
        self.brought: list[tuple[MediaKind, Body]] = []
        self.reminded: list[str] = []
        self.before: Callable[[], None] = lambda: None
        self.slow: set[str] = set()
        self.let = asyncio.Event()
        self._world = world

    @property
    def texts(self) -> list[str]:
        return [content.text for content in self.sent if isinstance(content, Text)]

    async def send(
        self,
        account_id: str,
        openid: str,
        content: Outgoing,
        *,
        by_assistant: bool = False,
        uploaded_id: str | None = None,
    ) -> SendResult:
        assert openid.startswith("openid-of-")
        self.before()
        self.sent.append(content)
        self.by_assistant.append(by_assistant)
        self.uploaded_ids.append(uploaded_id)
        if account_id in self.slow:
            await self.let.wait()
        await asyncio.sleep(0)
        return self.results.pop(0) if self.results else SENT

    async def upload(self, account_id: str, kind: MediaKind, body: Body) -> Uploaded | SendResult:
        self.brought.append((kind, body))
        await asyncio.sleep(0)
        if self.uploads:
            return self.uploads.pop(0)
        assert self._world is not None
        return Uploaded(f"uploaded-{len(self.brought)}", self._world.clock.now() + UPLOAD_LIFE)

    async def typing(self, account_id: str, openid: str) -> None:
        """Nobody looks."""

    async def remind(self, account_id: str, openid: str, template_id: str) -> SendResult:
        self.before()
        self.reminded.append(template_id)
        return self.results.pop(0) if self.results else SENT


class UnitsWith:
    """Units of work over the same store, in which the repositories of these names are others."""

    def __init__(self, units: MemoryUnits, **others: Callable[[Work], object]) -> None:
        self._units, self._others = units, others

    def __call__(self, *, reading: bool = False) -> MemoryUnit:
        return _UnitWith(self._units, self._others, reading=reading)


class _UnitWith(MemoryUnit):
    def __init__(self, units: MemoryUnits, others: Mapping[str, Callable[[Work], object]], *, reading: bool) -> None:
        super().__init__(units, reading=reading)
        self._others = others

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        for name, other in self._others.items():
            setattr(self, name, other(self._work))
        return self


def courier_of(world: World, sender: ScriptedSender) -> Courier:
    return Courier(world.units, world.inbox, sender, world.feed, world.clock, world.accounts)


async def known(world: World, person: str = "mei", *, account: Account = HUNAN) -> None:
    """She wrote, and her answer went over the wire."""
    inbound = world.inbound(DIVORCE, person, account=account)
    await take(inbound, world.turns)
    await courier_of(world, ScriptedSender()).settle_passive(inbound.key)


async def line_up(world: World, *texts: str, person: str = "mei") -> None:
    """An operator wrote these to her."""
    async with world.units() as uow:
        for text in texts:
            message, account_id = await message_of(world, uow, person, Text(text))
            await line_up_message(uow, message, account_id)
        await uow.commit()


async def line_up_picture(world: World, person: str = "mei") -> None:
    """An operator sent her a picture."""
    async with world.units() as uow:
        message, account_id = await message_of(world, uow, person, Picture(new_id()))
        assert isinstance(message.content, Picture)
        await line_up_message(uow, message, account_id)
        now = world.clock.now()
        of = (message.id, message.conversation_id, message.contact_id, account_id)
        await uow.media.add(Media(message.content.media_id, *of, MediaKind.IMAGE, MediaStatus.STORED, now, now))
        await uow.media.keep_body(message.content.media_id, Body("image/png", BYTES))
        await uow.commit()


async def message_of(world: World, uow: UnitOfWork, person: str, content: Outgoing) -> tuple[Message, str]:
    """A message of an operator to her, and her account; nothing is stored."""
    contact = await uow.contacts.by_mailbox(f"box-of-{person}")
    assert contact is not None
    conversation = await uow.conversations.current(contact.id)
    assert conversation is not None
    at = world.clock.now()
    message = Message(new_id(), conversation.id, contact.id, Author.OPERATOR, content, at)
    return message, conversation.account_id


def long(name: str) -> str:
    """Words that fit into no message together with others."""
    return name + "长" * 500


def named(world: World, text: str) -> Delivery:
    (delivery,) = [delivery for delivery in world.deliveries if delivery.content == Text(text)]
    return delivery


def picture(world: World) -> Delivery:
    (delivery,) = [delivery for delivery in world.deliveries if isinstance(delivery.content, Picture)]
    return delivery


async def rounds(courier: Courier) -> None:
    """Carry until nothing is due any more."""
    while await courier.deliver_due():
        pass
