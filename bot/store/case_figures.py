"""Counts what the office hands in, over the cases and conversations of a scope and a period."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.conversation.cases import Case, CaseStatus
from bot.conversation.deadlines import Deadline, IsWorkday, day_of, deadlines_of
from bot.conversation.figures import Counts, Figures, Kept, Period, Slice, Times
from bot.conversation.levels import Level, Topic
from bot.conversation.staff import Scope
from bot.store.case_tables import visits
from bot.store.queries import within
from bot.store.repositories.cases import case_of
from bot.store.service_figures import ServiceRows, of_period, of_slice, service_of, service_rows
from bot.store.tables import cases
from bot.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Rules:
    """By what is judged whether something was done in time."""

    is_workday: IsWorkday
    wait_within: Mapping[Level, timedelta]


@dataclass(frozen=True, slots=True)
class _Rows:
    """What was read."""

    cases: Sequence[sa.Row[Any]]
    visits: Sequence[sa.Row[Any]]
    service: ServiceRows


async def figures_of(
    snapshot: Transaction, scope: Scope, period: Period, chosen: Slice, now: datetime, rules: Rules
) -> Figures:
    """The figures; nothing of a person is read but what her case says. Thousands are counted beside the loop."""
    mine = sa.and_(of_period(period, cases.c.opened_at), within(scope, cases), of_slice(chosen, cases))
    rows = _Rows(
        await snapshot.all(sa.select(cases).where(mine)),
        await snapshot.all(_visits(scope, period, chosen)),
        await service_rows(snapshot, scope, period, chosen),
    )
    return await asyncio.to_thread(_counted, rows, period, now, rules)


def _counted(rows: _Rows, period: Period, now: datetime, rules: Rules) -> Figures:
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
        checks=_count(_check_state(case) for case in found if case.status is CaseStatus.ARCHIVED),
        deadlines=_deadlines(found, day_of(now), rules.is_workday),
        answers=Times.of(case.answered_at - case.opened_at for case in found if case.answered_at),
        crossed=_crossed(found),
        service=service_of(rows.service, period, now, rules.wait_within),
    )


def _visits(scope: Scope, period: Period, chosen: Slice) -> sa.Select[Any]:
    days = visits.c.planned_on.between(period.first, period.last)
    return (
        sa.select(visits.c.status, visits.c.outcome)
        .join(cases, cases.c.id == visits.c.case_id)
        .where(days, within(scope, cases), of_slice(chosen, cases))
    )


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


def _check_state(case: Case) -> str:
    return "open" if case.check_passed is None else "passed" if case.check_passed else "failed"


def _crossed(found: Sequence[Case]) -> dict[str, Counts]:
    counted = Counter((case.region, case.topic) for case in found)
    topics = [topic for topic in Topic if any(case.topic is topic for case in found)]
    return {
        region: {topic.value: counted[region, topic] for topic in topics}
        for region in sorted({case.region for case in found})
    }
