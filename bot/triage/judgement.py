"""What triage says about a message: its level, its topic, the kind of danger and the reasons."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.conversation.levels import Level, Topic


class Danger(StrEnum):
    """Which safety words fit the message."""

    VIOLENCE = "violence"
    HIDDEN = "hidden"
    ASSAULT = "assault"
    SELF_HARM = "self_harm"
    CHILD = "child"
    LOST_CONTROL = "lost_control"


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that held: its code, and a short Chinese phrase for the operator that never quotes the message."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on a message; `danger` and `topic` are None when nothing was found."""

    level: Level
    topic: Topic | None
    danger: Danger | None
    reasons: tuple[Reason, ...]
