"""How urgently a person is needed, and what a message is about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
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
    def head_start(self) -> timedelta:
        """By how much one of this level goes before one of level normal that waits since the same moment."""
        return _HEAD_STARTS[self]

    @property
    def needs_person(self) -> bool:
        """Whether this level opens a handoff."""
        return self is not Level.NORMAL

    @staticmethod
    def highest(*levels: Level) -> Level:
        """The most urgent of the levels given; normal if there are none."""
        return max(levels, key=lambda level: level.rank, default=Level.NORMAL)


_RANKS = {Level.NORMAL: 0, Level.HIGH: 1, Level.CRITICAL: 2}

_HEAD_STARTS: Mapping[Level, timedelta] = {
    # What was left over a night, a weekend or the Spring Festival never goes before somebody in danger. Those are few,
    # and all of them are answered first: nobody starves behind them.
    Level.CRITICAL: timedelta(days=14),
    # Serious, not this minute: it passes the questions of the last half hour, and one that waits longer is not put off.
    Level.HIGH: timedelta(minutes=30),
    Level.NORMAL: timedelta(0),
}
"""The order of the queue is the moment of asking less the head start: it never changes, and is ageing all the same."""


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
