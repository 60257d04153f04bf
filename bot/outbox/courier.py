"""Carries deliveries to the platform, in order for each person, and keeps the result of each."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import structlog

from bot.conversation.accounts import Account, Accounts, account_of
from bot.conversation.clock import Clock
from bot.conversation.content import Picture, Sound
from bot.conversation.errors import Conflict, InvalidData, NiangjiaError, NotFound, Unavailable
from bot.conversation.events import Event, EventKind
from bot.conversation.media import MediaKind
from bot.conversation.messages import OPEN_DELIVERIES, Delivery, DeliveryStatus, Route
from bot.conversation.ports import Feed, Inbox, Sender, SendResult, Uploaded
from bot.conversation.repositories import UnitOfWork, UnitsOfWork
from bot.outbox.parcel import Parcel, pack
from bot.outbox.settle import Outcome, mark_sent, settle

log = structlog.get_logger(__name__)

ROUND_EVERY_S = 0.2
BATCH = 50
PLACES = 10
"""Parcels of one account under way at once in one process: a slow one never takes the places of another."""

LEASE = timedelta(seconds=45)
"""How long a parcel is left to a courier that may have died: an upload and a send take 40 s at most. Whoever lives and
is still writing its result down keeps it longer."""

SETTLE_TRIES = 60
"""What the platform took must be written down, even if the database is away for a minute: it would go out twice."""


@dataclass(frozen=True, slots=True)
class Courier:
    """Delivers for as long as the process lives; several may run, each parcel is taken by one."""

    units: UnitsOfWork
    inbox: Inbox
    sender: Sender
    feed: Feed
    clock: Clock
    accounts: Accounts
    settle_pause_s: float = 1.0
    _under_way: Counter[str] = field(default_factory=Counter, init=False, repr=False)
    """Parcels, by account."""
    _carried: set[str] = field(default_factory=set, init=False, repr=False)
    """The deliveries in them: their lease may end while their result is being written down."""

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until `stop` is set; what is under way is finished."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._rounds(group, stop))
            group.create_task(self._confirmations(stop))

    async def _rounds(self, group: asyncio.TaskGroup, stop: asyncio.Event) -> None:
        """No round waits for the sends of another."""
        while not stop.is_set():
            try:
                for parcel in await self._take():
                    group.create_task(self._carry(parcel))
            except NiangjiaError as error:
                log.warning("round of deliveries failed", error=type(error).__name__)
            await asyncio.sleep(ROUND_EVERY_S)

    async def _confirmations(self, stop: asyncio.Event) -> None:
        """Write down what went over the wire; what a dead courier was told is told again, and twice changes nothing."""
        retell = True
        while not stop.is_set():
            try:
                if retell:
                    await self.inbox.retell()
                    retell = False
                key = await self.inbox.next_confirmed(wait_s=1.0)
                if key is not None:
                    await self.settle_passive(key)
                    await self.inbox.settled(key)
            except NiangjiaError as error:
                log.warning("confirmation not written", error=type(error).__name__)
                retell = True
                await asyncio.sleep(ROUND_EVERY_S)

    async def deliver_due(self) -> int:
        """Carry every parcel whose time has come and for which there is a place; returns how many."""
        parcels = await self._take()
        await asyncio.gather(*(self._carry(parcel) for parcel in parcels))
        return len(parcels)

    async def settle_passive(self, key: str) -> None:
        """Write down that the passive reply to this message has gone over the wire."""
        async with self.units() as uow:
            settled = [row for row in await uow.deliveries.for_inbound(key) if row.status in OPEN_DELIVERIES]
            for delivery in settled:
                mark_sent(delivery, Route.PASSIVE, self.clock.now())
                await uow.deliveries.save(delivery)
            events = await _events(uow, settled)
            await uow.commit()
        await self._tell(events)

    async def _take(self) -> list[Parcel]:
        """Lease what is due before anything leaves the house, as much as each account has places for."""
        until, under_way = self.clock.now() + LEASE, Counter(self._under_way)
        full = [account_id for account_id, parcels in under_way.items() if parcels >= PLACES]
        parcels = []
        async with self.units(reading=True) as uow:  # mostly there is nothing to lease, and nobody waits for a look
            if not await uow.deliveries.any_due(self.clock.now()):
                return []
        async with self.units() as uow:
            for first in await uow.deliveries.due(self.clock.now(), BATCH, leaving_out=full):
                if first.id in self._carried:
                    first.due_at = until
                    await uow.deliveries.save(first)
                    continue
                if under_way[first.account_id] >= PLACES:
                    continue
                try:
                    parcels.append(await pack(uow, first, until))
                except InvalidData:  # a key is missing: hers wait for it, the others go on
                    log.error("contact not opened", contact_id=first.contact_id)
                    first.due_at = until
                    await uow.deliveries.save(first)
                else:
                    under_way[first.account_id] += 1
            await uow.commit()
        self._under_way.update(parcel.first.account_id for parcel in parcels)
        self._carried.update(delivery.id for parcel in parcels for delivery in parcel.deliveries)
        return parcels

    async def _carry(self, parcel: Parcel) -> None:
        try:
            if parcel.ended_offer is not None:
                await self._end_offer(parcel.ended_offer)
            else:
                await self._deliver(parcel)
        except Exception as error:  # one parcel's trouble is no other's; when its lease ends it is looked at again
            log.error("parcel not settled", delivery_id=parcel.first.id, error=type(error).__name__)
        finally:
            self._under_way[parcel.first.account_id] -= 1
            self._carried.difference_update(delivery.id for delivery in parcel.deliveries)

    async def _end_offer(self, key: str) -> None:
        """The time for the passive reply is over: it was fetched, or the words go another way.

        Where the account has no customer-service messages, they wait for her next message.
        """
        if await self.inbox.withdraw_reply(key):
            await self.settle_passive(key)
            return
        async with self.units() as uow:
            for delivery in await uow.deliveries.for_inbound(key):
                if delivery.status is DeliveryStatus.OFFERED:
                    may_send = account_of(self.accounts, delivery.account_id).customer_service
                    delivery.status = DeliveryStatus.PENDING if may_send else DeliveryStatus.HELD
                    delivery.due_at = self.clock.now()
                    await uow.deliveries.save(delivery)
            await uow.commit()

    async def _deliver(self, parcel: Parcel) -> None:
        """Send and write down; words that were refused together go one by one, since only one may be at fault."""
        outcome = await self._send(parcel)
        result = outcome.result
        by_content = result.status is DeliveryStatus.REFUSED and not (result.unfollowed or result.unreachable)
        if by_content and len(parcel.deliveries) > 1:
            await self._one_by_one(parcel)
        else:
            await self._settle_surely(parcel, outcome)

    async def _one_by_one(self, parcel: Parcel) -> None:
        for place, delivery in enumerate(parcel.deliveries):
            single = replace(parcel, deliveries=(delivery,))
            outcome = await self._send(single)
            if outcome.result.status not in (DeliveryStatus.SENT, DeliveryStatus.REFUSED):  # the others wait behind it
                await self._settle_surely(replace(parcel, deliveries=parcel.deliveries[place:]), outcome)
                return
            await self._settle_surely(single, outcome)

    async def _send(self, parcel: Parcel) -> Outcome:
        """Send if the window lets us; what the platform would refuse anyway is kept for her return."""
        first, contact = parcel.first, parcel.contact
        account = account_of(self.accounts, first.account_id)
        if not contact.following:
            return Outcome(SendResult(DeliveryStatus.REFUSED, unfollowed=True))
        is_open = contact.window is not None and contact.window.left(self.clock.now()) > 0
        if account.customer_service and not is_open:
            return Outcome(SendResult(DeliveryStatus.HELD))
        brought = await self._bring(first, account)
        if isinstance(brought, SendResult):
            return Outcome(brought)
        if not account.customer_service:  # a picture that lies ready goes with her next message
            return Outcome(SendResult(DeliveryStatus.HELD), brought)
        uploaded_id = brought.platform_id if brought else first.uploaded_id
        result = await self.sender.send(
            account.id, contact.openid, parcel.content, by_assistant=first.by_assistant, uploaded_id=uploaded_id
        )
        return Outcome(result, brought)

    async def _bring(self, delivery: Delivery, account: Account) -> Uploaded | SendResult | None:
        """Bring a picture or sound to the platform; None if there is none, or it lies there still."""
        match delivery.content:
            case Picture(media_id=media_id):
                kind = MediaKind.IMAGE
            case Sound(media_id=media_id):
                kind = MediaKind.VOICE
            case _:
                return None
        if delivery.uploaded_until is not None and delivery.uploaded_until > self.clock.now():
            return None
        try:
            async with self.units(reading=True) as uow:
                body = await uow.media.body(media_id)
        except NotFound:
            return SendResult(DeliveryStatus.REFUSED)
        brought = await self.sender.upload(account.id, kind, body)
        if isinstance(brought, SendResult) and brought.account_fault and not account.customer_service:
            return SendResult(DeliveryStatus.REFUSED, brought.errcode)  # it must not keep later words from her
        return brought

    async def _settle_surely(self, parcel: Parcel, outcome: Outcome) -> None:
        for _ in range(SETTLE_TRIES - 1):
            try:
                events = await self._settle(parcel, outcome)
                break
            except (Unavailable, Conflict) as error:
                log.warning("result not written yet", delivery_id=parcel.first.id, error=type(error).__name__)
                await asyncio.sleep(self.settle_pause_s)
        else:
            events = await self._settle(parcel, outcome)
        await self._tell(events)

    async def _settle(self, parcel: Parcel, outcome: Outcome) -> Sequence[Event]:
        async with self.units() as uow:
            events = await _events(uow, await settle(uow, parcel, outcome, self.clock.now()))
            await uow.commit()
        return events

    async def _tell(self, events: Sequence[Event]) -> None:
        if not events:
            return
        try:
            await self.feed.publish(*events)
        except Unavailable as error:  # a reload of the page brings it back
            log.warning("deliveries not announced", count=len(events), error=str(error))


async def _events(uow: UnitOfWork, deliveries: Iterable[Delivery]) -> list[Event]:
    talks = [await uow.conversations.get(one) for one in dict.fromkeys(row.conversation_id for row in deliveries)]
    return [Event(EventKind.DELIVERY_SETTLED, talk.account_id, talk.region, talk.id) for talk in talks]
