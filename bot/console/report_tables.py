"""The figures as tables in the office's words: one table for each question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta

from bot.console import case_wording, wording
from bot.console.screens import Names
from bot.conversation.figures import MANY, Counts, Figures, Times, hidden
from bot.papers.workbook import Table
from bot.web.times import span_words

FEW = f"<{MANY}"
HIDDEN = "已隐去"

_REPORTS = {"needed": "要报告的", "done": "已报告的"}


def tables_of(figures: Figures, names: Names, *, leaving: bool) -> tuple[Table, ...]:
    """All tables; `leaving` the office, counts of 1 to 4 are hidden, and times of so few cases, too."""
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
        ("人工会话的结果", figures.dispositions, wording.DISPOSITIONS),
    )
    return (
        *(_counts(title, counts, words, leaving) for title, counts, words in counted),
        _alone(figures, leaving),
        _waits(figures.waits, leaving),
        _answers(figures.answers, leaving),
        _deadlines(figures, leaving),
    )


def _shown(counts: Counts, leaving: bool) -> dict[str, str | int]:
    """The counts as they are, or, leaving the office, without those that give somebody away."""
    found: Mapping[str, int | None] = hidden(counts) if leaving else counts
    return {key: HIDDEN if count is None else count for key, count in found.items()}


def _counts(title: str, counts: Counts, words: Mapping[str, str], leaving: bool) -> Table:
    shown = _shown(counts, leaving)
    return Table(title, ("", "件数"), [(words[key], shown[key]) for key in words if key in shown])


def _alone(figures: Figures, leaving: bool) -> Table:
    alone, total = figures.by_assistant, figures.conversations
    shown = _shown({"alone": alone, "called": total - alone}, leaving)
    share = f"{alone / total:.0%}" if total and HIDDEN not in shown.values() else "—"
    rows = (("没有叫人工的", shown["alone"]), ("叫了人工的", shown["called"]), ("助手自己答完的占", share))
    return Table("助手自己答完的会话", ("", "会话"), rows)


def _waits(waits: Mapping[str, Times], leaving: bool) -> Table:
    rows = [(wording.LEVELS[level], *_times(times, leaving)) for level, times in waits.items() if times.count]
    return Table("从要人工到接入", ("轻重", "次数", "一半在", "九成在"), rows)


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
