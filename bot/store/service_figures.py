"""Counts how people were served: who asked, who got a person, how long that took; SQL counts, and no words are read."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.conversation.deadlines import day_of
from bot.conversation.figures import (
    CALLED_WITHIN,
    Period,
    Service,
    Slice,
    Taken,
    Tallies,
    Tally,
    is_by_county,
    place_of,
)
from bot.conversation.levels import Level
from bot.conversation.staff import Scope
from bot.store.counting import Condition, Rows, deciding, grouped, of_period, of_slice, step_number, summed, times_of
from bot.store.desk_tables import call_backs
from bot.store.moments import micros, whole, whole_moment
from bot.store.queries import within
from bot.store.repositories.call_backs import OPEN
from bot.store.tables import conversations, handoffs
from bot.store.transaction import Transaction


async def service_figures(
    snapshot: Transaction,
    scope: Scope,
    period: Period,
    chosen: Slice,
    now: datetime,
    wait_within: Mapping[Level, timedelta],
) -> Service:
    """The figures; what leaves the database are counts, and the few spans that decide how long things took."""
    talk = conversations
    talks = sa.and_(of_period(period, talk.c.opened_at), within(scope, talk), of_slice(chosen, talk))
    asked = sa.and_(of_period(period, handoffs.c.requested_at), within(scope, handoffs), of_slice(chosen, handoffs))
    to_call = sa.and_(of_period(period, call_backs.c.asked_at), within(scope, call_backs), of_slice(chosen, talk))
    by_county = is_by_county(scope, chosen)
    parts = defaultdict(list)
    for row in await snapshot.all(_talks(talks, period)):
        parts[row.part].append(row)
    by_kind, steps = parts["kind"], period.steps()
    ends = await snapshot.all(_ends(asked, now, wait_within))
    times = times_of(await snapshot.all(deciding(_spans(asked, to_call))))
    calls = await snapshot.all(_calls(to_call, now))
    return Service(
        total=_tallies(by_kind, lambda _: "all", ["all"])["all"],
        people=parts["people"][0].number,
        by_step=_tallies(
            parts["step"],
            lambda row: steps[row.step].isoformat(),
            [step.isoformat() for step in steps if step <= day_of(now)],
        ),
        by_topic=_tallies(by_kind, lambda row: row.topic),
        by_level=_tallies(by_kind, lambda row: row.level),
        by_region=_tallies(by_kind, lambda row: place_of(row.region, by_county=by_county)),
        waits={level.value: times[f"wait {level}"] for level in reversed(Level)},
        in_time=_in_time(ends),
        first_words={level.value: times[f"words {level}"] for level in reversed(Level)},
        dispositions=summed(ends, lambda row: row.disposition),
        call_backs=summed(calls, lambda row: row.state),
        calls_late=sum(row.number for row in calls if row.late),
        first_calls=times["call"],
    )


def _talks(mine: Condition, period: Period) -> sa.CompoundSelect[Any]:
    """Conversations by what they are (part `kind`) and by steps, and their people; all read once."""
    one = conversations.c
    soon = micros(handoffs.c.requested_at) - micros(one.opened_at) <= whole(CALLED_WITHIN)
    called = sa.select(handoffs.c.id).where(handoffs.c.conversation_id == one.id, soon).exists()
    step = step_number(period, one.opened_at).label("step")
    columns = (one.contact_id, one.topic, one.level, one.region, step, sa.case((called, 1), else_=0).label("called"))
    talks = sa.select(*columns).where(mine).cte("talks")
    nothing, number = sa.cast(sa.null(), sa.String), sa.func.count()
    kinds, people = (talks.c.topic, talks.c.level, talks.c.region), sa.func.count(sa.distinct(talks.c.contact_id))
    by_kind = sa.select(sa.literal("kind").label("part"), *kinds, sa.literal(0).label("step"), talks.c.called)
    by_step = sa.select(sa.literal("step"), nothing, nothing, nothing, talks.c.step, talks.c.called)
    of_people = sa.select(sa.literal("people"), nothing, nothing, nothing, sa.literal(0), sa.literal(0), people)
    return sa.union_all(
        by_kind.add_columns(number.label("number")).group_by(*kinds, talks.c.called),
        by_step.add_columns(number).group_by(talks.c.step, talks.c.called),
        of_people,
    )


def _since() -> sa.ColumnElement[datetime]:
    """Since when she waited: who was passed on before anybody wrote to her, since she asked."""
    asked = handoffs.c
    return sa.case((asked.answered_at < asked.queued_at, asked.queued_at), else_=asked.requested_at)


def _ends(asked: Condition, now: datetime, wait_within: Mapping[Level, timedelta]) -> sa.Select[Any]:
    """How each asking for a person ended, and whether it was taken in time."""
    one = handoffs.c
    until = sa.func.coalesce(micros(one.claimed_at), micros(one.resolved_at), whole_moment(now))
    longest = sa.case({level.value: whole(span) for level, span in wait_within.items()}, value=one.level)
    state = sa.case(
        (until - micros(_since()) > longest, "missed"),
        (one.claimed_at.is_not(None), "kept"),
        (one.resolved_at.is_(None), "running"),
        else_="left",
    )
    return grouped(sa.select(one.level, one.disposition, state.label("state")).where(asked))


def _spans(asked: Condition, to_call: Condition) -> sa.CompoundSelect[Any]:
    """What the times are told of: `wait` and `words` with the level, and `call`."""
    one, call = handoffs.c, call_backs.c
    waited = sa.select(("wait " + one.level).label("what"), (micros(one.claimed_at) - micros(_since())).label("span"))
    until_words = sa.select("words " + one.level, micros(one.answered_at) - micros(one.requested_at))
    until_call = sa.select(sa.literal("call"), micros(call.first_called_at) - micros(call.asked_at))
    return sa.union_all(
        waited.where(asked, one.claimed_at.is_not(None)),
        until_words.where(asked, one.answered_at.is_not(None)),
        _of_talk(until_call).where(to_call, call.first_called_at.is_not(None)),
    )


def _calls(to_call: Condition, now: datetime) -> sa.Select[Any]:
    one = call_backs.c
    late = sa.or_(one.late, sa.and_(OPEN, one.due_at <= now))
    state = sa.case((OPEN, "open"), else_=one.outcome)
    return grouped(_of_talk(sa.select(state.label("state"), sa.case((late, 1), else_=0).label("late"))).where(to_call))


def _of_talk(query: sa.Select[*tuple[Any, ...]]) -> sa.Select[*tuple[Any, ...]]:
    """What a call back is about is known of the conversation alone."""
    return query.select_from(call_backs).join(conversations, conversations.c.id == call_backs.c.conversation_id)


def _tallies(rows: Rows, key: Callable[[sa.Row[Any]], str], known: Iterable[str] = ()) -> Tallies:
    counted: Counter[tuple[str, bool]] = Counter()
    for row in rows:
        counted[key(row), bool(row.called)] += row.number
    keys = dict.fromkeys([*known, *sorted({one for one, _ in counted})])
    return {one: Tally(counted[one, True] + counted[one, False], counted[one, True]) for one in keys}


def _in_time(ends: Rows) -> dict[str, Taken]:
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in ends:
        counted[row.level][row.state] += row.number
    return {level.value: Taken(**counted[level.value]) for level in reversed(Level)}
