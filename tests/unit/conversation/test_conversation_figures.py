"""Figures that name nobody: periods, times, and what stays in the office."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.conversation.errors import InvalidData
from bot.conversation.figures import Period, Times, hidden


def test_a_period_is_of_whole_days_in_hunan() -> None:
    period = Period(date(2026, 3, 1), date(2026, 3, 1))
    assert period.begin == datetime(2026, 2, 28, 16, tzinfo=UTC)
    assert period.end == datetime(2026, 3, 1, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 3, 2), date(2026, 3, 1)),
        (date(2025, 1, 1), date(2026, 1, 2)),
        (date.min, date.min),
        (date.max, date.max),
    ],
)
def test_an_empty_or_endless_period_is_refused(first: date, last: date) -> None:
    with pytest.raises(InvalidData):
        Period(first, last)


def test_times_are_told_by_their_middle_and_what_nine_of_ten_took() -> None:
    assert Times.of([]) == Times(0)
    assert Times.of([timedelta(minutes=4)]) == Times(1, timedelta(minutes=4), timedelta(minutes=4))
    spans = [timedelta(minutes=minutes) for minutes in range(11)]
    assert Times.of(spans) == Times(11, timedelta(minutes=5), timedelta(minutes=9))


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({}, {}),
        ({"a": 5, "b": 0}, {"a": 5, "b": 0}),
        ({"a": 9, "b": 7, "c": 4}, {"a": 9, "b": None, "c": None}),
        ({"a": 9, "b": 2, "c": 1}, {"a": 9, "b": None, "c": None}),
        ({"a": 3}, {"a": None}),
    ],
)
def test_a_small_count_leaves_neither_as_itself_nor_by_the_sum(
    counts: dict[str, int], shown: dict[str, int | None]
) -> None:
    assert hidden(counts) == shown
