"""What a person is told and whether another person is called: pure, from situation and thought to decision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.conversation.content import (
    Choices,
    Content,
    Followed,
    Image,
    Link,
    Location,
    MenuClicked,
    Scanned,
    Silent,
    Text,
    Transcript,
    Video,
    Voice,
)
from bot.conversation.conversations import Mode
from bot.conversation.dialogue import AnswerProposed, ChoicesProposed, Proposal, TextProposed
from bot.conversation.errors import NotFound
from bot.conversation.levels import Level, Topic
from bot.knowledge import KnowledgeBase
from bot.triage import CALLING_ITEMS, HUMAN, Danger
from bot.turns.situation import Situation
from bot.turns.think import Thought
from bot.turns.words import words_in

log = structlog.get_logger(__name__)

SAFETY_WORDS = {
    Danger.VIOLENCE: "domestic_violence/safety_now",
    Danger.HIDDEN: "domestic_violence/safety_hidden",
    Danger.ASSAULT: "domestic_violence/safety_assault",
    Danger.SELF_HARM: "other/safety_self_harm",
    Danger.CHILD: "parenting/safety_child",
    Danger.LOST_CONTROL: "domestic_violence/safety_lost_control",
}
SERIOUS = "other/safety_high"
UNAVAILABLE = "other/assistant_unavailable"
NOT_UNDERSTOOD = "other/not_understood"
WELCOME = "other/welcome"
STILL_WAITING = "other/still_waiting"
VOICE_RECEIVED = "other/voice_received"
VOICE_LISTENING = "other/voice_listening"
VOICE_UNHEARD = "other/voice_unheard"
PLACE_NOTED = "other/place_noted"
_NOTICES = {
    Followed.kind: WELCOME,
    Scanned.kind: WELCOME,
    Image.kind: "other/image_received",
    Video.kind: "other/video_received",
    Link.kind: "other/link_received",
    Location.kind: "other/location_received",
    Transcript.kind: VOICE_UNHEARD,
}
_UNSUPPORTED = "other/unsupported"
NOT_HANDLED = "other/not_handled"
_HANDOFF_OPENED = "other/handoff_opened"
_NOBODY_ON_DUTY = "other/handoff_duty"
_WRITE_A_WORD = "other/write_a_word"
_CHOICES = "other/choices"
_INTRODUCTIONS = frozenset({"other/greeting", "other/who_are_you"})

ACKNOWLEDGE_EVERY = timedelta(minutes=5)
"""A waiting person is told that she is heard, but not on every message."""

REPEAT_SAFETY_EVERY = timedelta(minutes=1)
"""New danger while she waits is answered with safety words again, but not in every line that she cries out."""

_REASON_WORDS = {
    "asked_for_person": "本人要求人工",
    "danger_understood": "助手判断：可能正有人身危险",
    "harm_understood": "助手判断：讲述了伤害、轻生念头或别的急事",
    "not_understood_twice": "助手连续两次没有听懂",
}
# Which safety words fit when only the assistant heard the danger.
_DANGERS = {
    "other_suicidal_thoughts": Danger.SELF_HARM,
    "parenting_self_harm": Danger.SELF_HARM,
    "domestic_violence_child_hurt": Danger.CHILD,
    "domestic_violence_i_hit": Danger.LOST_CONTROL,
    "other_sexual_harassment": Danger.ASSAULT,
}
ASKED_FOR_PERSON = _REASON_WORDS["asked_for_person"]

_TAPPED_WORDS = {
    HUMAN: ASKED_FOR_PERSON,
    "domestic_violence/in_danger_now": "点了菜单里的“现在有危险”",
    "domestic_violence/disclosed": "点了菜单里的“家里有人伤害我”",
    "other/suicidal_thoughts": "点了菜单里的“难受得想不开”",
}


@dataclass(frozen=True, slots=True)
class Bubble:
    """One thing said, and the article that it was made of (None for words of a flow)."""

    content: Text | Choices
    article: str | None

    @property
    def text(self) -> str:
        """As words."""
        return self.content.text


@dataclass(frozen=True, slots=True)
class Decision:
    """The whole outcome of a turn before it is written."""

    bubbles: tuple[Bubble, ...]
    level: Level
    topic: Topic | None
    reasons: tuple[str, ...] = ()
    """Why a person is called, for operators; empty when nobody is."""


def decide(
    situation: Situation, content: Content, thought: Thought, knowledge: KnowledgeBase, now: datetime
) -> Decision:
    """Say what she is told; raises NotFound if a fixed article is missing (checked by `check_fixed_articles`)."""
    tapped = content.key if isinstance(content, MenuClicked) and content.key in CALLING_ITEMS else None
    level = Level.highest(thought.level, CALLING_ITEMS[tapped]) if tapped else thought.level
    speaker = _Speaker(knowledge, situation)
    bubbles = tuple(speaker.bubbles(content, thought, level, tapped == HUMAN, now))
    reasons = tuple(_reasons(thought, tapped)) if level.needs_person else ()
    return Decision(bubbles, level, _topic(thought, tapped), reasons)


def check_fixed_articles(knowledge: KnowledgeBase) -> None:
    """Raise NotFound unless every article that turns name by themselves is there."""
    fixed = {
        SERIOUS,
        UNAVAILABLE,
        NOT_UNDERSTOOD,
        STILL_WAITING,
        _UNSUPPORTED,
        _HANDOFF_OPENED,
        _NOBODY_ON_DUTY,
        _WRITE_A_WORD,
    }
    notices = {VOICE_RECEIVED, VOICE_LISTENING, PLACE_NOTED, NOT_HANDLED, *_NOTICES.values()}
    for key in {*fixed, _CHOICES, *SAFETY_WORDS.values(), *notices, *CALLING_ITEMS.keys() - {HUMAN}}:
        knowledge.article(key)


def _topic(thought: Thought, tapped: str | None) -> Topic | None:
    if thought.judgement.topic is not None:
        return thought.judgement.topic
    if tapped is not None and tapped != HUMAN:
        return Topic(tapped.partition("/")[0])
    return thought.proposed.understanding.topic if thought.proposed else None


def _reasons(thought: Thought, tapped: str | None) -> Iterator[str]:
    if tapped is not None:
        yield _TAPPED_WORDS[tapped]
    if thought.judgement.level.needs_person:
        yield from (reason.words for reason in thought.judgement.reasons)
    yield from (_REASON_WORDS.get(handoff.reason, handoff.reason) for handoff in thought.handoffs)


def _introduces(thought: Thought) -> bool:
    """Whether the answer itself says who is speaking here."""
    proposals = thought.proposed.proposals if thought.proposed else ()
    return any(isinstance(proposal, AnswerProposed) and proposal.key in _INTRODUCTIONS for proposal in proposals)


def _answers(proposals: Iterable[Proposal]) -> bool:
    return any(isinstance(proposal, AnswerProposed) and proposal.key != NOT_UNDERSTOOD for proposal in proposals)


@dataclass(frozen=True, slots=True)
class _Speaker:
    """Finds the words for one situation."""

    knowledge: KnowledgeBase
    situation: Situation

    def bubbles(self, content: Content, thought: Thought, level: Level, asked: bool, now: datetime) -> Iterator[Bubble]:
        if isinstance(content, Silent) or self.situation.mode is Mode.HUMAN:
            return
        rose = level.rank > self.situation.level.rank
        if self.situation.mode is Mode.WAITING:
            yield from self._while_waiting(thought, rose, now)
        elif level is Level.CRITICAL:
            yield from self._in_danger(thought)
        else:
            yield from self._routine(content, thought, level, asked)

    def _while_waiting(self, thought: Thought, rose: bool, now: datetime) -> Iterator[Bubble]:
        last, danger = self.situation.acknowledged_at, thought.judgement.danger
        quiet = now - last if last is not None else ACKNOWLEDGE_EVERY
        if danger is not None and (rose or quiet >= REPEAT_SAFETY_EVERY):
            yield self._article(SAFETY_WORDS[danger])
        elif quiet >= ACKNOWLEDGE_EVERY:
            yield self._article(STILL_WAITING)

    def _in_danger(self, thought: Thought) -> Iterator[Bubble]:
        danger = thought.judgement.danger or _DANGERS.get(thought.intent or "", Danger.VIOLENCE)
        yield self._article(SAFETY_WORDS[danger])
        if danger is not Danger.HIDDEN:  # a stranger who reads along must not learn that help was called
            yield from self._handoff_notice()

    def _routine(self, content: Content, thought: Thought, level: Level, asked: bool) -> Iterator[Bubble]:
        if not asked and not self._only_asks_for_person(thought):
            yield from self._answer(content, thought, level)
        if level.needs_person:
            yield from self._handoff_notice()
        elif self.situation.first_contact and words_in(content) is not None and not _introduces(thought):
            yield self._article(WELCOME)

    def _answer(self, content: Content, thought: Thought, level: Level) -> Iterator[Bubble]:
        if words_in(content) is not None:
            yield from self._answer_words(thought, level)
            return
        match content:
            case MenuClicked(key=key):
                yield self._article_or(key, WELCOME)
            case Voice():
                yield from self._voice()
            case _:
                yield self._article(_NOTICES.get(content.kind, _UNSUPPORTED))
        if self.situation.place_noted:
            yield self._article(PLACE_NOTED)

    def _voice(self) -> Iterator[Bubble]:
        """Where she is listened to and may be written to afterwards, the turn of the transcript answers."""
        if not self.situation.listens:
            yield self._article(VOICE_RECEIVED)
        elif not self.situation.account.customer_service:
            yield self._article(VOICE_LISTENING)

    def _answer_words(self, thought: Thought, level: Level) -> Iterator[Bubble]:
        proposals = thought.proposed.proposals if thought.proposed else ()
        if level.needs_person and not _answers(proposals):
            yield self._article(SERIOUS)  # a question back to her would only cost time
            return
        if not proposals:
            yield self._article(UNAVAILABLE)
        for proposal in proposals:
            yield from self._proposal(proposal)

    def _proposal(self, proposal: Proposal) -> Iterator[Bubble]:
        match proposal:
            case AnswerProposed(key=key):
                yield self._article_or(key, NOT_UNDERSTOOD)
            case TextProposed(text=text):
                yield Bubble(Text(text), None)
            case ChoicesProposed(intents=intents):
                yield self._choices(intents)

    def _choices(self, intents: tuple[str, ...]) -> Bubble:
        titles = [title for intent in intents if (title := self.knowledge.title_of_intent(intent))]
        if not titles:
            return self._article(NOT_UNDERSTOOD)
        items = tuple((str(number), title) for number, title in enumerate(titles, start=1))
        return Bubble(Choices(self._article(_CHOICES).text, items), _CHOICES)

    def _handoff_notice(self) -> Iterator[Bubble]:
        yield self._article(_HANDOFF_OPENED if self.situation.on_duty else _NOBODY_ON_DUTY)
        if self.situation.only_a_minute and self.situation.account.customer_service:
            yield self._article(_WRITE_A_WORD)

    def _only_asks_for_person(self, thought: Thought) -> bool:
        asked = bool(thought.handoffs) and all(handoff.reason == "asked_for_person" for handoff in thought.handoffs)
        return asked and thought.judgement.danger is None

    def _article_or(self, key: str, other: str) -> Bubble:
        """A key from outside (the model, the menu) may be older or newer than the articles."""
        try:
            return self._article(key)
        except NotFound:
            log.warning("article missing", key=key)
            return self._article(other)

    def _article(self, key: str) -> Bubble:
        return Bubble(Text(self.knowledge.render(key, self.situation.account, self.situation.region)), key)
