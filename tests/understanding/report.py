"""Make an evaluation of what was measured, and keep it: report.json, errors.md and the pictures in one folder."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import yaml

from bot.conversation.levels import Level, Topic
from tests.understanding.mistakes import mistakes_page
from tests.understanding.pictures import draw_confusion, draw_curve
from tests.understanding.records import Curve, Evaluation, Group, Judged, Measured, Wanted
from tests.understanding.scores import has_intent, right_intent, right_topic, score, score_triage_alone
from tests.understanding.statistics import calibrate, percentile, sweep

SMALLEST_SLICE = 15


def evaluate(rows_file: Path, wanted: Sequence[Wanted], measured: Measured) -> Evaluation:
    """All figures of these messages and their answers, which are in the same order."""
    rows = [Judged(row, answer) for row, answer in zip(wanted, measured.answers, strict=True)]
    with_intent = [row for row in rows if has_intent(row)]
    return Evaluation(
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        rows_file=str(rows_file),
        rows=len(rows),
        model=measured.model,
        unknown_intents=unknown_intents(wanted),
        scores=score(rows),
        triage_alone=score_triage_alone(rows),
        by_topic=_groups(rows, lambda row: [row.wanted.topic], smallest=1),
        by_slice=_groups(rows, lambda row: row.wanted.slices, SMALLEST_SLICE),
        confusion=_confusion(rows),
        calibration=calibrate(
            [row.answer.confidence for row in with_intent], [right_intent(row) for row in with_intent]
        ),
        curve=_curve(rows),
        triage_ms={"p50": percentile(measured.triage_ms, 50), "p99": percentile(measured.triage_ms, 99)},
        understanding_ms={f"p{part}": percentile(measured.understanding_ms, part) for part in (50, 95)},
        rasa_rss_mib=measured.rasa_rss_mib,
        answers=measured.answers,
    )


def write(evaluation: Evaluation, wanted: Sequence[Wanted], folder: Path) -> None:
    """Raises Unavailable where the font for the pictures is missing; what was measured is kept all the same."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.json").write_text(json.dumps(asdict(evaluation), ensure_ascii=False, indent=1), encoding="utf-8")
    rows = [Judged(row, answer) for row, answer in zip(wanted, evaluation.answers, strict=True)]
    (folder / "errors.md").write_text(mistakes_page(rows), encoding="utf-8")
    draw_confusion(evaluation, folder / "topics.png")
    draw_curve(evaluation, folder / "alarms.png")


def unknown_intents(wanted: Sequence[Wanted]) -> tuple[str, ...]:
    """The intents that the domain does not know: no answer to such a message can be right."""
    intents = yaml.safe_load(Path("domain.yml").read_text(encoding="utf-8"))["intents"]
    known = {name for intent in intents for name in ([intent] if isinstance(intent, str) else intent)}
    return tuple(sorted({row.intent for row in wanted if row.intent} - known))


def _groups(rows: Sequence[Judged], names: Callable[[Judged], Sequence[str]], smallest: int) -> Mapping[str, Group]:
    """By name, the largest first; a row may be in several."""
    sizes = Counter(str(name) for row in rows for name in names(row))
    groups = {name: [row for row in rows if name in names(row)] for name, _ in sizes.most_common()}
    return {name: Group(len(group), score(group)) for name, group in groups.items() if len(group) >= smallest}


def _confusion(rows: Sequence[Judged]) -> Mapping[str, Mapping[str, int]]:
    counts = Counter((row.wanted.topic, row.wanted.topic if right_topic(row) else row.answer.topic) for row in rows)
    return {str(wanted): {str(got): counts[wanted, got] for got in Topic} for wanted in Topic}


def _curve(rows: Sequence[Judged]) -> Curve:
    by_level = any(row.answer.alarm is None for row in rows)

    def alarm(row: Judged) -> float:
        return row.answer.level.rank / 2 if by_level or row.answer.alarm is None else row.answer.alarm

    critical, high, normal = (
        [alarm(row) for row in rows if row.wanted.level is level]
        for level in (Level.CRITICAL, Level.HIGH, Level.NORMAL)
    )
    return sweep("level" if by_level else "alarm", critical, high, normal)
