"""Put messages to the real thing, one after the other and with a watch: triage, and a private Rasa with the model."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil

from bot.bootstrap import read_rules
from bot.cli.understand import Line, classify_line, private_assistant
from bot.conversation.errors import Unavailable
from bot.conversation.levels import Level
from bot.processes import MODELS
from bot.triage import Rules, judge
from tests.understanding.records import Answer, Measured, Wanted

SOURCES = (
    *("config.yml", "domain.yml", "data/nlu/**/*.yml", "data/rules/*.yml", "data/triage/*", "data/*.toml"),
    *("data/names.yml", "data/regions.yml", "components/*.py", "components/*.npz", "components/entities/*"),
)
"""What the model, and triage's beside it, are made of."""


def newest_model() -> Path:
    """The model that Rasa will load; raises Unavailable where there is none."""
    models = sorted(MODELS.glob("*.tar.gz"), key=lambda path: path.stat().st_ctime)
    if not models:
        raise Unavailable("there is no trained model: run `make train`")
    return models[-1]


def changed_since(model: Path) -> list[Path]:
    """The files that are younger than the model that was made of them."""
    made = model.stat().st_mtime
    return [path for pattern in SOURCES for path in sorted(Path().glob(pattern)) if path.stat().st_mtime > made]


async def measure(rows: Sequence[Wanted], tick: Callable[[], None]) -> Measured:
    """The answer to each message, in order; `tick` is called after each.

    Raises Unavailable where there is no model, or Rasa does not start or answer.
    """
    model, rules = newest_model(), read_rules()
    levels, triage_ms = _triage(rules, rows)
    answers, understanding_ms = [], []
    async with private_assistant() as dialogue:
        for row, level in zip(rows, levels, strict=True):
            begun = time.perf_counter()
            line = await classify_line(rules, Line(row.id, row.text), dialogue)
            understanding_ms.append((time.perf_counter() - begun) * 1000)
            answers.append(_answer(line, level))
            tick()
        memory = _rasa_rss_mib()
    return Measured(model.name, tuple(answers), triage_ms, tuple(understanding_ms), memory)


def _triage(rules: Rules, rows: Sequence[Wanted]) -> tuple[list[Level], tuple[float, ...]]:
    levels, took_ms = [], []
    for row in rows:
        begun = time.perf_counter()
        levels.append(judge(rules, row.text).level)
        took_ms.append((time.perf_counter() - begun) * 1000)
    return levels, tuple(took_ms)


def _answer(line: Mapping[str, Any], triage: Level) -> Answer:
    return Answer(
        id=line["id"],
        topic=line["topic"],
        intent=line["intent"],
        confidence=line["confidence"],
        level=line["level"],
        alarm=line.get("alarm"),
        triage=triage,
        reasons=tuple(line["reasons"]),
    )


def _rasa_rss_mib() -> float:
    for child in psutil.Process().children(recursive=True):
        if "-m rasa run" in " ".join(child.cmdline()):
            return float(child.memory_info().rss / 2**20)
    raise Unavailable("Rasa has ended")
