"""Several units of work at once, on real databases: nobody's change is lost, and nobody fails for being second."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from dataclasses import replace
from functools import partial

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.accounts import Contact, Scene, SendingWindow
from bot.conversation.alarms import Alarm, AlarmKind
from bot.conversation.content import Text
from bot.conversation.conversations import Conversation, Mode, Step
from bot.conversation.errors import Conflict, StaleVersion
from bot.conversation.messages import DeliveryStatus
from bot.conversation.repositories import UnitsOfWork
from bot.conversation.staff import Scope
from bot.store.encryption import FernetSealer
from bot.store.engine import create_engine, reading
from bot.store.lists import waiting_list
from bot.store.queries import conversation_page
from bot.store.tables import contacts
from bot.store.transaction import Transaction
from bot.store.unit_of_work import SqlUnitOfWork
from tests.contract.store.conftest import MakeDatabase
from tests.contract.store.entities import (
    NOW,
    a_case,
    a_contact,
    a_conversation,
    a_delivery,
    a_file,
    a_handoff,
    a_message,
    keep,
    later,
)

SHORT_S = 0.3
"""Long enough to see that something waits."""

PATIENCE_S = 30.0
"""Who would wait for what the test itself holds waits longer, or fails sooner."""


@pytest.fixture
async def other_units(database_url: str, sealer: FernetSealer) -> AsyncIterator[UnitsOfWork]:
    """Units of work on the same database, as another process has them."""
    engine = create_engine(database_url)
    yield partial(SqlUnitOfWork, engine, sealer)
    await engine.dispose()


async def claim(units: UnitsOfWork, conversation_id: str, staff_id: str) -> bool:
    try:
        async with units() as uow:
            conversation = await uow.conversations.get(conversation_id)
            conversation.step(Step.CLAIM)
            conversation.owner = staff_id
            await uow.conversations.save(conversation)
            await uow.commit()
    except Conflict:
        return False
    return True


async def test_of_two_claims_exactly_one_wins(sql_units: UnitsOfWork, other_units: UnitsOfWork) -> None:
    for _ in range(5):
        contact = a_contact()
        conversation = a_conversation(contact, mode=Mode.WAITING)
        await keep(sql_units, contact, conversation)
        won = await asyncio.gather(claim(sql_units, conversation.id, "li"), claim(other_units, conversation.id, "wang"))
        assert sorted(won) == [False, True]
        async with sql_units() as uow:
            assert (await uow.conversations.get(conversation.id)).owner == ("li" if won[0] else "wang")


async def test_of_two_saves_of_one_version_exactly_one_wins(sql_units: UnitsOfWork, other_units: UnitsOfWork) -> None:
    contact = a_contact()
    conversation = a_conversation(contact)
    await keep(sql_units, contact, conversation)

    async def save(units: UnitsOfWork, read: Conversation) -> None:
        async with units() as uow:
            await uow.conversations.save(read)
            await asyncio.sleep(SHORT_S)
            await uow.commit()

    both = (save(sql_units, replace(conversation)), save(other_units, replace(conversation)))
    ends = await asyncio.gather(*both, return_exceptions=True)
    assert {type(end) for end in ends} == {type(None), StaleVersion}


async def test_twenty_writers_that_read_first_all_succeed(sql_units: UnitsOfWork, other_units: UnitsOfWork) -> None:
    contact = a_contact(window=SendingWindow(Scene.MESSAGE, NOW))
    conversation = a_conversation(contact)
    await keep(sql_units, contact, conversation)

    async def write(units: UnitsOfWork) -> None:
        async with units() as uow:
            read = await uow.contacts.get(contact.id)
            assert read.window is not None
            read.window = replace(read.window, sent=read.window.sent + 1)
            await uow.messages.add(a_message(conversation))
            await uow.contacts.save(read)
            await uow.commit()

    await asyncio.gather(*(write(units) for units in (sql_units, other_units) for _ in range(10)))
    async with sql_units() as uow:
        window = (await uow.contacts.get(contact.id)).window
        assert window is not None
        assert window.sent == 20
        assert len(await uow.messages.recent(conversation.id, 100)) == 20


async def test_a_unit_for_reading_keeps_no_writer_waiting(sql_units: UnitsOfWork, other_units: UnitsOfWork) -> None:
    """A turn reads, and thinks afterwards: on SQLite, where one unit writes at a time, that must not stand in line."""
    read, written = a_contact(), a_contact()
    await keep(sql_units, read)
    async with sql_units(reading=True) as looking, asyncio.timeout(PATIENCE_S):
        assert await looking.contacts.get(read.id) == read
        await keep(other_units, written)
        async with other_units(reading=True) as another:
            assert await another.contacts.get(written.id) == written


async def test_on_sqlite_who_will_write_waits_in_the_order_of_coming(
    migrated_database: MakeDatabase, sealer: FernetSealer
) -> None:
    engine = create_engine(migrated_database("sqlite"))
    order: list[int] = []

    async def writes(number: int) -> None:
        async with SqlUnitOfWork(engine, sealer) as uow:
            await uow.conversations.current(f"nobody {number}")
            order.append(number)
            await uow.commit()

    async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as group:
        for number in range(30):
            group.create_task(writes(number))
            await asyncio.sleep(0)
    assert order == list(range(30))
    await engine.dispose()


async def test_case_numbers_have_no_twins_and_no_gaps(sql_units: UnitsOfWork, other_units: UnitsOfWork) -> None:
    numbers: list[str] = []

    async def open_case(units: UnitsOfWork, keeps: bool) -> None:
        contact = a_contact()
        conversation = a_conversation(contact)
        case = a_case(conversation)
        async with units() as uow:
            await uow.contacts.add(contact)
            await uow.conversations.add(conversation)
            await uow.cases.add(case)
            if keeps:
                await uow.commit()
                numbers.append(case.number)

    await asyncio.gather(
        *(open_case(units, keeps=turn % 3 != 0) for units in (sql_units, other_units) for turn in range(9))
    )
    assert sorted(numbers) == [f"2026-{number:06d}" for number in range(1, 13)]


async def test_two_couriers_never_get_the_same_delivery(sql_units: UnitsOfWork, other_units: UnitsOfWork) -> None:
    for _ in range(8):
        contact = a_contact()
        conversation = a_conversation(contact)
        message = a_message(conversation)
        await keep(sql_units, contact, conversation, message, a_delivery(message), a_delivery(message))
    taken: list[str] = []

    async def courier(units: UnitsOfWork) -> None:
        for _ in range(4):
            async with units() as uow:
                for delivery in await uow.deliveries.due(NOW, 3):
                    taken.append(delivery.id)
                    await asyncio.sleep(0)
                    await uow.deliveries.save(replace(delivery, status=DeliveryStatus.SENDING, due_at=later(1)))
                await uow.commit()

    await asyncio.gather(*(courier(units) for units in (sql_units, other_units) for _ in range(2)))
    assert len(taken) == len(set(taken)) == 8


@pytest.mark.process
async def test_a_courier_does_not_wait_for_a_person_whom_another_unit_holds(
    migrated_database: MakeDatabase, sealer: FernetSealer
) -> None:
    """On PostgreSQL; on SQLite a courier waits for its turn like every other unit of work."""
    engine = create_engine(migrated_database("postgresql"))
    units: UnitsOfWork = partial(SqlUnitOfWork, engine, sealer)
    deliveries = []
    for _ in range(2):
        contact = a_contact()
        conversation = a_conversation(contact)
        message = a_message(conversation)
        deliveries.append(a_delivery(message))
        await keep(units, contact, conversation, message, deliveries[-1])
    async with units() as turn, units() as courier:
        await turn.contacts.get(deliveries[0].contact_id)
        async with asyncio.timeout(PATIENCE_S):
            assert await courier.deliveries.due(NOW, 10) == [deliveries[1]]
    await engine.dispose()


async def test_messages_of_one_person_are_numbered_in_the_order_of_their_commits(
    sql_units: UnitsOfWork, other_units: UnitsOfWork, engine: AsyncEngine, sealer: FernetSealer
) -> None:
    contact = a_contact()
    conversation = a_conversation(contact)
    await keep(sql_units, contact, conversation)
    async with sql_units() as uow:
        await uow.messages.add(a_message(conversation, "one"))
        second = asyncio.create_task(keep(other_units, a_message(conversation, "two")))
        done, _ = await asyncio.wait([second], timeout=SHORT_S)
        assert not done, "a browser that has seen the second would never see the first"
        await uow.commit()
    await second
    page = await conversation_page(engine, sealer, Scope(), conversation.id)
    assert [line.message.content for line in page.messages] == [Text("one"), Text("two")]


async def test_two_collectors_never_get_the_same_file(sql_units: UnitsOfWork, other_units: UnitsOfWork) -> None:
    for _ in range(8):
        contact = a_contact()
        conversation = a_conversation(contact)
        message = a_message(conversation)
        await keep(sql_units, contact, conversation, message, a_file(message))
    taken: list[str] = []

    async def collector(units: UnitsOfWork) -> None:
        for _ in range(4):
            async with units() as uow:
                for media in await uow.media.due(NOW, 3):
                    taken.append(media.id)
                    await asyncio.sleep(0)
                    await uow.media.save(replace(media, due_at=later(1)))
                await uow.commit()

    await asyncio.gather(*(collector(units) for units in (sql_units, other_units) for _ in range(2)))
    assert len(taken) == len(set(taken)) == 8


async def test_twenty_units_raise_one_alarm_at_once(sql_units: UnitsOfWork, other_units: UnitsOfWork) -> None:
    async def raise_alarm(units: UnitsOfWork) -> None:
        async with units() as uow:
            await uow.alarms.raise_("hunan", AlarmKind.SENDING, "48001", NOW)
            await uow.commit()

    await asyncio.gather(*(raise_alarm(units) for units in (sql_units, other_units) for _ in range(10)))
    async with sql_units() as uow:
        assert await uow.alarms.all() == [Alarm("hunan", AlarmKind.SENDING, "48001", NOW, NOW)]


async def test_a_turn_that_waited_while_she_was_erased_writes_nothing(
    sql_units: UnitsOfWork, other_units: UnitsOfWork
) -> None:
    contact = a_contact(erase_asked_at=NOW)
    conversation = a_conversation(contact)
    await keep(sql_units, contact, conversation)
    async with sql_units() as eraser:
        await eraser.contacts.erase(contact.id)
        turn = asyncio.create_task(keep(other_units, a_message(conversation, "too late")))
        done, _ = await asyncio.wait([turn], timeout=SHORT_S)
        assert not done
        await eraser.commit()
    with pytest.raises(StaleVersion):
        await turn


async def test_a_turn_and_an_operator_never_wait_for_each_other(
    sql_units: UnitsOfWork, other_units: UnitsOfWork
) -> None:
    contact = a_contact()
    conversation = a_conversation(contact)
    message = a_message(conversation)
    handoff = a_handoff(conversation)
    await keep(sql_units, contact, conversation, message, handoff, a_delivery(message))

    async def turn(contact: Contact) -> None:
        async with sql_units() as uow:
            person = await uow.contacts.by_mailbox(contact.mailbox)
            assert person is not None
            await uow.messages.add(a_message(conversation))
            for delivery in await uow.deliveries.due(NOW, 9):
                await uow.deliveries.save(delivery)
            await uow.handoffs.save(handoff)
            await uow.contacts.save(person)
            await uow.commit()

    async def operator() -> None:
        async with other_units() as uow:
            await uow.handoffs.save(await uow.handoffs.get(handoff.id))
            for delivery in await uow.deliveries.due(NOW, 9):
                await uow.deliveries.save(delivery)
            await uow.messages.add(a_message(conversation))
            await uow.contacts.save(await uow.contacts.get(contact.id))
            await uow.commit()

    await asyncio.gather(*(step for _ in range(10) for step in (turn(contact), operator())))


async def unfollow_and_linger(units: UnitsOfWork, contact: Contact) -> None:
    async with units() as uow:
        read = await uow.contacts.get(contact.id)
        await uow.contacts.save(replace(read, following=False))
        await asyncio.sleep(60)


async def test_a_unit_of_work_that_is_cancelled_lets_go(sql_units: UnitsOfWork, other_units: UnitsOfWork) -> None:
    contact = a_contact()
    await keep(sql_units, contact)
    for attempt in range(24):  # oftener than the pool has connections, a little later each time
        task = asyncio.create_task(unfollow_and_linger(other_units, contact))
        await asyncio.sleep(0.001 * attempt)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        for units in (sql_units, other_units):
            async with asyncio.timeout(PATIENCE_S), units() as uow:
                assert (await uow.contacts.get(contact.id)).following


async def test_units_of_work_that_are_cancelled_while_they_wait_let_go(
    sql_units: UnitsOfWork, other_units: UnitsOfWork
) -> None:
    contact = a_contact()
    await keep(sql_units, contact)
    for _ in range(4):  # oftener than the pool has connections
        async with sql_units() as uow:
            await uow.contacts.get(contact.id)
            waiting = [asyncio.create_task(unfollow_and_linger(other_units, contact)) for _ in range(6)]
            await asyncio.sleep(0.1)
            for task in waiting:
                task.cancel()
        ends = await asyncio.gather(*waiting, return_exceptions=True)
        assert {type(end) for end in ends} == {asyncio.CancelledError}
    for units in (sql_units, other_units):
        async with asyncio.timeout(PATIENCE_S), units() as uow:
            assert (await uow.contacts.get(contact.id)).following


async def test_reading_never_waits_for_a_unit_of_work(
    sql_units: UnitsOfWork, engine: AsyncEngine, sealer: FernetSealer
) -> None:
    contact = a_contact()
    conversation = a_conversation(contact)
    handoff = a_handoff(conversation)
    await keep(sql_units, contact, conversation, handoff)
    async with sql_units() as uow:
        await uow.handoffs.save(replace(handoff, reasons=("改了",)))
        async with asyncio.timeout(PATIENCE_S):
            rows = (await waiting_list(engine, sealer, Scope(), 100)).rows
    assert [row.reasons for row in rows] == [handoff.reasons]


async def test_a_unit_of_work_never_waits_for_reading(sql_units: UnitsOfWork, engine: AsyncEngine) -> None:
    contact = a_contact()
    await keep(sql_units, contact)
    query = sa.select(contacts.c.id)
    async with aclosing(await Transaction.begin(reading(engine))) as snapshot:
        before = await snapshot.all(query)
        async with asyncio.timeout(PATIENCE_S):
            await keep(sql_units, a_contact())
        assert await snapshot.all(query) == before, "one snapshot, to its end"
