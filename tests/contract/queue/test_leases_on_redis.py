"""Of two operators one vanishes: hers goes back to the real queue by real time, the other keeps what she holds."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from redis.asyncio import Redis

from bot import handoff
from bot.conversation.conversations import Conversation, Mode
from bot.conversation.handoffs import Handoff, HandoffStatus
from bot.conversation.repositories import UnitOfWork
from bot.handoff import LostPorts
from bot.queue import RedisLeases, RedisQueue
from tests.contract.store.entities import NOW, a_contact, a_conversation, a_handoff, keep
from tests.doubles.clock import SettableClock
from tests.doubles.memory_feed import MemoryFeed
from tests.doubles.memory_store import MemoryUnits

pytestmark = pytest.mark.process

LEASE_MS = 3000


async def in_hands(units: MemoryUnits, staff_id: str) -> None:
    """Somebody whom this operator has talked with for a while."""
    contact = a_contact()
    talk = a_conversation(contact, mode=Mode.HUMAN, owner=staff_id)
    asked = a_handoff(talk, status=HandoffStatus.CLAIMED, claimed_by=staff_id, claimed_at=NOW)
    await keep(units, contact, talk, asked)


async def say_nothing(uow: UnitOfWork, conversation: Conversation, now: object) -> None:
    """The words to the person have tests of their own."""


async def test_of_two_operators_the_one_who_vanishes_loses_hers(redis: Redis) -> None:
    units, leases, queue = MemoryUnits(), RedisLeases(redis, LEASE_MS), RedisQueue(redis)
    clock = SettableClock(NOW + timedelta(minutes=10))
    ports = LostPorts(units, queue, MemoryFeed(), leases, clock, say_nothing)
    for staff_id in ("li", "wang"):
        await in_hands(units, staff_id)
        await leases.stay(staff_id)
    lost, looks = 0, 0
    while not lost:
        await leases.hear()
        await leases.stay("wang")
        lost += await handoff.give_back(ports)
        looks += 1
        await asyncio.sleep(0.2)
    assert looks > 1
    owners = {one.owner for one in units.kept(Conversation)}
    assert owners == {None, "wang"}
    (entry,) = await queue.entries()
    (waiting,) = [one for one in units.kept(Handoff) if one.status is HandoffStatus.WAITING]
    assert (entry.handoff_id, waiting.lost_by) == (waiting.id, "li")


async def test_after_flushall_nobody_is_lost_before_a_whole_lease_has_passed(redis: Redis) -> None:
    leases = RedisLeases(redis, LEASE_MS)
    await leases.stay("li")
    await leases.hear()
    await leases.gone(["li"])
    await redis.flushall()
    await leases.hear()
    assert await leases.gone(["li"]) == frozenset()
