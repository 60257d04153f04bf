"""Builders shared by the tests of components and actions."""

from __future__ import annotations

from rasa.shared.nlu.training_data.message import Message


def marked(text: str, phrase: str, value: str) -> Message:
    """An example of other_choose in which `phrase` stands for the choice `value`."""
    start = text.index(phrase)
    entity = {"entity": "choice", "value": value, "start": start, "end": start + len(phrase)}
    return Message.build(text, intent="other_choose", entities=[entity])
