"""The figures as tables in the office's words: one table for each question, each with how it is counted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from bot.console import case_wording, report_notes, wording
from bot.console.screens import Names
from bot.conversation.figures import (
    MANY,
    Counts,
    Figures,
    Kept,
    Period,
    Service,
    Step,
    Taken,
    Tallies,
    Tally,
    Times,
    place_of,
    told,
)
from bot.conversation.staff import area
from bot.papers.workbook import Cell, Table
from bot.web.times import span_words

FEW = f"<{MANY}"
NONE = "—"

_REPORTS = {"needed": "要报告的", "done": "其中已报告的"}
_COURSE, _CASES_COURSE = "来问的，一段段看", "登记的办件，一段段看"
_ASKED_TOPICS, _ASKED_REGIONS = "来问的，按事由", "来问的，按地区"
_TALLY = ("", "来问", "叫了人工", "没叫人工")

CHARTS: Mapping[str, str] = {
    _COURSE: "line",
    _ASKED_TOPICS: "bar",
    _ASKED_REGIONS: "bar",
    "事由": "bar",
    _CASES_COURSE: "line",
}
"""Which tables have a picture beside them, and of which kind; the table stays."""


def sheets_of(
    figures: Figures, names: Names, places: Collection[str], *, leaving: bool
) -> dict[str, tuple[Table, ...]]:
    """All tables by what they are about, over these regions and what lies below them, or all of them.

    `leaving` the office, counts and times are told as `told` has it, and of what there is none has its row, too: that a
    row is missing would tell none from few.
    """
    tables = _Tables(figures.period, names, places, figures.by_county, leaving)
    return {
        "服务": tables.service(figures.service),
        "办件": tables.cases(figures),
        "地区和事由": (tables.crossed(figures.crossed),),
    }


@dataclass(frozen=True, slots=True)
class _Tables:
    period: Period
    names: Names
    places: Collection[str]
    by_county: bool
    leaving: bool

    def service(self, service: Service) -> tuple[Table, ...]:
        steps = {step: self._step(step) for step in service.by_step}
        regions = self._regions(service.by_region, every=self.leaving)
        return (
            self._total(service),
            self._tallies(_COURSE, service.by_step, steps),
            self._tallies(_ASKED_TOPICS, service.by_topic, wording.TOPICS),
            self._tallies(_ASKED_REGIONS, service.by_region, regions),
            self._tallies("来问的，按轻重", service.by_level, wording.LEVELS),
            self._level_times("从要人工到接入", service.waits),
            self._in_time(service.in_time),
            self._level_times("从要人工到第一句回话", service.first_words),
            self._counts("人工会话的结果", service.dispositions, wording.DISPOSITIONS, "会话"),
            self._call_backs(service),
        )

    def cases(self, figures: Figures) -> tuple[Table, ...]:
        regions = self._regions(figures.regions, every=self.leaving)
        steps = {step: self._step(step) for step in figures.by_step}
        counted: tuple[tuple[str, Counts, Mapping[str, str]], ...] = (
            ("登记的办件", {"all": figures.cases}, {"all": "一共"}),
            (_CASES_COURSE, figures.by_step, steps),
            ("事由", figures.topics, wording.TOPICS),
            ("地区", figures.regions, regions),
            ("轻重", figures.levels, wording.LEVELS),
            ("办到哪一步", figures.statuses, wording.CASE_STATUSES),
            ("转到的单位", figures.agencies, case_wording.AGENCIES),
            ("请求的帮助", figures.referrals, wording.REFERRALS),
            ("侵害未成年人强制报告", figures.reports, _REPORTS),
            ("回访", figures.visits, case_wording.VISITS),
            ("回访时的情况", figures.outcomes, case_wording.OUTCOMES),
            ("督导检查（已归档的）", figures.checks, case_wording.CHECKS),
        )
        return (
            *(self._counts(title, counts, words) for title, counts, words in counted),
            self._answers(figures.answers),
            self._deadlines(figures.deadlines),
        )

    def crossed(self, crossed: Mapping[str, Counts]) -> Table:
        """Told as it may leave the office on the screen, too: a screen is thrown on walls and photographed."""
        rows = [
            (words, *(told(crossed.get(region, {}).get(topic, 0)) or FEW for topic in wording.TOPICS))
            for region, words in self._regions(crossed, every=True).items()
        ]
        return self._table("各地区、各事由登记的办件", ("", *wording.TOPICS.values()), rows)

    def _total(self, service: Service) -> Table:
        asked, called, alone = map(self._count, (service.total.asked, service.total.called, service.total.alone))
        rows: list[tuple[str, Cell]] = [
            ("来问的会话", asked),
            ("来问的人", self._count(service.people)),
            ("叫了人工的会话", called),
            ("没叫人工的会话", alone),
            ("没叫人工的占", _share(alone, asked)),
        ]
        return self._table("一共", ("", ""), rows)

    def _tallies(self, title: str, tallies: Tallies, words: Mapping[str, str]) -> Table:
        shown = [(words[key], tallies.get(key, Tally())) for key in words if self.leaving or key in tallies]
        rows = [(word, *map(self._count, (tally.asked, tally.called, tally.alone))) for word, tally in shown]
        return self._table(title, _TALLY, rows)

    def _counts(self, title: str, counts: Counts, words: Mapping[str, str], unit: str = "件数") -> Table:
        rows = [(words[key], self._count(counts.get(key, 0))) for key in words if self.leaving or key in counts]
        return self._table(title, ("", unit), rows)

    def _level_times(self, title: str, times: Mapping[str, Times]) -> Table:
        rows = [(wording.LEVELS[level], *self._times(one)) for level, one in times.items() if self.leaving or one.count]
        return self._table(title, ("轻重", "次数", "一半在", "九成在"), rows)

    def _in_time(self, in_time: Mapping[str, Taken]) -> Table:
        rows = []
        for level, taken in in_time.items():
            kept, missed, running, left = map(self._count, asdict(taken).values())
            ended = kept + missed if isinstance(kept, int) and isinstance(missed, int) else FEW
            if self.leaving or any(asdict(taken).values()):
                rows.append((wording.LEVELS[level], kept, missed, running, left, _share(kept, ended)))
        return self._table("接入守没守住时限", ("轻重", "守住", "超了", "还在等", "没等就完", "守住的占"), rows)

    def _call_backs(self, service: Service) -> Table:
        asked = {"asked": sum(service.call_backs.values()), **service.call_backs, "late": service.calls_late}
        rows: list[tuple[Cell, ...]] = [
            (words, self._count(asked.get(key, 0))) for key, words in case_wording.CALL_BACKS.items()
        ]
        _, middle, most = self._times(service.first_calls)
        rows += [("从登记到打第一次，一半在", middle), ("从登记到打第一次，九成在", most)]
        return self._table("要回电的", ("", "个"), rows if self.leaving or asked["asked"] else [])

    def _answers(self, answers: Times) -> Table:
        rows = [("答复", *self._times(answers))] if self.leaving or answers.count else []
        return self._table("从登记到答复", ("", "件数", "一半在", "九成在"), rows)

    def _deadlines(self, deadlines: Mapping[str, Kept]) -> Table:
        rows = []
        for kind, words in case_wording.DEADLINES.items():
            if self.leaving or kind in deadlines:
                kept, missed, running = map(self._count, asdict(deadlines.get(kind, Kept())).values())
                ended = kept + missed if isinstance(kept, int) and isinstance(missed, int) else FEW
                rows.append((words, kept, missed, running, _share(kept, ended)))
        return self._table("期限", ("", "按期", "迟了", "还没到期", "按期的占"), rows)

    def _table(self, title: str, heads: tuple[str, ...], rows: Sequence[Sequence[Cell]]) -> Table:
        return Table(title, heads, rows, report_notes.OF_TABLES.get(title, ""))

    def _count(self, count: int) -> str | int:
        shown = told(count) if self.leaving else count
        return FEW if shown is None else shown

    def _times(self, times: Times) -> tuple[str | int, str, str]:
        """What nine of ten took is the longest of all where there are fewer than ten."""
        if self.leaving and times.count < MANY:
            return self._count(times.count), NONE, NONE
        most = NONE if self.leaving and times.count < 2 * MANY else _span(times.most)
        return self._count(times.count), _span(times.middle), most

    def _step(self, first: str) -> str:
        day = date.fromisoformat(first)
        if self.period.step is Step.MONTH:
            return f"{day.year}年{day.month}月"
        return f"{day.month}月{day.day}日" + ("起的一周" if self.period.step is Step.WEEK else "")

    def _regions(self, found: Iterable[str], *, every: bool) -> dict[str, str]:
        """The names of those found, or of every one that could be, in the order of their codes."""
        codes = set(found)
        if every:
            areas = tuple(map(area, self.places)) or ("",)
            known = (region.code for region in self.names.directory if region.code.startswith(areas))
            codes |= {place_of(code, by_county=self.by_county) for code in known}
        return {code: self._region(code) for code in sorted(codes)}

    def _region(self, code: str) -> str:
        """Its name; what is known no nearer than this table tells apart is told to be so."""
        name, known = self.names.region(code), len(area(code))
        if self.by_county:
            return f"{name}（没说哪个县区）" if known < 6 else name
        return f"{name}（没说哪个市州）" if known < 4 else name


def _share(part: str | int, whole: str | int) -> str | float:
    """A share of what is shown, so that it tells no more than that."""
    return part / whole if isinstance(part, int) and isinstance(whole, int) and whole else NONE


def _span(span: timedelta | None) -> str:
    return NONE if span is None else span_words(span)
