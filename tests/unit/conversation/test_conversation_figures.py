"""Figures that name nobody: periods, times, and what stays in the office."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.errors import InvalidData
from bot.conversation.figures import (
    Period,
    Slice,
    Step,
    Tally,
    Times,
    is_by_county,
    place_of,
    places,
    told,
)
from bot.conversation.staff import Scope


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


def of(spans: list[timedelta]) -> Times:
    return Times.of_places(len(spans), sorted(spans).__getitem__)


def test_times_are_told_by_their_middle_and_what_nine_of_ten_took() -> None:
    assert of([]) == Times(0)
    assert of([timedelta(minutes=4)]) == Times(1, timedelta(minutes=4), timedelta(minutes=4))
    spans = [timedelta(minutes=minutes) for minutes in range(11)]
    assert of(spans) == Times(11, timedelta(minutes=5), timedelta(minutes=9))


@given(st.lists(st.integers(0, 10**9), min_size=2, max_size=40))
def test_a_few_places_tell_what_statistics_tells_of_all(seconds: list[int]) -> None:
    found = of([timedelta(seconds=one) for one in seconds])
    assert found.middle == timedelta(seconds=statistics.median(seconds))
    ninth = timedelta(seconds=statistics.quantiles(seconds, n=10, method="inclusive")[8])
    assert found.most is not None
    assert abs(found.most - ninth) <= timedelta(microseconds=1)
    asked: list[int] = []
    Times.of_places(len(seconds), lambda place: asked.append(place) or timedelta())
    assert set(asked) <= set(places(len(seconds)))


@pytest.mark.parametrize(
    ("counts", "shown"),
    [((0, 1, 2, 3, 4), None), ((5, 7, 9), 5), ((10, 14), 10), ((1000, 1004), 1000)],
)
def test_a_count_leaves_cut_to_a_multiple_of_five(counts: tuple[int, ...], shown: int | None) -> None:
    assert {told(count) for count in counts} == {shown}


def ambiguous(worlds: Iterable[tuple[tuple[int | None, ...], tuple[int, ...]]]) -> bool:
    """Whether each small count of each world is another one in some other world of which the same is told."""
    found: defaultdict[tuple[int | None, ...], set[tuple[int, ...]]] = defaultdict(set)
    for shown, counts in worlds:
        found[shown].add(counts)
    return all(
        len({counts[place] for counts in alike}) > 1
        for shown, alike in found.items()
        for place in range(len(next(iter(alike))))
        if shown[place] is None
    )


def test_no_sum_gives_a_small_count_away() -> None:
    """Two topics and their sum; or a period and a longer one, or a region and the one it lies in."""
    counts = product(range(20), repeat=2)
    assert ambiguous(((told(a), told(b), told(a + b)), (a, b)) for a, b in counts)


def test_no_table_with_all_its_sums_gives_a_small_count_away() -> None:
    cells = product(range(10), repeat=4)
    assert ambiguous(
        (tuple(map(told, (a, b, c, d, a + b, c + d, a + c, b + d, a + b + c + d))), (a, b, c, d))
        for a, b, c, d in cells
    )


def test_two_reports_of_periods_that_overlap_give_no_small_count_away() -> None:
    """The first week, the second and the third are never told alone, but two and two of them, and all."""
    weeks = product(range(15), repeat=3)
    sums = ((a + b, b + c, a + b + c) for a, b, c in weeks)
    assert ambiguous((tuple(map(told, one)), one) for one in sums)


@pytest.mark.parametrize(
    ("regions", "region", "by_county"),
    [
        ((), None, False),
        (("430000",), None, False),
        (("430100",), None, True),
        (("430102", "430103"), None, True),
        (("430102", "430300"), None, False),
        ((), "430100", True),
        (("430100",), "430000", False),
    ],
)
def test_regions_are_cities_until_all_lies_in_one(
    regions: tuple[str, ...], region: str | None, by_county: bool
) -> None:
    assert is_by_county(Scope(regions=frozenset(regions)), Slice(region=region)) is by_county


def test_a_county_counts_under_its_city() -> None:
    assert [place_of(code, by_county=False) for code in ("430102", "430100", "430000")] == [
        "430100",
        "430100",
        "430000",
    ]
    assert place_of("430102", by_county=True) == "430102"


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
