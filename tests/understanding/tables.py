"""An evaluation as tables in the terminal, alone or beside an earlier one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

from bot.console.wording import TOPICS
from tests.understanding.mistakes import Mistake, mistakes_in
from tests.understanding.reading import Threshold
from tests.understanding.records import Answer, Estimate, Evaluation, Group, Judged, Scores, Wanted
from tests.understanding.scores import SCORES, differences, score

NAMED = 30
"""So many ids of a kind are printed; all stand in errors.md."""


def print_evaluation(evaluation: Evaluation, thresholds: Mapping[str, Threshold], console: Console) -> None:
    """The whole, then by topic and by slice, then what it cost."""
    console.print(f"\n{evaluation.rows_file}：{evaluation.rows} 条；模型 {evaluation.model}")
    if evaluation.unknown_intents:
        console.print(f"[yellow]domain.yml 里没有这些意图，不可能判对：{'、'.join(evaluation.unknown_intents)}[/]")
    console.print(_overall(evaluation, thresholds))
    console.print(_by_group("主题", {TOPICS[name]: group for name, group in evaluation.by_topic.items()}))
    console.print(_by_group("分组", evaluation.by_slice))
    triage, understanding = evaluation.triage_ms, evaluation.understanding_ms
    console.print(
        f"把握与实际相差 {evaluation.calibration.expected_error:.3f}（意图，十档，0 最好）\n"
        f"每条用时：分级 {triage['p50']:.2f} 毫秒（p99 {triage['p99']:.2f}），"
        f"全部 {understanding['p50']:.0f} 毫秒（p95 {understanding['p95']:.0f}）；"
        f"Rasa 内存 {evaluation.rasa_rss_mib:.0f} MiB"
    )


def _overall(evaluation: Evaluation, thresholds: Mapping[str, Threshold]) -> Table:
    table = Table("指标", "名称", "结果", "95% 区间", "条数", "目标", "底线", "", "不靠助手")
    for each in SCORES:
        if each.name not in evaluation.scores:
            continue
        estimate, threshold = evaluation.scores[each.name], thresholds.get(each.name)
        alone = evaluation.triage_alone.get(each.name)
        table.add_row(
            each.title,
            each.name,
            f"{estimate.value:.3f}",
            f"{estimate.low:.3f} - {estimate.high:.3f}",
            str(estimate.of),
            *_limits(threshold, estimate),
            _with_interval(alone) if alone else "",
        )
    return table


def _limits(threshold: Threshold | None, estimate: Estimate) -> tuple[str, str, str]:
    if threshold is None:
        return "", "", ""
    sign = "≤" if threshold.at_most else "≥"
    verdict = "[red]✗ 低于底线[/]" if not threshold.at_most else "[red]✗ 超过上限[/]"
    if threshold.passed(estimate):
        verdict = "[green]✓[/]" if threshold.reached(estimate) else "[yellow]未到目标[/]"
    return f"{sign} {threshold.goal:.2f}", f"{sign} {threshold.bound:.2f}", verdict


def _by_group(heading: str, groups: Mapping[str, Group]) -> Table:
    table = Table(heading, "条数", *(each.title for each in SCORES))
    for name, group in groups.items():
        table.add_row(name, str(group.rows), *_cells(group.scores))
    return table


def _cells(scores: Scores) -> list[str]:
    return [_with_interval(scores[each.name]) if each.name in scores else "" for each in SCORES]


def _with_interval(estimate: Estimate) -> str:
    return f"{estimate.value:.2f} [dim]{estimate.low:.2f}-{estimate.high:.2f}[/] ({estimate.of})"


def print_difference(
    wanted: Sequence[Wanted], earlier: Mapping[str, Answer], answers: Sequence[Answer], console: Console
) -> None:
    """What changed since an earlier report, over the messages of both, each judged by the labels of today."""
    pairs = [(row, earlier[row.id], now) for row, now in zip(wanted, answers, strict=True) if row.id in earlier]
    if not pairs:
        console.print("\n和以前的报告没有共同的消息，无法比较")
        return
    before, now = [Judged(row, old) for row, old, _ in pairs], [Judged(row, new) for row, _, new in pairs]
    console.print(f"\n和以前的报告相比（共同的 {len(pairs)} 条，都按现在的标注判）")
    table = Table("指标", "以前", "现在", "变化", "95% 区间", "")
    scores_before, scores_now = score(before), score(now)
    at_most = {each.name: each.at_most for each in SCORES}
    titles = {each.name: each.title for each in SCORES}
    for name, change in differences(before, now).items():
        table.add_row(
            titles[name],
            f"{scores_before[name].value:.3f}",
            f"{scores_now[name].value:.3f}",
            f"{change.value:+.3f}",
            f"{change.low:+.3f} … {change.high:+.3f}",
            _verdict(change, at_most[name]),
        )
    console.print(table)
    _print_moved(before, now, console)


def _verdict(change: Estimate, at_most: bool) -> str:
    if change.low == change.high == 0:
        return "[dim]没有变化[/]"
    if change.low <= 0 <= change.high:
        return "[dim]可能只是偶然[/]"
    return "[green]变好[/]" if (change.value < 0) is at_most else "[red]变差[/]"


def _print_moved(before: Sequence[Judged], now: Sequence[Judged], console: Console) -> None:
    """Which messages went wrong and which came right, by mistake."""
    for mistake in Mistake:
        was = {row.wanted.id for row in before if mistake in mistakes_in(row)}
        is_now = {row.wanted.id for row in now if mistake in mistakes_in(row)}
        for word, ids in (("新判错", is_now - was), ("改对了", was - is_now)):
            if ids:
                rest = f" 等（共 {len(ids)} 条）" if len(ids) > NAMED else ""
                console.print(f"{mistake}，{word}：{' '.join(sorted(ids)[:NAMED])}{rest}", highlight=False)
