"""The figures of a period as JSON, as they may leave the office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date

from pydantic import BaseModel, Field

from bot.conversation.figures import MANY, Figures, Kept, Service, Step, Tallies, Times, hidden, hidden_cells

type Shown = dict[str, int | None]


class TimesView(BaseModel):
    """How long something took; times of so few that they could be known are left out."""

    count: int | None
    middle_s: float | None
    nine_of_ten_s: float | None

    @staticmethod
    def of(times: Times) -> TimesView:
        """The JSON of these times."""
        if times.middle is None or times.most is None or times.count < MANY:
            return TimesView(count=None if times.count else 0, middle_s=None, nine_of_ten_s=None)
        return TimesView(
            count=times.count, middle_s=times.middle.total_seconds(), nine_of_ten_s=times.most.total_seconds()
        )


class ServiceView(BaseModel):
    """How people were served; of conversations, `called` had a person called and `alone` the assistant only."""

    total: Shown
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

    @staticmethod
    def of(service: Service, step: Step) -> ServiceView:
        """The JSON of these figures."""
        return ServiceView(
            total=hidden({"called": service.total.called, "alone": service.total.alone}),
            step=step,
            by_step=_tallies(service.by_step),
            by_topic=_tallies(service.by_topic),
            by_level=_tallies(service.by_level),
            by_region=_tallies(service.by_region),
            waits=_times(service.waits),
            in_time=_states(service.in_time),
            first_words=_times(service.first_words),
            dispositions=hidden(service.dispositions),
            call_backs=hidden(service.call_backs),
        )


_COUNTED = (
    *("topics", "regions", "levels", "statuses", "months", "agencies"),
    *("referrals", "reports", "visits", "outcomes", "checks"),
)


class FiguresView(BaseModel):
    """Counts of a period; null where a count of 1 to 4 could show somebody, or would be given away by a sum."""

    first: date
    last: date
    cases: int | None
    topics: Shown
    regions: Shown
    levels: Shown
    statuses: Shown
    months: Shown
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
            cases=hidden({"cases": figures.cases})["cases"],
            **{name: hidden(getattr(figures, name)) for name in _COUNTED},
            deadlines=_states(figures.deadlines),
            answers=TimesView.of(figures.answers),
            crossed=hidden_cells(figures.crossed),
            service=ServiceView.of(figures.service, figures.period.step),
        )


def _tallies(tallies: Tallies) -> dict[str, Shown]:
    return hidden_cells({key: {"called": tally.called, "alone": tally.alone} for key, tally in tallies.items()})


def _times(times: Mapping[str, Times]) -> dict[str, TimesView]:
    return {level: TimesView.of(of_level) for level, of_level in times.items()}


def _states(kept: Mapping[str, Kept]) -> dict[str, Shown]:
    return {key: hidden(asdict(states)) for key, states in kept.items()}
