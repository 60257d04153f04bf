"""The labelled examples of the corpus, as Rasa's training files hold them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from bot.conversation.errors import InvalidData
from bot.conversation.levels import Level

_ENTITY = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")
"""How Rasa marks an entity in an example: [九岁](age) or [九岁]{"entity": "age"}."""

_ITEM = "- "


@dataclass(frozen=True, slots=True)
class Example:
    """One utterance with its intent and how urgently it needs a person."""

    text: str
    intent: str
    level: Level


def read_examples(folder: Path) -> list[Example]:
    """All examples below a folder of training files whose block names a level, in the order of files and lines.

    Raises InvalidData, with the file's name, for what is not a training file or names a level that does not exist.
    """
    found: list[Example] = []
    for path in sorted(folder.rglob("*.yml")):
        try:
            for block in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)["nlu"]:
                found.extend(_labelled(block))
        except (yaml.YAMLError, UnicodeError, KeyError, TypeError, AttributeError, ValueError) as error:
            raise InvalidData(f"{path.name}: not a training file: {type(error).__name__}") from error
    return found


def fingerprint(examples: Iterable[Example]) -> str:
    """Tells whether a model was learnt from just these examples."""
    digest = sha256()
    for example in examples:
        digest.update(f"{example.level}\t{example.intent}\t{example.text}\n".encode())
    return digest.hexdigest()


def _labelled(block: Mapping[str, Any]) -> Iterator[Example]:
    level = (block.get("metadata") or {}).get("level")
    if level is None or "intent" not in block:
        return
    for line in block["examples"].splitlines():
        if line.startswith(_ITEM):
            yield Example(_ENTITY.sub(r"\1", line.removeprefix(_ITEM)).strip(), block["intent"], Level(level))
