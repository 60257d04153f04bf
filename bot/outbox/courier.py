"""Carries deliveries to the platform, in order for each person, and keeps the result of each."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from bot.conversation.accounts import Contact
from bot.conversation.clock import Clock
from bot.conversation.errors import NiangjiaError, RedisUnavailable, Unavailable
from bot.conversation.events import Event, EventKind
from bot.conversation.messages import OPEN_DELIVERIES, Delivery, DeliveryStatus, Route
from bot.conversation.ports import Feed, Inbox, Sender, SendResult, UnitOfWork, UnitsOfWork

log = structlog.get_logger(__name__)

ROUND_EVERY_S = 0.2
BATCH = 50
LEASE = timedelta(seconds=90)
"""How long a send and the writing down of its result may take before another courier tries again."""

SETTLE_TRIES = 60
"""What the platform took must be written down, even if the database is away for a minute: it would go out twice."""

BACKOFF = timedelta(seconds=2)
MAX_ATTEMPTS = 8
"""With doubling pauses about four minutes; after that the words are kept until she writes again."""


@dataclass(frozen=True, slots=True)
class Courier:
    """Delivers for as long as the process lives; several may run, each delivery is taken by one."""

    units: UnitsOfWork
    inbox: Inbox
    sender: Sender
    feed: Feed
    clock: Clock
    settle_pause_s: float = 1.0

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until `stop` is set."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._rounds(stop))
            group.create_task(self._confirmations(stop))

    async def _rounds(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await self.deliver_due()
            except NiangjiaError as error:
                log.warning("round of deliveries failed", error=type(error).__name__)
            await asyncio.sleep(ROUND_EVERY_S)

    async def _confirmations(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                key = await self.inbox.next_confirmed(wait_s=1.0)
                if key is not None:
                    await self.settle_passive(key)
            except NiangjiaError as error:
                # not lost: when the offer runs out, `withdraw_reply` tells the same
                log.warning("confirmation not written", error=type(error).__name__)
                await asyncio.sleep(ROUND_EVERY_S)

    async def deliver_due(self) -> int:
        """Carry every delivery whose time has come; returns how many were looked at."""
        taken = await self._take()
        await asyncio.gather(*(self._carry(delivery, contact) for delivery, contact in taken))
        return len(taken)

    async def settle_passive(self, key: str) -> None:
        """Write down that the passive reply to this message has gone over the wire."""
        async with self.units() as uow:
            settled = [row for row in await uow.deliveries.for_inbound(key) if row.status in OPEN_DELIVERIES]
            for delivery in settled:
                self._mark_sent(delivery, Route.PASSIVE)
                await uow.deliveries.save(delivery)
            await uow.commit()
        await self._tell(settled)

    async def _take(self) -> list[tuple[Delivery, Contact]]:
        """Lease what is due, so that no other courier carries it, before anything leaves the house."""
        now = self.clock.now()
        async with self.units() as uow:
            due = await uow.deliveries.due(now, BATCH)
            taken = []
            for delivery in due:
                taken.append((replace(delivery), await uow.contacts.get(delivery.contact_id)))
                delivery.due_at = now + LEASE
                if delivery.status is not DeliveryStatus.OFFERED:
                    delivery.status = DeliveryStatus.SENDING
                    delivery.attempts += 1
                await uow.deliveries.save(delivery)
            if due:
                await uow.commit()
        return taken

    async def _carry(self, delivery: Delivery, contact: Contact) -> None:
        try:
            if delivery.status is DeliveryStatus.OFFERED and delivery.inbound_key is not None:
                await self._end_offer(delivery.inbound_key)
            else:
                await self._settle_surely(delivery, contact, await self._send(delivery, contact))
        except NiangjiaError as error:
            log.warning("delivery not settled", delivery_id=delivery.id, error=type(error).__name__)

    async def _end_offer(self, key: str) -> None:
        """The time for the passive reply is over: it was fetched, or the words go by customer-service message."""
        if await self.inbox.withdraw_reply(key):
            await self.settle_passive(key)
            return
        async with self.units() as uow:
            for delivery in await uow.deliveries.for_inbound(key):
                if delivery.status is DeliveryStatus.OFFERED:
                    delivery.status, delivery.due_at = DeliveryStatus.PENDING, self.clock.now()
                    await uow.deliveries.save(delivery)
            await uow.commit()

    async def _send(self, delivery: Delivery, contact: Contact) -> SendResult:
        """Send if the window lets us; what the platform would refuse anyway is kept for her return."""
        if not contact.following:
            return SendResult(DeliveryStatus.REFUSED, unfollowed=True)
        if contact.window is None or not contact.window.left(self.clock.now()):
            return SendResult(DeliveryStatus.HELD)
        return await self.sender.send_text(delivery.account_id, contact.openid, delivery.text)

    async def _settle_surely(self, sent: Delivery, contact: Contact, result: SendResult) -> None:
        for _ in range(SETTLE_TRIES - 1):
            try:
                return await self._settle(sent, contact, result)
            except Unavailable as error:
                log.warning("result not written yet", delivery_id=sent.id, error=type(error).__name__)
                await asyncio.sleep(self.settle_pause_s)
        return await self._settle(sent, contact, result)

    async def _settle(self, sent: Delivery, contact: Contact, result: SendResult) -> None:
        now = self.clock.now()
        async with self.units() as uow:
            delivery = await uow.deliveries.get(sent.id)
            delivery.errcode = result.errcode
            match result.status:
                case DeliveryStatus.SENT:
                    self._mark_sent(delivery, Route.CUSTOMER_SERVICE)
                    await _count_send(uow, delivery.contact_id)
                case DeliveryStatus.PENDING if delivery.attempts < MAX_ATTEMPTS:
                    delivery.status, delivery.due_at = DeliveryStatus.PENDING, now + _backoff(delivery.attempts)
                case DeliveryStatus.REFUSED:
                    delivery.status, delivery.settled_at = DeliveryStatus.REFUSED, now
                case _:
                    delivery.status = DeliveryStatus.HELD
            if result.unfollowed:
                await _mark_unfollowed(uow, delivery.contact_id)
            elif result.window_over and not await _close_window(uow, contact):
                delivery.status, delivery.due_at = DeliveryStatus.PENDING, now
            await uow.deliveries.save(delivery)
            await uow.commit()
        await self._tell([delivery])

    def _mark_sent(self, delivery: Delivery, route: Route) -> None:
        delivery.status, delivery.route = DeliveryStatus.SENT, route
        delivery.errcode, delivery.settled_at = 0, self.clock.now()

    async def _tell(self, deliveries: list[Delivery]) -> None:
        if not deliveries:
            return
        async with self.units() as uow:
            conversation = await uow.conversations.get(deliveries[0].conversation_id)
        event = Event(EventKind.DELIVERY_SETTLED, conversation.account_id, conversation.region, conversation.id)
        try:
            await self.feed.publish(event)
        except RedisUnavailable as error:
            log.warning("delivery not announced", conversation_id=conversation.id, error=str(error))


def _backoff(attempts: int) -> timedelta:
    return BACKOFF * float(2 ** (attempts - 1))


async def _count_send(uow: UnitOfWork, contact_id: str) -> None:
    contact = await uow.contacts.get(contact_id)
    if contact.window is not None:
        contact.window = replace(contact.window, sent=contact.window.sent + 1)
        await uow.contacts.save(contact)


async def _close_window(uow: UnitOfWork, seen: Contact) -> bool:
    """The platform counts better than we do: nothing goes out before she writes again. False if she just has."""
    contact = await uow.contacts.get(seen.id)
    if contact.window is not None and seen.window is not None and contact.window.opened_at != seen.window.opened_at:
        return False
    contact.window = None
    await uow.contacts.save(contact)
    return True


async def _mark_unfollowed(uow: UnitOfWork, contact_id: str) -> None:
    contact = await uow.contacts.get(contact_id)
    contact.following, contact.window = False, None
    await uow.contacts.save(contact)
