"""What of a person's words is told without asking, and what only by an operation that the audit trail knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.conversation.content import Said, content_to_json

_WORDS = frozenset({"text", "recognition", "label", "title", "description", "head", "tail"})
"""The fields that hold words, of whatever kind of content."""


def json_of(content: Said, show: Callable[[str], str]) -> tuple[dict[str, Any], bool]:
    """The content as JSON, `show` saying what of its words is told; and whether something is kept back."""
    whole = content_to_json(content)
    told = {name: show(value) if name in _WORDS and value else value for name, value in whole.items()}
    return told, told != whole
