"""The figures of a period as JSON, as they may leave the office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date

from pydantic import BaseModel, Field

from bot.conversation.figures import (
    MANY,
    Counts,
    Figures,
    Kept,
    Service,
    Step,
    Taken,
    Tallies,
    Tally,
    Times,
    told,
)

type Shown = dict[str, int]


class TimesView(BaseModel):
    """How long something took, in whole seconds; times of so few that they could be known are left out."""

    count: int | None
    middle_s: int | None
    nine_of_ten_s: int | None = Field(description="null of fewer than ten, where it would be the longest of all")

    @staticmethod
    def of(times: Times) -> TimesView:
        """The JSON of these times."""
        count = told(times.count)
        if times.middle is None or times.most is None or not count:
            return TimesView(count=count, middle_s=None, nine_of_ten_s=None)
        most = round(times.most.total_seconds()) if times.count >= 2 * MANY else None
        return TimesView(count=count, middle_s=round(times.middle.total_seconds()), nine_of_ten_s=most)


class ServiceView(BaseModel):
    """How people were served.

    Of the conversations `asked`, in `called` a person was asked for or called by a rule in the first seven days, in
    `alone` not: that is no more than an upper bound of what the assistant solved.
    """

    total: Shown
    people: int | None
    step: Step = Field(description="what `by_step` is cut into; its keys are first days")
    by_step: dict[str, Shown]
    by_topic: dict[str, Shown]
    by_level: dict[str, Shown]
    by_region: dict[str, Shown]
    waits: dict[str, TimesView] = Field(description="from the asking for a person until one took over, by level")
    in_time: dict[str, Shown] = Field(description="whether that was within the time that the level allows")
    first_words: dict[str, TimesView] = Field(description="from the asking to the first words of a person")
    dispositions: Shown
    call_backs: Shown
    calls_late: int | None = Field(description="calls back not made by their time; some of those of `call_backs`")
    first_calls: TimesView = Field(description="from the asking for a call back to the first call")

    @staticmethod
    def of(service: Service, step: Step) -> ServiceView:
        """The JSON of these figures."""
        return ServiceView(
            total=_counts(_tally(service.total)),
            people=told(service.people),
            step=step,
            by_step=_tallies(service.by_step),
            by_topic=_tallies(service.by_topic),
            by_level=_tallies(service.by_level),
            by_region=_tallies(service.by_region),
            waits=_times(service.waits),
            in_time=_states(service.in_time),
            first_words=_times(service.first_words),
            dispositions=_counts(service.dispositions),
            call_backs=_counts(service.call_backs),
            calls_late=told(service.calls_late),
            first_calls=TimesView.of(service.first_calls),
        )


_COUNTED = (
    *("topics", "regions", "levels", "statuses", "by_step", "agencies"),
    *("referrals", "reports", "visits", "outcomes", "checks"),
)


class FiguresView(BaseModel):
    """Counts of a period, each cut to a multiple of 5; what is under 5 could show somebody, and is left out or null."""

    first: date
    last: date
    cases: int | None
    topics: Shown
    regions: Shown
    levels: Shown
    statuses: Shown
    by_step: Shown = Field(description="cut as `service.step` says")
    agencies: Shown
    referrals: Shown
    reports: Shown
    visits: Shown
    outcomes: Shown
    checks: Shown = Field(description="of archived files by a supervisor: passed, failed, open")
    deadlines: dict[str, Shown]
    answers: TimesView
    crossed: dict[str, Shown] = Field(description="topics by region")
    service: ServiceView

    @staticmethod
    def of(figures: Figures) -> FiguresView:
        """The JSON of the figures."""
        return FiguresView(
            first=figures.period.first,
            last=figures.period.last,
            cases=told(figures.cases),
            **{name: _counts(getattr(figures, name)) for name in _COUNTED},
            deadlines=_states(figures.deadlines),
            answers=TimesView.of(figures.answers),
            crossed=_table(figures.crossed),
            service=ServiceView.of(figures.service, figures.period.step),
        )


def _counts(counts: Counts) -> Shown:
    """Without those that are not told: that a key is there would tell few from none."""
    return {key: shown for key, count in counts.items() if (shown := told(count)) is not None}


def _table(rows: Mapping[str, Counts]) -> dict[str, Shown]:
    return {key: shown for key, counts in rows.items() if (shown := _counts(counts))}


def _tally(tally: Tally) -> Counts:
    return {"asked": tally.asked, "called": tally.called, "alone": tally.alone}


def _tallies(tallies: Tallies) -> dict[str, Shown]:
    return _table({key: _tally(tally) for key, tally in tallies.items()})


def _times(times: Mapping[str, Times]) -> dict[str, TimesView]:
    return {level: TimesView.of(of_level) for level, of_level in times.items()}


def _states(kept: Mapping[str, Kept] | Mapping[str, Taken]) -> dict[str, Shown]:
    return _table({key: asdict(states) for key, states in kept.items()})
