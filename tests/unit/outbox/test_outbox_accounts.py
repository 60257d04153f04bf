"""One account's or one person's trouble is told once, waits for its end, and holds nobody else up."""

from __future__ import annotations

import asyncio

import pytest

from bot.conversation.accounts import Contact
from bot.conversation.alarms import Alarm, AlarmKind
from bot.conversation.errors import InvalidData
from bot.conversation.messages import DeliveryStatus
from bot.conversation.ports import SendResult
from bot.outbox import Courier
from bot.outbox.courier import BATCH, LEASE, PLACES
from bot.outbox.settle import FAULT_PAUSE
from tests.doubles.memory_store import MemoryContacts
from tests.unit.outbox.couriers import (
    BLACKLISTED,
    NOT_LISTED,
    ScriptedSender,
    UnitsWith,
    courier_of,
    known,
    line_up,
    long,
    named,
    rounds,
)
from tests.unit.world import ASKS_FOR_PERSON, CHANGSHA, HUNAN, World, until

CROWD = BATCH + PLACES
"""More than one look at the store brings."""

QUOTA_USED_UP = SendResult(DeliveryStatus.HELD, errcode=45009, account_fault=True)


# --- the account is at fault ------------------------------------------------------------------------------------


@pytest.mark.wechat("5.54", "5.59", "5.60", "5.67", "5.71", "5.72", "5.74", "5.75", "5.78", "6.12")
async def test_while_the_account_is_at_fault_a_message_waits_and_is_looked_at_every_five_minutes(world: World) -> None:
    await known(world)
    await line_up(world, "您好")
    sender = ScriptedSender(*[NOT_LISTED] * 20)
    courier = courier_of(world, sender)
    for look in range(1, 21):
        assert await courier.deliver_due() == 1
        assert (named(world, "您好").status, named(world, "您好").errcode) == (DeliveryStatus.PENDING, 40164)
        assert len(sender.sent) == look
        world.pass_time(seconds=FAULT_PAUSE.total_seconds() - 1)
        assert await courier.deliver_due() == 0
        world.pass_time(seconds=1)
    await rounds(courier)
    assert named(world, "您好").status is DeliveryStatus.SENT
    assert FAULT_PAUSE.total_seconds() == 300


@pytest.mark.wechat("5.54", "5.59", "5.60", "5.67", "5.71", "5.72", "5.74", "5.75", "5.78", "6.12", "9.4")
async def test_the_alarm_is_raised_once_and_cleared_by_the_next_success(world: World) -> None:
    for person in ("mei", "lan"):
        await known(world, person)
        await line_up(world, f"致{person}", person=person)
    began = world.clock.now()
    courier = courier_of(world, ScriptedSender(*[NOT_LISTED] * 4))
    await rounds(courier)
    world.pass_time(minutes=5)
    await courier.deliver_due()
    (alarm,) = world.kept(Alarm)
    assert (alarm.account_id, alarm.kind, alarm.detail, alarm.since) == ("hunan", AlarmKind.SENDING, "40164", began)
    world.pass_time(minutes=5)
    await rounds(courier)
    assert world.kept(Alarm) == []


async def test_another_accounts_success_clears_no_alarm(world: World) -> None:
    await known(world)
    await line_up(world, "您好")
    await rounds(courier_of(world, ScriptedSender(QUOTA_USED_UP)))
    await known(world, "lan", account=CHANGSHA)
    await line_up(world, "您也好", person="lan")
    await rounds(courier_of(world, ScriptedSender()))
    assert [alarm.account_id for alarm in world.kept(Alarm)] == ["hunan"]


async def test_when_her_window_ends_before_the_fault_the_words_are_held(world: World) -> None:
    await known(world)
    world.pass_time(hours=47, minutes=50)
    await line_up(world, "您好")
    courier = courier_of(world, ScriptedSender(*[NOT_LISTED] * 9))
    for _ in range(4):
        await courier.deliver_due()
        world.pass_time(minutes=5)
    assert named(world, "您好").status is DeliveryStatus.HELD
    assert (await world.hear("在吗") or "").startswith("您好")
    assert named(world, "您好").status is DeliveryStatus.SENT


