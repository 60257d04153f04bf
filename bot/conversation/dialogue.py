"""What the assistant understood, and what it proposes; the bot decides."""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation.levels import Level, Topic

FALLBACK = "nlu_fallback"
"""Rasa's name for "not sure enough"."""


@dataclass(frozen=True, slots=True)
class Likelihood:
    """An intent and how sure the assistant is of it, 0 to 1."""

    intent: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Understanding:
    """What the assistant made of one message; `ranking` has the likeliest first."""

    intent: str
    confidence: float
    ranking: tuple[Likelihood, ...] = ()

    @property
    def topic(self) -> Topic:
        """The topic that the intent belongs to."""
        return Topic.of_intent(self.intent)

    @property
    def best(self) -> Likelihood:
        """The likeliest intent of the scheme, also where the assistant was too unsure to act on it."""
        return next((row for row in self.ranking if row.intent != FALLBACK), Likelihood(self.intent, self.confidence))


@dataclass(frozen=True, slots=True)
class AnswerProposed:
    """Give the vetted article of this key."""

    key: str


@dataclass(frozen=True, slots=True)
class TextProposed:
    """Say these words of a flow."""

    text: str


@dataclass(frozen=True, slots=True)
class ChoicesProposed:
    """Ask which of these intents she means; she answers with a number."""

    intents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HandoffProposed:
    """Call a person; `reason` is a code such as asked_for_person."""

    level: Level
    reason: str


Proposal = AnswerProposed | TextProposed | ChoicesProposed | HandoffProposed


@dataclass(frozen=True, slots=True)
class Proposed:
    """The assistant's whole answer to one message; `proposals` is never empty."""

    understanding: Understanding
    proposals: tuple[Proposal, ...]
