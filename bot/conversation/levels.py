"""How urgently a person is needed, and what a message is about."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """How urgently a human is needed; compare with `highest`, never by text."""

    NORMAL = "normal"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for normal, 2 for critical: a larger rank is served first."""
        return _RANKS[self]

    @property
    def needs_person(self) -> bool:
        """Whether this level opens a handoff."""
        return self is not Level.NORMAL

    @staticmethod
    def highest(*levels: Level) -> Level:
        """The most urgent of the levels given; normal if there are none."""
        return max(levels, key=lambda level: level.rank, default=Level.NORMAL)


_RANKS = {Level.NORMAL: 0, Level.HIGH: 1, Level.CRITICAL: 2}


class Topic(StrEnum):
    """The four topics of the hotline, and everything else; intent names start with their topic."""

    DOMESTIC_VIOLENCE = "domestic_violence"
    DIVORCE = "divorce"
    CHILD_GAME_REFUND = "child_game_refund"
    PARENTING = "parenting"
    OTHER = "other"

    @classmethod
    def of_intent(cls, intent: str) -> Topic:
        """The topic whose name starts the intent's name; other if none does."""
        return next((topic for topic in cls if intent.startswith(f"{topic}_")), cls.OTHER)
