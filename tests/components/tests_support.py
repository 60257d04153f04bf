"""Builders shared by the tests of components and actions."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.normaliser import Normaliser

TABLES = Path(__file__).parents[2] / "data" / "spelling.toml"


def marked(text: str, phrase: str, value: str) -> Message:
    """An example of other_choose in which `phrase` stands for the choice `value`."""
    start = text.index(phrase)
    entity = {"entity": "choice", "value": value, "start": start, "end": start + len(phrase)}
    return Message.build(text, intent="other_choose", entities=[entity])


def spelt(*messages: Message) -> list[Message]:
    """The messages, or examples, as they leave the first component of the pipeline."""
    data = TrainingData()
    data.training_examples = list(messages)
    return list(_normaliser().process_training_data(data).training_examples)


@cache
def _normaliser() -> Normaliser:
    storage: Any = None  # it neither trains nor loads
    return Normaliser({"tables": str(TABLES)}, storage, Resource("normaliser"), TABLES.read_text(encoding="utf-8"))
