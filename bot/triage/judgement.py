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
    alarm: float = 0.0
    """How likely a person is needed, 0 to 1, as the model weighs it; 0 where none was learnt."""

    def raised(self, other: Judgement) -> Judgement:
        """This verdict at the other's higher level, the other's reasons first; what both know stays as it is here."""
        return Judgement(
            level=Level.highest(self.level, other.level),
            topic=self.topic or other.topic,
            danger=self.danger or other.danger,
            reasons=other.reasons + self.reasons,
            alarm=max(self.alarm, other.alarm),
        )
