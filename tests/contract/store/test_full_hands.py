"""What every store keeps of who is wanted, and that two claims at once do not pass her limit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.conversations import Mode
from bot.conversation.errors import HandsFull, NotFound
from bot.conversation.handoffs import HandoffStatus, Skill
from bot.conversation.levels import Level
from bot.conversation.repositories import UnitsOfWork
from bot.conversation.staff import Colleague, Role, Staff
from bot.handoff import HandoffPorts, claim
from bot.store.encryption import FernetSealer
from bot.store.engine import create_engine
from bot.store.tables import handoffs
from bot.store.team import Team, read_team
from bot.store.unit_of_work import SqlUnitOfWork
from tests.contract.store.entities import NOW, a_contact, a_conversation, a_handoff, a_member, keep, later
from tests.doubles.clock import SettableClock
from tests.doubles.memory_feed import MemoryFeed
from tests.doubles.memory_queue import MemoryQueue


@pytest.fixture
async def other_units(database_url: str, sealer: FernetSealer) -> AsyncIterator[UnitsOfWork]:
    """Units of work on the same database, as another process has them."""
    engine = create_engine(database_url)
    yield partial(SqlUnitOfWork, engine, sealer)
    await engine.dispose()


async def asked(units: UnitsOfWork, **changes: object) -> str:
    """Somebody asked for a person; returns the conversation."""
    contact = a_contact()
    conversation = a_conversation(contact, mode=Mode.WAITING)
    await keep(units, contact, conversation, a_handoff(conversation, **changes))
    return conversation.id


async def test_who_is_wanted_comes_back_as_it_went(units: UnitsOfWork) -> None:
    conversation_id = await asked(
        units, skill=Skill.LAW, to_staff="li", queued_at=later(5), answered_at=later(3), requested_at=NOW
    )
    async with units() as uow:
        kept = await uow.handoffs.open_of(conversation_id)
    assert kept is not None
    assert (kept.skill, kept.to_staff) == (Skill.LAW, "li")
    assert (kept.requested_at, kept.answered_at, kept.queued_at) == (NOW, later(3), later(5))


async def test_a_member_of_staff_comes_back_with_skills_and_limit(units: UnitsOfWork) -> None:
    member = a_member("li", skills=frozenset({Skill.LAW, Skill.PARENTING}), max_chats=0)
    await keep(units, member, a_member("wang"))
    async with units() as uow:
        assert await uow.staff.hold(member.id) == member
        assert [(one.skills, one.max_chats) for one in await uow.staff.all()] == [
            (member.skills, 0),
            (frozenset(), None),
        ]
        with pytest.raises(NotFound):
            await uow.staff.hold("none")


async def test_in_her_hands_is_what_she_claimed_and_has_not_settled(units: UnitsOfWork) -> None:
    for status in HandoffStatus:
        await asked(units, status=status, claimed_by="li")
    await asked(units, status=HandoffStatus.CLAIMED, claimed_by="wang")
    async with units() as uow:
        assert [await uow.handoffs.in_hand(name) for name in ("li", "wang", "nobody")] == [1, 1, 0]


async def test_a_handoff_of_an_earlier_version_is_queued_since_it_was_asked(
    sql_units: UnitsOfWork, engine: AsyncEngine
) -> None:
    conversation_id = await asked(sql_units)
    async with engine.begin() as connection:
        await connection.execute(handoffs.update().values(queued_at=None))
    async with sql_units() as uow:
        kept = await uow.handoffs.open_of(conversation_id)
    assert kept is not None
    assert kept.queued_at == kept.requested_at


async def test_the_team_is_who_may_take_conversations_and_how_many_each_holds(
    sql_units: UnitsOfWork, engine: AsyncEngine
) -> None:
    li, boss = a_member("li", skills=frozenset({Skill.LAW})), a_member("boss", role=Role.SUPERVISOR)
    await keep(sql_units, li, boss, a_member("writer", role=Role.CONTENT), a_member("gone", active=False))
    for _ in range(2):
        await asked(sql_units, status=HandoffStatus.CLAIMED, claimed_by=li.id)
    await asked(sql_units, status=HandoffStatus.RESOLVED, claimed_by=li.id)
    assert await read_team(engine) == [Colleague(boss, 0), Colleague(li, 2)]


async def test_the_team_is_read_again_after_a_while_and_not_before(sql_units: UnitsOfWork, engine: AsyncEngine) -> None:
    await keep(sql_units, a_member("li"))
    patient, hasty = Team(engine, frozenset(), kept_s=600), Team(engine, frozenset(), kept_s=0)
    assert len(await patient.read()) == len(await hasty.read()) == 1
    await keep(sql_units, a_member("wang"))
    assert (len(await patient.read()), len(await hasty.read())) == (1, 2)


def ports(units: UnitsOfWork) -> HandoffPorts:
    clock = SettableClock()

    async def team() -> list[Colleague]:
        return []

    return HandoffPorts(units, MemoryQueue(clock), MemoryFeed(), clock, team, regions=())


async def test_two_claims_of_one_person_at_once_do_not_pass_her_limit(
    sql_units: UnitsOfWork, other_units: UnitsOfWork
) -> None:
    for number in range(5):
        member = a_member(f"li-{number}", max_chats=1)
        await keep(sql_units, member)
        first, second = await asked(sql_units), await asked(sql_units)
        won = await asyncio.gather(took(first, member, ports(sql_units)), took(second, member, ports(other_units)))
        assert sorted(won) == [False, True]
        async with sql_units() as uow:
            assert await uow.handoffs.in_hand(member.id) == 1


async def test_two_claims_of_those_in_danger_both_stand(sql_units: UnitsOfWork, other_units: UnitsOfWork) -> None:
    member = a_member("li", max_chats=0)
    await keep(sql_units, member)
    first, second = await asked(sql_units, level=Level.CRITICAL), await asked(sql_units, level=Level.CRITICAL)
    assert await asyncio.gather(took(first, member, ports(sql_units)), took(second, member, ports(other_units))) == [
        True,
        True,
    ]


async def took(conversation_id: str, staff: Staff, moves: HandoffPorts) -> bool:
    try:
        await claim(conversation_id, staff, moves)
    except HandsFull:
        return False
    return True
