"""Figures that name nobody: periods, times, and what stays in the office."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.errors import InvalidData
from bot.conversation.figures import Period, Step, Tally, Times, hidden, hidden_cells


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


@pytest.mark.parametrize(
    ("last", "step", "steps"),
    [
        (date(2026, 11, 5), Step.DAY, ["2026-11-04", "2026-11-05"]),
        (date(2026, 12, 10), Step.WEEK, ["11-04", "11-09", "11-16", "11-23", "11-30", "12-07"]),
        (date(2027, 6, 1), Step.MONTH, ["11-04", "12-01", "01-01", "02-01", "03-01", "04-01", "05-01", "06-01"]),
    ],
)
def test_a_period_is_cut_into_steps_that_can_be_seen(last: date, step: Step, steps: list[str]) -> None:
    period = Period(date(2026, 11, 4), last)  # a Wednesday
    assert period.step is step
    assert [day.isoformat()[-len(steps[0]) :] for day in period.steps()] == steps
    assert period.begin_of_step(last) == period.steps()[-1]


def test_who_was_not_called_for_was_answered_alone() -> None:
    assert Tally(7, 3).alone == 4


@pytest.mark.parametrize(
    ("rows", "shown"),
    [
        ({}, {}),
        ({"a": {"x": 9, "y": 0}}, {"a": {"x": 9, "y": 0}}),
        ({"a": {"x": 2}}, {"a": {"x": None}}),
        (
            {"a": {"x": 2, "y": 9, "z": 8}, "b": {"x": 7, "y": 9, "z": 6}, "c": {"x": 9, "y": 9, "z": 9}},
            {"a": {"x": None, "y": 9, "z": None}, "b": {"x": None, "y": 9, "z": None}, "c": {"x": 9, "y": 9, "z": 9}},
        ),
        (
            {"a": {"x": 1, "y": 0}, "b": {"x": 0, "y": 0}},
            {"a": {"x": None, "y": None}, "b": {"x": None, "y": None}},
        ),
    ],
)
def test_no_sum_of_a_line_gives_a_cell_away(
    rows: dict[str, dict[str, int]], shown: dict[str, dict[str, int | None]]
) -> None:
    assert hidden_cells(rows) == shown


@given(st.lists(st.lists(st.integers(0, 12), min_size=4, max_size=4), min_size=2, max_size=6), st.sampled_from([3, 5]))
def test_every_small_cell_is_hidden_and_none_stands_alone(table: list[list[int]], few: int) -> None:
    rows = {str(row): {str(column): count for column, count in enumerate(counts)} for row, counts in enumerate(table)}
    shown = hidden_cells(rows, few)
    for row, counts in rows.items():
        for column, count in counts.items():
            assert shown[row][column] in ({None} if 0 < count < few else {None, count})
    across = [list(cells.values()) for cells in shown.values()]
    down = [list(line) for line in zip(*across, strict=True)]
    assert all(line.count(None) != 1 for line in (*across, *down))


def test_a_table_without_small_cells_is_shown_whole() -> None:
    rows = {"a": {"x": 5, "y": 0}, "b": {"x": 0, "y": 7}}
    assert hidden_cells(rows) == rows
