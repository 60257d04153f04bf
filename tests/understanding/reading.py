"""Read what an evaluation starts from: a judging set, the thresholds, an earlier report."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.conversation.errors import InvalidData
from bot.conversation.levels import Level, Topic
from tests.understanding.records import Answer, Estimate, Scores, Wanted
from tests.understanding.scores import SCORES

FOLDER = Path("tests/data/understanding")
ROWS = FOLDER / "messages.jsonl"
THRESHOLDS = FOLDER / "thresholds.toml"


@dataclass(frozen=True, slots=True)
class Threshold:
    """Where a score should be (`goal`) and what CI does not let pass: less than `bound`, or more if `at_most`."""

    goal: float
    bound: float
    at_most: bool

    def reached(self, estimate: Estimate) -> bool:
        """Whether the goal is."""
        return estimate.value <= self.goal if self.at_most else estimate.value >= self.goal

    def passed(self, estimate: Estimate) -> bool:
        """Whether CI lets it pass."""
        return estimate.value <= self.bound if self.at_most else estimate.value >= self.bound


def read_rows(path: Path) -> list[Wanted]:
    """The messages of a judging set; raises InvalidData, which names the line and never its words."""
    with path.open(encoding="utf-8") as stream:
        rows = [_wanted(line, f"{path}, line {number}") for number, line in enumerate(stream, 1) if line.strip()]
    twice = [row_id for row_id, count in Counter(row.id for row in rows).items() if count > 1]
    if twice:
        raise InvalidData(f"{path}: the same id more than once: {', '.join(twice)}")
    if not rows:
        raise InvalidData(f"{path} is empty")
    return rows


def _wanted(line: str, place: str) -> Wanted:
    try:
        fields = json.loads(line)
        return Wanted(
            id=str(fields["id"]),
            text=str(fields["text"]),
            topic=Topic(fields["topic"]),
            accepted=tuple(Topic(topic) for topic in fields["accepted"]),
            intent=str(fields["intent"]) if fields["intent"] else None,
            level=Level(fields["level"]),
            slices=tuple(str(name) for name in fields["slice"]),
            why=str(fields["why"]),
        )
    except KeyError as error:
        raise InvalidData(f"{place}: the field {error} is missing") from None
    except (ValueError, TypeError):
        raise InvalidData(f"{place}: not a JSON object such as tests/data/understanding/README.md describes") from None


def read_thresholds(path: Path) -> Mapping[str, Threshold]:
    """Thresholds by the name of their score; raises InvalidData."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise InvalidData(f"{path}: {error}") from None
    return {name: _threshold(name, table, path) for name, table in tables.items()}


def _threshold(name: str, table: Any, path: Path) -> Threshold:
    score = next((score for score in SCORES if score.name == name), None)
    if score is None:
        raise InvalidData(f"{path}: there is no score {name}; there are {', '.join(score.name for score in SCORES)}")
    bound = "ceiling" if score.at_most else "floor"
    if not isinstance(table, dict) or set(table) != {"goal", bound}:
        raise InvalidData(f"{path}: [{name}] needs goal and {bound}, and nothing else")
    if not all(isinstance(value, float) and 0 <= value <= 1 for value in table.values()):
        raise InvalidData(f"{path}: [{name}] needs numbers from 0.0 to 1.0")
    return Threshold(table["goal"], table[bound], score.at_most)


def missed(thresholds: Mapping[str, Threshold], scores: Scores) -> list[str]:
    """What CI does not let pass, one line each; a score that could not be had is missed."""
    lines = []
    for name, threshold in thresholds.items():
        if name not in scores:
            lines.append(f"{name}: no message bears on it")
        elif not threshold.passed(scores[name]):
            word = "more" if threshold.at_most else "less"
            lines.append(f"{name}: {scores[name].value:.4f} is {word} than {threshold.bound:.4f}")
    return lines


def read_answers(report: Path) -> dict[str, Answer]:
    """The answers of an earlier report.json by id; raises InvalidData."""
    try:
        rows: Iterable[dict[str, Any]] = json.loads(report.read_text(encoding="utf-8"))["answers"]
        return {row["id"]: _answer(row) for row in rows}
    except (KeyError, TypeError, ValueError):
        raise InvalidData(f"{report} is not a report.json of an evaluation") from None


def _answer(row: dict[str, Any]) -> Answer:
    levels = {name: Level(row[name]) for name in ("level", "triage")}
    return Answer(**{**row, **levels, "topic": Topic(row["topic"]), "reasons": tuple(row["reasons"])})
