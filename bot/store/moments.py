"""Moments as whole numbers in both databases, so that SQL counts spans and days as exactly as Python does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from bot.conversation.clock import HUNAN

MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_S = 24 * 60 * 60
_EAST_S = round((_EPOCH - datetime(1970, 1, 1, tzinfo=HUNAN)) / timedelta(seconds=1))


class micros(FunctionElement[int]):
    """The microseconds of a column of moments since 1970."""

    inherit_cache = True
    name = "micros"
    type = sa.BigInteger()


@compiles(micros, "sqlite")
def _micros_of_text(element: micros, compiler: SQLCompiler, **options: Any) -> str:
    # The text is the one that SQLAlchemy writes, with six digits after the point; SQLite itself knows but three.
    moment = compiler.process(element.clauses, **options)
    return f"(CAST(strftime('%s', {moment}) AS INTEGER) * 1000000 + CAST(substr({moment}, 21, 6) AS INTEGER))"


@compiles(micros, "postgresql")
def _micros_of_moment(element: micros, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(EXTRACT(EPOCH FROM {compiler.process(element.clauses, **options)}) * 1000000 AS BIGINT)"


def whole(span: timedelta) -> sa.ColumnElement[int]:
    """A span as the same whole number."""
    return sa.literal_column(str(span // MICROSECOND), sa.BigInteger())


def whole_moment(moment: datetime) -> sa.ColumnElement[int]:
    """A moment as the same whole number."""
    return sa.literal((moment - _EPOCH) // MICROSECOND, sa.BigInteger())


class day_number(FunctionElement[int]):
    """The days since 1970 of a column of moments, in Hunan, where no clock was put forward since 1991."""

    inherit_cache = True
    name = "day_number"
    type = sa.BigInteger()


@compiles(day_number, "sqlite")
def _day_of_text(element: day_number, compiler: SQLCompiler, **options: Any) -> str:
    moment = compiler.process(element.clauses, **options)
    return f"((CAST(strftime('%s', {moment}) AS INTEGER) + {_EAST_S}) / {_DAY_S})"


@compiles(day_number, "postgresql")
def _day_of_moment(element: day_number, compiler: SQLCompiler, **options: Any) -> str:
    moment = compiler.process(element.clauses, **options)
    return f"CAST(FLOOR((EXTRACT(EPOCH FROM {moment}) + {_EAST_S}) / {_DAY_S}) AS BIGINT)"


def day_of_number(number: int) -> date:
    """The day of such a number."""
    return _EPOCH.date() + timedelta(days=number)
