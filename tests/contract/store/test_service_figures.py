"""How people were served, counted by both databases as one counts it by hand."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.conversations import Conversation, Mode
from bot.conversation.deadlines import day_of, deadlines_of
from bot.conversation.figures import Figures, Period, Slice, Taken, Tally, Times
from bot.conversation.handoffs import Disposition, HandoffStatus
from bot.conversation.levels import Level, Topic
from bot.conversation.messages import new_id
from bot.conversation.repositories import UnitsOfWork
from bot.conversation.staff import Scope
from bot.store.case_figures import Rules
from bot.store.case_reads import CaseReads
from bot.store.desk_tables import call_backs
from bot.store.encryption import FernetSealer
from tests.contract.store.entities import a_case, a_contact, a_conversation, a_handoff, keep

MARCH = Period(date(2026, 3, 1), date(2026, 3, 3))
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
WITHIN = {Level.CRITICAL: MINUTE, Level.HIGH: 10 * MINUTE, Level.NORMAL: 60 * MINUTE}


@pytest.fixture
def reads(engine: AsyncEngine, sealer: FernetSealer) -> CaseReads:
    return CaseReads(engine, sealer, Rules(lambda day: day.weekday() < 5, WITHIN))


async def talk(units: UnitsOfWork, at: datetime = NOON, **changes: Any) -> Conversation:
    contact = a_contact()
    conversation = replace(a_conversation(contact), opened_at=at, **changes)
    await keep(units, contact, conversation)
    return conversation


async def asked(units: UnitsOfWork, conversation: Conversation, **changes: Any) -> None:
    handoff = a_handoff(
        conversation, topic=conversation.topic, requested_at=conversation.opened_at, queued_at=conversation.opened_at
    )
    await keep(units, replace(handoff, **changes))


async def counted(reads: CaseReads, chosen: Slice | None = None, now: datetime = NOON) -> Figures:
    return await reads.figures(Scope(), MARCH, chosen or Slice(), now)


async def test_who_asked_and_for_whom_a_person_was_called(sql_units: UnitsOfWork, reads: CaseReads) -> None:
    near = {"region": "430102", "topic": Topic.DIVORCE, "level": Level.HIGH}
    await asked(sql_units, await talk(sql_units, NOON - timedelta(days=1), **near))
    await talk(sql_units, NOON, **near)
    await talk(sql_units, NOON, region="430300", topic=Topic.PARENTING)
    await talk(sql_units, NOON - timedelta(days=9))
    service = (await counted(reads)).service
    assert service.total == Tally(3, 1)
    assert service.by_step == {"2026-03-01": Tally(1, 1), "2026-03-02": Tally(2, 0)}  # nothing of tomorrow
    assert service.by_topic == {"divorce": Tally(2, 1), "parenting": Tally(1, 0)}
    assert service.by_level == {"high": Tally(2, 1), "normal": Tally(1, 0)}
    assert service.by_region == {"430100": Tally(2, 1), "430300": Tally(1, 0)}
    city = (await counted(reads, Slice(region="430100"))).service
    assert city.by_region == {"430102": Tally(2, 1)}


async def test_a_person_called_for_a_week_later_is_of_another_question(
    sql_units: UnitsOfWork, reads: CaseReads
) -> None:
    await asked(sql_units, await talk(sql_units), requested_at=NOON + timedelta(days=7))
    await asked(sql_units, await talk(sql_units), requested_at=NOON + timedelta(days=7, microseconds=1))
    assert (await counted(reads)).service.total == Tally(2, 1)


async def test_people_are_counted_once_however_often_they_ask(sql_units: UnitsOfWork, reads: CaseReads) -> None:
    first = await talk(sql_units, mode=Mode.CLOSED, closed_at=NOON)
    await keep(sql_units, replace(first, id=new_id(), mode=Mode.BOT, closed_at=None))
    await talk(sql_units)
    service = (await counted(reads)).service
    assert (service.total.asked, service.people) == (3, 2)


async def test_a_day_begins_at_midnight_in_hunan(sql_units: UnitsOfWork, reads: CaseReads) -> None:
    await talk(sql_units, datetime(2026, 2, 28, 15, 59, tzinfo=UTC))
    await talk(sql_units, datetime(2026, 2, 28, 16, 0, tzinfo=UTC))
    await talk(sql_units, datetime(2026, 3, 3, 15, 59, tzinfo=UTC))
    await talk(sql_units, datetime(2026, 3, 3, 16, 0, tzinfo=UTC))
    service = (await counted(reads, now=NOON + timedelta(days=9))).service
    assert [tally.asked for tally in service.by_step.values()] == [1, 0, 1]


async def test_how_long_she_waited_and_whether_that_was_in_time(sql_units: UnitsOfWork, reads: CaseReads) -> None:
    taken = {"status": HandoffStatus.CLAIMED, "claimed_by": "li"}
    for minutes in (2, 10, 40):
        moments = {"claimed_at": NOON + minutes * MINUTE, "answered_at": NOON + (minutes + 2) * MINUTE}
        await asked(sql_units, await talk(sql_units), **taken, **moments)
    await asked(sql_units, await talk(sql_units))  # still in time at a quarter past
    await asked(sql_units, await talk(sql_units), level=Level.CRITICAL)  # too late by then
    given_up = {"status": HandoffStatus.RESOLVED, "resolved_at": NOON + 5 * MINUTE}
    await asked(sql_units, await talk(sql_units), **given_up)
    await asked(sql_units, await talk(sql_units), **given_up, level=Level.CRITICAL)
    service = (await counted(reads, now=NOON + 9 * MINUTE)).service
    assert service.waits["high"] == Times(3, 10 * MINUTE, 34 * MINUTE)
    assert service.first_words["high"] == Times(3, 12 * MINUTE, 36 * MINUTE)
    assert service.waits["critical"] == service.first_words["critical"] == Times(0)
    assert service.in_time == {"critical": Taken(missed=2), "high": Taken(2, 1, 1, 1), "normal": Taken()}


async def test_who_was_passed_on_waited_since_she_asked_unless_somebody_had_written(
    sql_units: UnitsOfWork, reads: CaseReads
) -> None:
    passed = {"status": HandoffStatus.CLAIMED, "queued_at": NOON + 30 * MINUTE, "claimed_at": NOON + 35 * MINUTE}
    await asked(sql_units, await talk(sql_units), **passed, answered_at=NOON + 3 * MINUTE)
    await asked(sql_units, await talk(sql_units), **passed, level=Level.NORMAL)
    service = (await counted(reads)).service
    assert service.waits["high"].middle == 5 * MINUTE
    assert service.waits["normal"].middle == 35 * MINUTE


async def test_a_slice_counts_only_its_own(sql_units: UnitsOfWork, reads: CaseReads) -> None:
    one = await talk(sql_units, region="430102", topic=Topic.DIVORCE, level=Level.HIGH)
    other = await talk(sql_units, region="430300", topic=Topic.PARENTING)
    ended = {"status": HandoffStatus.RESOLVED, "resolved_at": NOON}
    await asked(sql_units, one, region=one.region, **ended, disposition=Disposition.REFERRED)
    await asked(sql_units, other, region=other.region, level=Level.NORMAL, **ended, disposition=Disposition.ANSWERED)
    for conversation in (one, other):
        changes = {"topic": conversation.topic, "level": conversation.level, "opened_at": NOON}
        await keep(sql_units, a_case(conversation, **changes))
    for chosen in (Slice(topic=Topic.DIVORCE), Slice(level=Level.HIGH), Slice(region="430100")):
        figures = await counted(reads, chosen)
        assert figures.service.total == Tally(1, 1), chosen
        assert figures.service.dispositions == {"referred": 1}, chosen
        place = "430102" if chosen.region else "430100"
        assert figures.crossed == {place: {"divorce": 1}}, chosen
    assert (await counted(reads)).crossed == {
        "430100": {"divorce": 1, "parenting": 0},
        "430300": {"divorce": 0, "parenting": 1},
    }


async def test_calls_back_count_by_how_they_ended(
    sql_units: UnitsOfWork, reads: CaseReads, engine: AsyncEngine
) -> None:
    one, other = await talk(sql_units, topic=Topic.DIVORCE), await talk(sql_units)
    async with engine.begin() as connection:
        for conversation, outcome, at, about in (
            (one, None, NOON, {"due_at": NOON + MINUTE}),
            (one, "reached", NOON, {"first_called_at": NOON + 9 * MINUTE, "late": True}),
            (other, "reached", NOON, {"first_called_at": NOON + 4 * MINUTE}),
            (other, "withdrawn", NOON - timedelta(days=5), {"late": True}),
        ):
            row = {
                "id": new_id(),
                "contact_id": conversation.contact_id,
                "conversation_id": conversation.id,
                "account_id": conversation.account_id,
                "region": conversation.region,
                "level": conversation.level,
                "content": b"",
                "asked_at": at,
                "tries": 0,
                "settled_at": outcome and NOON,
                "outcome": outcome,
                "due_at": NOON,
                **about,
            }
            await connection.execute(sa.insert(call_backs).values(row))
    service = (await counted(reads)).service
    assert service.call_backs == {"open": 1, "reached": 2}
    assert (service.calls_late, service.first_calls.count) == (1, 2)
    assert service.first_calls.middle == 6.5 * MINUTE
    assert (await counted(reads, now=NOON + MINUTE)).service.calls_late == 2
    assert (await counted(reads, Slice(topic=Topic.DIVORCE))).service.call_backs == {"open": 1, "reached": 1}


async def test_sql_counts_deadlines_and_times_as_the_rules_do(sql_units: UnitsOfWork, reads: CaseReads) -> None:
    chance = random.Random(12338)
    opened, waits = [], []
    for _ in range(30):
        at = NOON + chance.random() * timedelta(days=1)
        conversation = await talk(sql_units, at)
        waits.append(chance.random() * timedelta(hours=2))
        taken = {"status": HandoffStatus.CLAIMED, "claimed_by": "li", "claimed_at": at + waits[-1]}
        await asked(sql_units, conversation, **taken)
        stages = ("told_at", "routed_at", "followed_at", "accepted_at", "extended_at", "answered_at")
        days = {name: at + chance.random() * timedelta(days=120) for name in stages if chance.random() < 0.7}
        opened.append(a_case(conversation, opened_at=at, **days))
        await keep(sql_units, opened[-1])
    now = NOON + timedelta(days=70)
    figures = await counted(reads, now=now)
    states = Counter(
        (one.kind.value, "missed" if not one.is_kept(day_of(now)) else "kept" if one.done_on else "running")
        for case in opened
        for one in deadlines_of(case, lambda day: day.weekday() < 5)
    )
    assert states == Counter(
        {(kind, state): count for kind, kept in figures.deadlines.items() for state, count in asdict(kept).items()}
    )
    assert figures.service.waits["high"] == times_of(waits)
    assert figures.answers == times_of([case.answered_at - case.opened_at for case in opened if case.answered_at])


def times_of(spans: list[timedelta]) -> Times:
    return Times.of_places(len(spans), sorted(spans).__getitem__)
