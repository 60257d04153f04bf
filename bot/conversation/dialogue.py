"""What the assistant understood, and what it proposes; the bot decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.conversation.flows import Answers, FlowState, ReferralKind
from bot.conversation.levels import Level, Topic

FALLBACK = "nlu_fallback"
"""Rasa's name for "not sure enough"."""


@dataclass(frozen=True, slots=True)
class Likelihood:
    """An intent and how sure the assistant is of it, 0 to 1."""

    intent: str
    confidence: float


EntityValue = str | float | Mapping[str, str | float | bool]


@dataclass(frozen=True, slots=True)
class Entity:
    """Something that a message names, in its characters from `start` up to `end`.

    Kinds and their values stand in docs/adr/0012-entities.md, such as `age` 9, or `money`
    {"low": 12000, "high": 13000, "about": True}.
    """

    kind: str
    value: EntityValue
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Understanding:
    """What the assistant made of one message; `ranking` has the likeliest first, `entities` the order of the text."""

    intent: str
    confidence: float
    ranking: tuple[Likelihood, ...] = ()
    alarm: float = 0.0
    """How likely a person is needed, 0 to 1; 0 where the assistant has not learnt levels."""
    entities: tuple[Entity, ...] = ()

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


@dataclass(frozen=True, slots=True)
class QuestionProposed:
    """Ask this question of a flow; she answers with one of the options, or in her own words."""

    text: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FlowProposed:
    """Keep what she has answered so far in this flow."""

    name: str
    state: FlowState
    answers: Answers


@dataclass(frozen=True, slots=True)
class PaperProposed:
    """Give her the link to the page on which this flow's papers are made."""

    flow: str


@dataclass(frozen=True, slots=True)
class ReferralProposed:
    """Open a file for what the office is asked to arrange."""

    kind: ReferralKind


Proposal = (
    AnswerProposed
    | TextProposed
    | ChoicesProposed
    | HandoffProposed
    | QuestionProposed
    | FlowProposed
    | PaperProposed
    | ReferralProposed
)


@dataclass(frozen=True, slots=True)
class Proposed:
    """The assistant's whole answer to one message; `proposals` is never empty."""

    understanding: Understanding
    proposals: tuple[Proposal, ...]
