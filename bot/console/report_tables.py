"""The figures as tables in the office's words: one table for each question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, timedelta

from bot.console import case_wording, wording
from bot.console.screens import Names
from bot.conversation.figures import (
    MANY,
    Counts,
    Figures,
    Kept,
    Period,
    Service,
    Step,
    Tallies,
    Tally,
    Times,
    hidden,
    hidden_cells,
)
from bot.papers.workbook import Table
from bot.web.times import span_words

FEW = f"<{MANY}"
HIDDEN = "已隐去"
SMALL = 3
"""On the screen, too, a cell of region and topic below this is not told: two signs together soon mean one person."""

_REPORTS = {"needed": "要报告的", "done": "已报告的"}
_COURSE = "来问的，一天天看"
_ASKED_TOPICS, _ASKED_REGIONS = "来问的，按事由", "来问的，按地区"
_WAITS = "从要人工到接入"
_TALLY = ("", "来问", "叫了人工", "助手答完")

CHARTS: Mapping[str, str] = {_COURSE: "line", _ASKED_TOPICS: "bar", _ASKED_REGIONS: "bar", "事由": "bar"}
"""Which tables have a picture beside them, and of which kind; the table stays."""


def sheets_of(figures: Figures, names: Names, *, leaving: bool) -> dict[str, tuple[Table, ...]]:
    """All tables by what they are about; `leaving` the office, counts of 1 to 4 are hidden, and times of so few."""
    return {
        "服务": _service(figures.service, figures.period, names, leaving),
        "办件": _cases(figures, names, leaving),
        "地区和事由": (_crossed(figures, names, leaving),),
    }


def _service(service: Service, period: Period, names: Names, leaving: bool) -> tuple[Table, ...]:
    steps = {step: _step(step, period) for step in service.by_step}
    regions = {code: names.region(code) for code in service.by_region}
    return (
        _tallies(_COURSE, service.by_step, steps, leaving),
        _tallies(_ASKED_TOPICS, service.by_topic, wording.TOPICS, leaving),
        _tallies(_ASKED_REGIONS, service.by_region, regions, leaving),
        _tallies("来问的，按轻重", service.by_level, wording.LEVELS, leaving),
        _alone(service.total, leaving),
        _level_times(_WAITS, service.waits, leaving),
        _in_time(service.in_time, leaving),
        _level_times("从要人工到第一句回话", service.first_words, leaving),
        _counts("人工会话的结果", service.dispositions, wording.DISPOSITIONS, leaving),
        _counts("要回电的", service.call_backs, case_wording.CALL_BACKS, leaving),
    )


def _cases(figures: Figures, names: Names, leaving: bool) -> tuple[Table, ...]:
    regions = {code: names.region(code) for code in figures.regions}
    months = {month: month for month in sorted(figures.months)}
    counted: tuple[tuple[str, Counts, Mapping[str, str]], ...] = (
        ("事由", figures.topics, wording.TOPICS),
        ("地区", figures.regions, regions),
        ("轻重", figures.levels, wording.LEVELS),
        ("办到哪一步", figures.statuses, wording.CASE_STATUSES),
        ("登记的月份", figures.months, months),
        ("转到的单位", figures.agencies, case_wording.AGENCIES),
        ("请求的帮助", figures.referrals, wording.REFERRALS),
        ("侵害未成年人强制报告", figures.reports, _REPORTS),
        ("回访", figures.visits, case_wording.VISITS),
        ("回访时的情况", figures.outcomes, case_wording.OUTCOMES),
        ("督导检查（已归档的）", figures.checks, case_wording.CHECKS),
    )
    return (
        *(_counts(title, counts, words, leaving) for title, counts, words in counted),
        _answers(figures.answers, leaving),
        _deadlines(figures, leaving),
    )


def _crossed(figures: Figures, names: Names, leaving: bool) -> Table:
    """Anonymous by construction: where one count of a line would be given away by its sum, another is hidden too."""
    few = MANY if leaving else SMALL
    shown = hidden_cells(figures.crossed, few)
    topics = [topic for topic in wording.TOPICS if any(topic in counts for counts in shown.values())]
    rows = [
        (
            names.region(region),
            *(_cell(cells[topic], figures.crossed[region][topic], few, leaving) for topic in topics),
        )
        for region, cells in shown.items()
    ]
    return Table("各地区、各事由登记的办件", ("", *(wording.TOPICS[topic] for topic in topics)), rows)


def _cell(shown: int | None, count: int, few: int, leaving: bool) -> str | int:
    if shown is not None:
        return shown
    return f"<{few}" if count < few and not leaving else HIDDEN


def _step(first: str, period: Period) -> str:
    day = date.fromisoformat(first)
    if period.step is Step.MONTH:
        return f"{day.year}年{day.month}月"
    return f"{day.month}月{day.day}日" + ("起的一周" if period.step is Step.WEEK else "")


def _tallies(title: str, tallies: Tallies, words: Mapping[str, str], leaving: bool) -> Table:
    counts = {key: {"called": tally.called, "alone": tally.alone} for key, tally in tallies.items()}
    shown = hidden_cells(counts, MANY if leaving else 0)
    rows = []
    for key in (key for key in words if key in tallies):
        called, alone = (HIDDEN if count is None else count for count in shown[key].values())
        asked = HIDDEN if HIDDEN in (called, alone) else tallies[key].asked
        rows.append((words[key], asked, called, alone))
    return Table(title, _TALLY, rows)


def _shown(counts: Counts, leaving: bool) -> dict[str, str | int]:
    """The counts as they are, or, leaving the office, without those that give somebody away."""
    found: Mapping[str, int | None] = hidden(counts) if leaving else counts
    return {key: HIDDEN if count is None else count for key, count in found.items()}


def _counts(title: str, counts: Counts, words: Mapping[str, str], leaving: bool) -> Table:
    shown = _shown(counts, leaving)
    return Table(title, ("", "件数"), [(words[key], shown[key]) for key in words if key in shown])


def _alone(total: Tally, leaving: bool) -> Table:
    shown = _shown({"alone": total.alone, "called": total.called}, leaving)
    rows = (
        ("没有叫人工的", shown["alone"]),
        ("叫了人工的", shown["called"]),
        ("助手自己答完的占", _share(total.alone, total.asked, shown)),
    )
    return Table("助手自己答完的会话", ("", "会话"), rows)


def _share(part: int, whole: int, shown: Mapping[str, str | int]) -> str:
    return f"{part / whole:.0%}" if whole and HIDDEN not in shown.values() else "—"


def _level_times(title: str, times: Mapping[str, Times], leaving: bool) -> Table:
    rows = [(wording.LEVELS[level], *_times(of_level, leaving)) for level, of_level in times.items() if of_level.count]
    return Table(title, ("轻重", "次数", "一半在", "九成在"), rows)


def _in_time(in_time: Mapping[str, Kept], leaving: bool) -> Table:
    rows = []
    for level, kept in in_time.items():
        ended = kept.kept + kept.missed
        if ended or kept.running:
            shown = _shown(asdict(kept), leaving)
            share = _share(kept.kept, ended, shown)
            rows.append((wording.LEVELS[level], shown["kept"], shown["missed"], shown["running"], share))
    return Table("接入守没守住时限", ("轻重", "守住", "超了", "还在等", "守住的占"), rows)


def _answers(answers: Times, leaving: bool) -> Table:
    rows = [("答复", *_times(answers, leaving))] if answers.count else []
    return Table("从登记到答复", ("", "件数", "一半在", "九成在"), rows)


def _times(times: Times, leaving: bool) -> tuple[str | int, str, str]:
    if leaving and times.count < MANY:
        return FEW, "—", "—"
    return times.count, _span(times.middle), _span(times.most)


def _span(span: timedelta | None) -> str:
    return "—" if span is None else span_words(span)


def _deadlines(figures: Figures, leaving: bool) -> Table:
    rows = []
    for kind, kept in figures.deadlines.items():
        shown = _shown(asdict(kept), leaving)
        rows.append((case_wording.DEADLINES[kind], shown["kept"], shown["missed"], shown["running"]))
    return Table("期限", ("", "按期", "迟了", "还没到期"), rows)