# --- a person cannot be reached ---------------------------------------------------------------------------------


@pytest.mark.wechat("5.62")
async def test_who_cannot_be_reached_is_marked_until_something_reaches_her(world: World) -> None:
    await known(world)
    await line_up(world, long("一"), long("二"))
    sender = ScriptedSender(BLACKLISTED)
    courier = courier_of(world, sender)
    await courier.deliver_due()
    assert (named(world, long("一")).status, world.contact.refusal) == (DeliveryStatus.REFUSED, 43019)
    assert world.contact.following
    await courier.deliver_due()
    assert (named(world, long("二")).status, world.contact.refusal) == (DeliveryStatus.SENT, None)


async def test_who_writes_again_is_no_longer_marked(world: World) -> None:
    await known(world)
    await line_up(world, "您好")
    await rounds(courier_of(world, ScriptedSender(BLACKLISTED)))
    await world.hear("在吗")
    assert world.contact.refusal is None


# --- nobody holds another up ------------------------------------------------------------------------------------


async def with_a_slow_account(world: World, crowd: int) -> ScriptedSender:
    """So many wait on an account whose sends hang."""
    for number in range(crowd):
        await known(world, f"slow-{number}")
        await line_up(world, f"致{number}", person=f"slow-{number}")
    sender = ScriptedSender()
    sender.slow = {HUNAN.id}
    return sender


async def test_a_slow_account_holds_up_no_other(world: World) -> None:
    sender = await with_a_slow_account(world, CROWD)
    stop = asyncio.Event()
    running = asyncio.create_task(courier_of(world, sender).run(stop))
    await until(lambda: len(sender.sent) == PLACES)
    await known(world, "lan", account=CHANGSHA)
    await line_up(world, "长沙的", person="lan")
    await until(lambda: named(world, "长沙的").status is DeliveryStatus.SENT)
    assert len(sender.sent) == PLACES + 1
    sender.let.set()
    await until(lambda: len(sender.sent) == CROWD + 1)
    stop.set()
    await running


async def test_on_a_slow_account_urgent_conversations_come_first(world: World) -> None:
    sender = await with_a_slow_account(world, 2 * PLACES)
    await known(world, "mei")
    await world.hear(ASKS_FOR_PERSON, "mei")
    async with world.units() as uow:
        for offered in world.deliveries[-1:]:
            offered.status = DeliveryStatus.SENT
            await uow.deliveries.save(offered)
        await uow.commit()
    world.pass_time(seconds=1)
    await line_up(world, "急的", person="mei")
    carrying = asyncio.create_task(courier_of(world, sender).deliver_due())
    await until(lambda: len(sender.sent) == PLACES)
    assert sender.texts[0] == "急的"
    sender.let.set()
    await carrying


async def test_a_place_is_free_again_after_a_send_that_failed_by_itself(world: World) -> None:
    await known(world)
    await line_up(world, "您好")

    class Broken(ScriptedSender):
        async def send(self, *args: object, **options: object) -> SendResult:
            raise ZeroDivisionError

    broken = courier_of(world, Broken())
    for _ in range(2 * PLACES):
        assert await broken.deliver_due() == 1
        world.pass_time(seconds=LEASE.total_seconds())
    assert named(world, "您好").status is DeliveryStatus.SENDING


async def test_a_person_whose_record_no_key_opens_holds_up_no_other(world: World) -> None:
    for person in ("mei", "lan"):
        await known(world, person)
        await line_up(world, f"致{person}", person=person)
    sender = ScriptedSender()
    courier = Courier(
        UnitsWith(world.units, contacts=LockedContacts), world.inbox, sender, world.feed, world.clock, world.accounts
    )
    await rounds(courier)
    assert sender.texts == ["致lan"]
    world.pass_time(seconds=LEASE.total_seconds())
    await rounds(courier_of(world, sender))
    assert sender.texts == ["致lan", "致mei"]


class LockedContacts(MemoryContacts):
    """The key of Mei is missing."""

    async def get(self, contact_id: str) -> Contact:
        contact = await super().get(contact_id)
        if contact.mailbox == "box-of-mei":
            raise InvalidData("no key opens it")
        return contact
