"""Counts what the office hands in, over the cases and conversations of a scope and a period; SQL does the counting."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from bot.conversation.cases import CaseStatus
from bot.conversation.deadlines import Deadline, DeadlineKind, IsWorkday, day_of, last_day
from bot.conversation.figures import Counts, Figures, Kept, Period, Slice, is_by_county, place_of
from bot.conversation.levels import Level, Topic
from bot.conversation.staff import Scope
from bot.store.case_tables import visits
from bot.store.counting import Condition, Rows, deciding, grouped, of_period, of_slice, step_number, summed, times_of
from bot.store.moments import day_number, day_of_number, micros
from bot.store.queries import within
from bot.store.service_figures import service_figures
from bot.store.tables import cases
from bot.store.transaction import Transaction

_BEGUN: Mapping[DeadlineKind, tuple[sa.Column[Any], sa.Column[Any]]] = {
    DeadlineKind.TELL: (cases.c.opened_at, cases.c.told_at),
    DeadlineKind.OBJECTION: (cases.c.routed_at, cases.c.followed_at),
    DeadlineKind.ANSWER: (cases.c.accepted_at, cases.c.answered_at),
    DeadlineKind.REDO: (cases.c.reopened_at, cases.c.redone_at),
}
"""When each began to run and when it was met, as `deadlines_of` has it."""


@dataclass(frozen=True, slots=True)
class Rules:
    """By what is judged whether something was done in time."""

    is_workday: IsWorkday
    wait_within: Mapping[Level, timedelta]


async def figures_of(
    snapshot: Transaction, scope: Scope, period: Period, chosen: Slice, now: datetime, rules: Rules
) -> Figures:
    """The figures; of a person nothing is read."""
    mine = sa.and_(of_period(period, cases.c.opened_at), within(scope, cases), of_slice(chosen, cases))
    by_county = is_by_county(scope, chosen)
    placed = await snapshot.all(grouped(sa.select(cases.c.region, cases.c.topic).where(mine)))
    standing = await snapshot.all(_standing(mine))
    asked = await snapshot.all(_asked(mine, period))
    running = await snapshot.all(_running(mine))
    took = sa.select(
        sa.literal("answer").label("what"), (micros(cases.c.answered_at) - micros(cases.c.opened_at)).label("span")
    )
    answered = times_of(await snapshot.all(deciding(took.where(mine, cases.c.answered_at.is_not(None)))))
    visited = await snapshot.all(_visits(scope, period, chosen))
    return Figures(
        period=period,
        by_county=by_county,
        cases=sum(row.number for row in placed),
        topics=summed(placed, lambda row: row.topic),
        regions=summed(placed, lambda row: place_of(row.region, by_county=by_county)),
        levels=summed(standing, lambda row: row.level),
        statuses=summed(standing, lambda row: row.status),
        by_step=_by_step(asked, period, day_of(now)),
        agencies=summed(standing, lambda row: row.agency),
        referrals=_referrals(asked),
        reports=_reports(standing),
        visits=summed(visited, lambda row: row.status),
        outcomes=summed(visited, lambda row: row.outcome),
        checks=summed(standing, _check_state),
        deadlines=_deadlines(running, day_of(now), rules.is_workday),
        answers=answered["answer"],
        crossed=_crossed(placed, by_county=by_county),
        service=await service_figures(snapshot, scope, period, chosen, now, rules.wait_within),
    )


def _standing(mine: Condition) -> sa.Select[Any]:
    """Where cases stand, and whether harm to a minor had to be reported and was."""
    one = cases.c
    report = sa.case((one.report_since.is_(None), 0), (one.reported_at.is_(None), 1), else_=2).label("report")
    return grouped(sa.select(one.level, one.status, one.agency, one.check_passed, report).where(mine))


def _asked(mine: Condition, period: Period) -> sa.Select[Any]:
    """What was asked for, in which step of the period."""
    step, referrals = step_number(period, cases.c.opened_at), sa.cast(cases.c.referrals, sa.Text)
    return grouped(sa.select(step.label("step"), referrals.label("referrals")).where(mine))


def _running(mine: Condition) -> sa.CompoundSelect[Any]:
    """On which days deadlines began to run and were met: the rules judge some hundred pairs of days, not each case.

    Where no rule of workdays asks which days they were, what was met counts by how long it took, from the day 0 on.
    """
    extended = sa.case((cases.c.extended_at.is_(None), 0), else_=1).label("extended")
    return sa.union_all(
        *(
            grouped(
                sa.select(sa.literal(kind.value).label("kind"), *_days(kind, begin, done), extended).where(
                    mine, begin.is_not(None)
                )
            )
            for kind, (begin, done) in _BEGUN.items()
        )
    )


def _days(kind: DeadlineKind, begin: sa.Column[Any], done: sa.Column[Any]) -> tuple[sa.Label[int], sa.Label[int]]:
    first, last = day_number(begin), day_number(done)
    if kind is DeadlineKind.OBJECTION:
        return first.label("begin"), last.label("done")
    return sa.case((done.is_(None), first), else_=0).label("begin"), (last - first).label("done")


def _visits(scope: Scope, period: Period, chosen: Slice) -> sa.Select[Any]:
    days = visits.c.planned_on.between(period.first, period.last)
    return grouped(
        sa.select(visits.c.status, visits.c.outcome)
        .join(cases, cases.c.id == visits.c.case_id)
        .where(days, within(scope, cases), of_slice(chosen, cases))
    )


def _by_step(asked: Rows, period: Period, today: date) -> Counts:
    steps = period.steps()
    counted = summed(asked, lambda row: steps[row.step].isoformat())
    return {step.isoformat(): counted.get(step.isoformat(), 0) for step in steps if step <= today}


def _referrals(asked: Rows) -> Counts:
    counted: Counter[str] = Counter()
    for row in asked:
        for kind in json.loads(row.referrals or "null") or ():
            counted[kind] += row.number
    return dict(counted)


def _reports(standing: Rows) -> Counts:
    counted = summed(standing, lambda row: str(row.report))
    return {"needed": counted.get("1", 0) + counted.get("2", 0), "done": counted.get("2", 0)}


def _check_state(row: sa.Row[Any]) -> str | None:
    """None of what is not archived, unless it was given back by a check and is still worked on."""
    if row.check_passed is None:
        return "open" if row.status == CaseStatus.ARCHIVED else None
    if not row.check_passed:
        return "failed"
    return "passed" if row.status == CaseStatus.ARCHIVED else None


def _deadlines(running: Rows, today: date, is_workday: IsWorkday) -> dict[str, Kept]:
    due = cache(lambda kind, begin, extended: last_day(kind, day_of_number(begin), is_workday, extended=extended))
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in running:
        kind, done = DeadlineKind(row.kind), None if row.done is None else day_of_number(row.done)
        deadline = Deadline(kind, due(kind, row.begin, bool(row.extended)), done)
        counted[kind][_state(deadline, today)] += row.number
    return {kind: Kept(**states) for kind, states in counted.items()}


def _state(deadline: Deadline, today: date) -> str:
    if not deadline.is_kept(today):
        return "missed"
    return "running" if deadline.done_on is None else "kept"


def _crossed(placed: Rows, *, by_county: bool) -> dict[str, Counts]:
    counted: Counter[tuple[str, str]] = Counter()
    for row in placed:
        counted[place_of(row.region, by_county=by_county), row.topic] += row.number
    topics = [topic for topic in Topic if any(of == topic for _, of in counted)]
    regions = sorted({region for region, _ in counted})
    return {region: {topic.value: counted[region, topic.value] for topic in topics} for region in regions}
