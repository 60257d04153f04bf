"""The check of an archived case by a supervisor who had no hand in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.conversation.case_work import EntryKind, check_words
from bot.conversation.errors import InvalidData


class Question(StrEnum):
    """What is looked at."""

    SAFETY = "safety"
    """Her safety came first."""
    LAW = "law"
    """What was said of the law is right."""
    PROMISES = "promises"
    """What was promised was kept, and nothing promised that cannot be."""
    DEADLINES = "deadlines"
    TONE = "tone"


class Verdict(StrEnum):
    """How it was done."""

    GOOD = "good"
    BETTER = "better"
    """It could be done better."""
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Check:
    """A supervisor's judgement: a verdict for each question."""

    verdicts: Mapping[Question, Verdict]
    passed: bool
    words: str = field(default="", repr=False)

    def check(self) -> None:
        """Raise InvalidData if a question is open, something wrong is to pass, or a fault has no words."""
        if set(self.verdicts) != set(Question):
            raise InvalidData("every question needs a verdict")
        found = set(self.verdicts.values())
        if self.passed and Verdict.WRONG in found:
            raise InvalidData("what is wrong does not pass")
        check_words(self.words, needed=not self.passed or found != {Verdict.GOOD})

    @property
    def marks(self) -> tuple[str, ...]:
        """The verdicts as a line of the history keeps them: `safety:good`."""
        return tuple(f"{question}:{self.verdicts[question]}" for question in Question)


def verdicts_of(marks: tuple[str, ...]) -> dict[Question, Verdict]:
    """The verdicts of a line of the history."""
    pairs = (mark.partition(":") for mark in marks)
    return {Question(question): Verdict(verdict) for question, _, verdict in pairs}


OVERSIGHT_ENTRIES = frozenset(
    {EntryKind.EXTENDED, EntryKind.REPORT_LIFTED, EntryKind.NOTE, EntryKind.CHECKED, EntryKind.HANDLER}
)
"""What a supervisor does in other people's cases; who did anything else had a hand in it."""
