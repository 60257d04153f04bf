"""How SQL counts for the figures: of a period and a kind, grouped, and in the order that tells how long things took."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from bot.conversation.clock import HUNAN
from bot.conversation.figures import Period, Slice, Times
from bot.conversation.staff import area
from bot.store.moments import MICROSECOND

type Rows = Iterable[sa.Row[Any]]
type Query = sa.Select[*tuple[Any, ...]] | sa.CompoundSelect[*tuple[Any, ...]]
type Condition = sa.ColumnElement[bool]


def of_period(period: Period, column: sa.ColumnElement[Any]) -> Condition:
    """The moment lies in the period."""
    return sa.and_(column >= period.begin, column < period.end)


def of_slice(chosen: Slice, table: sa.Table) -> Condition:
    """The row is of the kind that is counted."""
    conditions: list[Condition] = [
        table.c[name] == value for name, value in (("topic", chosen.topic), ("level", chosen.level)) if value
    ]
    if chosen.region:
        conditions.append(table.c.region.startswith(area(chosen.region), autoescape=True))
    return sa.and_(sa.true(), *conditions)


def grouped(query: Query) -> sa.Select[Any]:
    """How many rows of this query are the same."""
    rows = query.subquery()
    return sa.select(*rows.c, sa.func.count().label("number")).group_by(*rows.c)


def summed(rows: Rows, key: Callable[[sa.Row[Any]], str | None]) -> dict[str, int]:
    """The counts of grouped rows by another key; what has none is not counted."""
    found: Counter[str] = Counter()
    for row in rows:
        if (of := key(row)) is not None:
            found[of] += row.number
    return dict(found)


def step_number(period: Period, column: sa.ColumnElement[Any]) -> sa.ColumnElement[int]:
    """In which of the steps of the period the moment lies, from 0 on."""
    begins = [datetime.combine(day, time(), HUNAN) for day in period.steps()]
    earlier = [(column < following, number) for number, following in enumerate(begins[1:])]
    return sa.case(*earlier, else_=len(earlier)) if earlier else sa.literal(0)


def deciding(spans: Query) -> sa.Select[Any]:
    """Of spans (columns `what` and `span`, as numbers) those from which `times_of` tells how long each `what` took.

    The database puts thousands in order, and at most four of each leave it: those at `figures.places`.
    """
    found = spans.subquery()
    place = sa.func.row_number().over(partition_by=found.c.what, order_by=found.c.span) - 1
    count = sa.func.count().over(partition_by=found.c.what)
    placed = sa.select(found, place.label("place"), count.label("number")).subquery()
    last = placed.c.number - 1
    deciding_places = [last // 2, placed.c.number // 2, last * 9 // 10, last * 9 // 10 + 1]
    return sa.select(placed).where(placed.c.place.in_(deciding_places))


def times_of(rows: Iterable[sa.Row[Any]]) -> defaultdict[str, Times]:
    """How long each `what` took, from the rows of `deciding`."""
    counts: dict[str, int] = {}
    spans: defaultdict[str, dict[int, timedelta]] = defaultdict(dict)
    for row in rows:
        counts[row.what] = row.number
        spans[row.what][row.place] = row.span * MICROSECOND
    found = {what: Times.of_places(count, spans[what].__getitem__) for what, count in counts.items()}
    return defaultdict(lambda: Times(0), found)
