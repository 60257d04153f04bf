"""Reads the training utterances of data/nlu, each with its intent, its level and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "data/nlu"
LEVELS = ("critical", "high", "normal")

ENTITY = re.compile(r"\[(?P<text>[^\]]+)\](?:\{[^}]*\}|\([^)]*\))")
"""Rasa's marks of an entity, `[text]{...}` or `[text](name)`; only the text was written by a person."""


class Unreadable(Exception):
    """A file is not what Rasa reads; the text says which, where and why."""


@dataclass(frozen=True)
class Utterance:
    """One line of training data as a person wrote it; `level` is None where the file states none."""

    text: str
    intent: str
    level: str | None
    file: str


def read(folder: Path = CORPUS) -> list[Utterance]:
    """All utterances below a folder, in the order of the files; raises Unreadable."""
    return [
        utterance
        for path in sorted(folder.rglob("*.yml"))
        for utterance in parse(path.read_text(encoding="utf-8"), str(path.relative_to(folder)))
    ]


def parse(text: str, file: str) -> list[Utterance]:
    """The utterances of one file; raises Unreadable for anything but blocks of an intent with its examples."""
    try:
        document = yaml.load(text, Loader=yaml.CSafeLoader)
        blocks = document["nlu"]
    except (yaml.YAMLError, TypeError, KeyError) as error:
        raise Unreadable(f"{file} is not a file of training data: {error}") from error
    return [utterance for block in blocks for utterance in _block(block, file)]


def _block(block: object, file: str) -> Iterator[Utterance]:
    if not isinstance(block, dict) or not {"intent", "examples"} <= block.keys() <= {"intent", "metadata", "examples"}:
        raise Unreadable(f"{file}: a block must have an intent and examples, and may have metadata: {str(block)[:60]}")
    intent, level = block["intent"], (block.get("metadata") or {}).get("level")
    if level not in (None, *LEVELS):
        raise Unreadable(f"{file}: {intent} has the level {level}, which is none of {', '.join(LEVELS)}")
    for line in block["examples"].splitlines():
        if not line.startswith("- ") or not line[2:].strip():
            raise Unreadable(f"{file}: a line of {intent} does not begin with '- ' and a word: {line[:30]!r}")
        yield Utterance(ENTITY.sub(r"\g<text>", line[2:]).strip(), intent, level, file)
