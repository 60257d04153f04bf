"""Counts how people were served: who asked, who got a person, how long that took; no words are read."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.conversation.deadlines import day_of
from bot.conversation.figures import Kept, Period, Service, Slice, Tallies, Tally, Times
from bot.conversation.levels import Level
from bot.conversation.staff import Scope, area
from bot.store.desk_tables import call_backs
from bot.store.queries import within
from bot.store.tables import conversations, handoffs
from bot.store.transaction import Transaction

type Rows = Sequence[sa.Row[Any]]


@dataclass(frozen=True, slots=True)
class ServiceRows:
    """What was read."""

    talks: Rows
    handoffs: Rows
    call_backs: Rows


async def service_rows(snapshot: Transaction, scope: Scope, period: Period, chosen: Slice) -> ServiceRows:
    """What the figures are counted from."""
    return ServiceRows(
        await snapshot.all(_talks(scope, period, chosen)),
        await snapshot.all(_handoffs(scope, period, chosen)),
        await snapshot.all(_call_backs(scope, period, chosen)),
    )


def service_of(rows: ServiceRows, period: Period, now: datetime, wait_within: Mapping[Level, timedelta]) -> Service:
    """The figures of these rows."""
    called = [row for row in rows.handoffs if row.claimed_at is not None]
    answered = [row for row in rows.handoffs if row.answered_at is not None]
    begins = {day: period.begin_of_step(day).isoformat() for day in period.days()}
    waits = _times((row.level, row.claimed_at - _since(row)) for row in called)
    return Service(
        total=_tallies(rows.talks, lambda _: "all", ["all"])["all"],
        by_step=_tallies(
            rows.talks,
            lambda row: begins[day_of(row.opened_at)],
            [step.isoformat() for step in period.steps() if step <= day_of(now)],
        ),
        by_topic=_tallies(rows.talks, lambda row: row.topic),
        by_level=_tallies(rows.talks, lambda row: row.level),
        by_region=_tallies(rows.talks, lambda row: row.region),
        waits=waits,
        in_time=_in_time(rows.handoffs, now, wait_within),
        first_words=_times((row.level, row.answered_at - row.requested_at) for row in answered),
        dispositions=dict(Counter(row.disposition for row in rows.handoffs if row.disposition)),
        call_backs=dict(Counter(_state(row) for row in rows.call_backs)),
    )


def of_period(period: Period, column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """The moment lies in the period."""
    return sa.and_(column >= period.begin, column < period.end)


def of_slice(chosen: Slice, table: sa.Table) -> sa.ColumnElement[bool]:
    """The row is of the kind that is counted."""
    conditions: list[sa.ColumnElement[bool]] = [
        table.c[name] == value for name, value in (("topic", chosen.topic), ("level", chosen.level)) if value
    ]
    if chosen.region:
        conditions.append(table.c.region.startswith(area(chosen.region), autoescape=True))
    return sa.and_(sa.true(), *conditions)


def _talks(scope: Scope, period: Period, chosen: Slice) -> sa.Select[Any]:
    table = conversations
    called = sa.select(handoffs.c.id).where(handoffs.c.conversation_id == table.c.id).exists().label("called")
    columns = (table.c.opened_at, table.c.topic, table.c.level, table.c.region, called)
    return sa.select(*columns).where(
        of_period(period, table.c.opened_at), within(scope, table), of_slice(chosen, table)
    )


def _handoffs(scope: Scope, period: Period, chosen: Slice) -> sa.Select[Any]:
    table = handoffs
    moments = (table.c.requested_at, table.c.queued_at, table.c.claimed_at, table.c.answered_at, table.c.resolved_at)
    return sa.select(table.c.level, table.c.disposition, *moments).where(
        of_period(period, table.c.requested_at), within(scope, table), of_slice(chosen, table)
    )


def _call_backs(scope: Scope, period: Period, chosen: Slice) -> sa.Select[Any]:
    """What it was about is known of the conversation alone."""
    talk = conversations
    return (
        sa.select(call_backs.c.outcome, call_backs.c.settled_at)
        .join(talk, talk.c.id == call_backs.c.conversation_id)
        .where(of_period(period, call_backs.c.asked_at), within(scope, call_backs), of_slice(chosen, talk))
    )


def _tallies(talks: Rows, key: Callable[[sa.Row[Any]], str], known: Iterable[str] = ()) -> Tallies:
    counted = Counter((key(row), bool(row.called)) for row in talks)
    keys = dict.fromkeys([*known, *sorted({one for one, _ in counted})])
    return {one: Tally(counted[one, True] + counted[one, False], counted[one, True]) for one in keys}


def _times(spans: Iterable[tuple[str, timedelta]]) -> dict[str, Times]:
    found: defaultdict[str, list[timedelta]] = defaultdict(list)
    for level, span in spans:
        found[level].append(span)
    return {level.value: Times.of(found[level]) for level in reversed(Level)}


def _in_time(asked: Rows, now: datetime, wait_within: Mapping[Level, timedelta]) -> dict[str, Kept]:
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in asked:
        if (state := _wait_state(row, now, wait_within[Level(row.level)])) is not None:
            counted[row.level][state] += 1
    return {level.value: Kept(**counted[level.value]) for level in reversed(Level)}


def _wait_state(row: sa.Row[Any], now: datetime, longest: timedelta) -> str | None:
    """None where it was given up, by herself or in an erasure, while there was still time."""
    if row.claimed_at is not None:
        return "kept" if row.claimed_at - _since(row) <= longest else "missed"
    if (row.resolved_at or now) - _since(row) > longest:
        return "missed"
    return "running" if row.resolved_at is None else None


def _since(row: sa.Row[Any]) -> datetime:
    """Since when she waited: who was passed on before anybody wrote to her, since she asked."""
    answered, queued = row.answered_at, row.queued_at
    since: datetime = queued if answered and queued and answered < queued else row.requested_at
    return since


def _state(row: sa.Row[Any]) -> str:
    return "open" if row.settled_at is None else str(row.outcome)
