"""Counts what the office hands in, over the cases and conversations of a scope and a period."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from bot.conversation.cases import Case
from bot.conversation.deadlines import Deadline, IsWorkday, day_of, deadlines_of
from bot.conversation.figures import Counts, Figures, Kept, Period, Times
from bot.conversation.levels import Level
from bot.conversation.staff import Scope
from bot.store.case_tables import visits
from bot.store.queries import within
from bot.store.repositories.cases import case_of
from bot.store.tables import cases, conversations, handoffs
from bot.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class _Rows:
    """What was read."""

    cases: Sequence[sa.Row[Any]]
    handoffs: Sequence[sa.Row[Any]]
    visits: Sequence[sa.Row[Any]]
    talks: int
    alone: int


async def figures_of(
    snapshot: Transaction, scope: Scope, period: Period, today: date, is_workday: IsWorkday
) -> Figures:
    """The figures; nothing of a person is read but what her case says. Thousands are counted beside the loop."""
    mine = sa.select(cases).where(_in(period, cases.c.opened_at), within(scope, cases))
    rows = _Rows(
        await snapshot.all(mine),
        await snapshot.all(_handoffs(scope, period)),
        await snapshot.all(_visits(scope, period)),
        *await _talks(snapshot, scope, period),
    )
    return await asyncio.to_thread(_counted, rows, period, today, is_workday)


def _counted(rows: _Rows, period: Period, today: date, is_workday: IsWorkday) -> Figures:
    found = [case_of(row) for row in rows.cases]
    return Figures(
        period=period,
        cases=len(found),
        topics=_count(case.topic for case in found),
        regions=_count(case.region for case in found),
        levels=_count(case.level for case in found),
        statuses=_count(case.status for case in found),
        months=_count(f"{day_of(case.opened_at):%Y-%m}" for case in found),
        agencies=_count(case.agency for case in found if case.agency),
        referrals=_count(kind for case in found for kind in case.referrals),
        reports=_reports(found),
        visits=_count(row.status for row in rows.visits),
        outcomes=_count(row.outcome for row in rows.visits if row.outcome),
        dispositions=_count(row.disposition for row in rows.handoffs if row.disposition),
        deadlines=_deadlines(found, today, is_workday),
        waits=_waits(rows.handoffs),
        answers=Times.of(case.answered_at - case.opened_at for case in found if case.answered_at),
        conversations=rows.talks,
        by_assistant=rows.alone,
    )


def _in(period: Period, column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    return sa.and_(column >= period.begin, column < period.end)


def _handoffs(scope: Scope, period: Period) -> sa.Select[Any]:
    columns = (handoffs.c.level, handoffs.c.requested_at, handoffs.c.claimed_at, handoffs.c.disposition)
    return sa.select(*columns).where(_in(period, handoffs.c.requested_at), within(scope, handoffs))


def _visits(scope: Scope, period: Period) -> sa.Select[Any]:
    days = visits.c.planned_on.between(period.first, period.last)
    return (
        sa.select(visits.c.status, visits.c.outcome)
        .join(cases, cases.c.id == visits.c.case_id)
        .where(days, within(scope, cases))
    )


async def _talks(snapshot: Transaction, scope: Scope, period: Period) -> tuple[int, int]:
    """Conversations, and those among them for which no person was called."""
    here = sa.and_(_in(period, conversations.c.opened_at), within(scope, conversations))
    called = sa.select(handoffs.c.id).where(handoffs.c.conversation_id == conversations.c.id).exists()
    counts = (sa.func.count().label("talks"), sa.func.count(sa.case((~called, 1))).label("alone"))
    row = (await snapshot.execute(sa.select(*counts).select_from(conversations).where(here))).one()
    return row.talks, row.alone


def _count(values: Iterable[str]) -> Counts:
    return dict(Counter(map(str, values)))


def _reports(found: Sequence[Case]) -> Counts:
    needed = [case for case in found if case.report_since]
    return {"needed": len(needed), "done": sum(case.reported_at is not None for case in needed)}


def _deadlines(found: Iterable[Case], today: date, is_workday: IsWorkday) -> dict[str, Kept]:
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for case in found:
        for deadline in deadlines_of(case, is_workday):
            counted[deadline.kind][_state(deadline, today)] += 1
    return {kind: Kept(**states) for kind, states in counted.items()}


def _state(deadline: Deadline, today: date) -> str:
    if not deadline.is_kept(today):
        return "missed"
    return "running" if deadline.done_on is None else "kept"


def _waits(asked: Iterable[sa.Row[Any]]) -> dict[str, Times]:
    spans: dict[str, list[timedelta]] = {level: [] for level in reversed(Level)}
    for row in asked:
        if row.claimed_at is not None:
            spans[row.level].append(row.claimed_at - row.requested_at)
    return {level: Times.of(of_level) for level, of_level in spans.items()}
