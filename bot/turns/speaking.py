"""Finds the words for how things stand with her: safety words, answers, questions, notices; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.conversation.articles import reference
from bot.conversation.clock import HUNAN
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
from bot.conversation.dialogue import (
    AnswerProposed,
    ChoicesProposed,
    PaperProposed,
    Proposal,
    QuestionProposed,
    TextProposed,
)
from bot.conversation.errors import NotFound
from bot.conversation.flows import CALL_BACK
from bot.conversation.levels import Level
from bot.knowledge import FLOW, KnowledgeBase, flow_of
from bot.triage import CALLING_ITEMS, HUMAN, Danger
from bot.turns.meaning import ARTICLE, MORE, SAY
from bot.turns.situation import Situation
from bot.turns.think import Thought
from bot.turns.wishes import Wish, Wished
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
OPERATOR_LOST = "other/operator_lost"
_CALL_BACK_OFFER = "other/call_back_offer"
_WRITE_A_WORD = "other/write_a_word"
_CHOICES = "other/choices"
_WHAT_NEXT = "other/what_next"
_PAPERS_READY = "other/papers_ready"
_SECOND_PART = "接着看下半部分"
_INTRODUCTIONS = frozenset({"other/greeting", "other/who_are_you"})

ACKNOWLEDGE_EVERY = timedelta(minutes=5)
"""A waiting person is told that she is heard, but not on every message."""

REPEAT_SAFETY_EVERY = timedelta(minutes=1)
"""New danger while she waits is answered with safety words again, but not in every line that she cries out."""

_PARTS_OF_DAY = ((18, "晚上"), (13, "下午"), (12, "中午"), (9, "上午"), (5, "早上"), (0, "凌晨"))

# Which safety words fit when only the assistant heard the danger.
_DANGERS = {
    "other_suicidal_thoughts": Danger.SELF_HARM,
    "parenting_self_harm": Danger.SELF_HARM,
    "domestic_violence_child_hurt": Danger.CHILD,
    "domestic_violence_i_hit": Danger.LOST_CONTROL,
    "other_sexual_harassment": Danger.ASSAULT,
}


@dataclass(frozen=True, slots=True)
class Bubble:
    """One thing said, and the article that it was made of (None for words of a flow)."""

    content: Text | Choices
    article: str | None
    version: str | None = None
    """Of the article."""

    @property
    def text(self) -> str:
        """As words."""
        return self.content.text

    @property
    def source(self) -> str | None:
        """What a message keeps of what it was made of."""
        return reference(self.article, self.version) if self.article and self.version else None


def check_fixed_articles(knowledge: KnowledgeBase) -> None:
    """Raise NotFound unless every article that turns name by themselves is there."""
    fixed = {
        SERIOUS,
        UNAVAILABLE,
        NOT_UNDERSTOOD,
        STILL_WAITING,
        _UNSUPPORTED,
        _HANDOFF_OPENED,
        OPERATOR_LOST,
        _NOBODY_ON_DUTY,
        _CALL_BACK_OFFER,
        _WRITE_A_WORD,
        _WHAT_NEXT,
        _PAPERS_READY,
        *(wish.value for wish in Wish),
    }
    notices = {VOICE_RECEIVED, VOICE_LISTENING, PLACE_NOTED, NOT_HANDLED, *_NOTICES.values()}
    for key in {*fixed, _CHOICES, *SAFETY_WORDS.values(), *notices, *CALLING_ITEMS.keys() - {HUMAN}}:
        knowledge.article(key)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Finds the words for one situation."""

    knowledge: KnowledgeBase
    situation: Situation
    page: str | None

    def granted(self, wished: Wished) -> Iterator[Bubble]:
        """The answer to a wish; with the link or the code where there is one."""
        if wished.silent:
            return
        answer = self._article(wished.article)
        if wished.wish is Wish.SHARE_ASK:
            items = tuple((f"{SAY}{words}", words) for words in ("同意", "不同意"))
            answer = replace(answer, content=Choices(f"您在{wished.word}留过事。\n\n{answer.text}", items))
        yield answer
        if wished.wish is Wish.SHARE_CODE and wished.word:
            yield Bubble(Text(wished.word), None)
        yield from self._page()

    def bubbles(self, content: Content, thought: Thought, level: Level, asked: bool, now: datetime) -> Iterator[Bubble]:
        if isinstance(content, Silent) or self.situation.mode is Mode.HUMAN:
            return
        if self.situation.hidden:  # whoever reads along sees nothing; a person is called all the same
            yield self._article(SAFETY_WORDS[Danger.HIDDEN] if level is Level.CRITICAL else Wish.HIDE.value)
            return
        rose = level.rank > self.situation.level.rank
        if self.situation.mode is Mode.WAITING:
            yield from self._while_waiting(thought, rose, now)
        elif level is Level.CRITICAL:
            yield from self._in_danger(thought, now)
        else:
            yield from self._routine(content, thought, level, asked, now)

    def _while_waiting(self, thought: Thought, rose: bool, now: datetime) -> Iterator[Bubble]:
        last, danger = self.situation.acknowledged_at, thought.judgement.danger
        quiet = now - last if last is not None else ACKNOWLEDGE_EVERY
        if thought.proposed is not None:  # she goes on with her flow while she waits
            yield from self._proposals(thought.proposed.proposals)
            return
        if danger is not None and (rose or quiet >= REPEAT_SAFETY_EVERY):
            yield self._article(SAFETY_WORDS[danger])
        elif quiet >= ACKNOWLEDGE_EVERY:
            yield self._article(STILL_WAITING)
            yield from self._call_back_offer()
        elif thought.failed:
            yield self._article(UNAVAILABLE)

    def _in_danger(self, thought: Thought, now: datetime) -> Iterator[Bubble]:
        danger = thought.judgement.danger or _DANGERS.get(thought.intent or "", Danger.VIOLENCE)
        yield self._article(SAFETY_WORDS[danger])
        if danger is not Danger.HIDDEN:  # a stranger who reads along must not learn that help was called
            yield from self._handoff_notice(now)

    def _routine(
        self, content: Content, thought: Thought, level: Level, asked: bool, now: datetime
    ) -> Iterator[Bubble]:
        if level.needs_person and thought.in_flow and thought.proposed:
            yield from self._handoff_notice(now)
            yield from self._proposals(thought.proposed.proposals)  # she may go on while she waits
            return
        answer: list[Bubble] = []
        if not asked and not self._only_asks_for_person(thought):
            answer += self._answer(content, thought, level)
            yield from answer
        if level.needs_person:
            yield from self._handoff_notice(now)
            if not self.situation.on_duty:
                yield from self._call_back_offer()
            return
        if self.situation.first_contact and words_in(content) is not None and not _introduces(thought):
            yield self._article(WELCOME)
        yield from self._what_next(answer, content)

    def _answer(self, content: Content, thought: Thought, level: Level) -> Iterator[Bubble]:
        if words_in(content) is not None:
            yield from self._answer_words(thought, level)
            return
        match content:
            case MenuClicked(key=key) if key.startswith(MORE):
                yield self._second_part(key.removeprefix(MORE))
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
        yield from self._proposals(proposals)

    def _proposals(self, proposals: Iterable[Proposal]) -> Iterator[Bubble]:
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
            case QuestionProposed(text=text, options=options):
                items = tuple((f"{SAY}{words}", words) for words in options)
                yield Bubble(Choices(text, items) if items else Text(text), None)
            case PaperProposed():
                yield self._article(_PAPERS_READY)
                yield from self._page()

    def _page(self) -> Iterator[Bubble]:
        if self.page is not None:
            yield Bubble(Text(self.page), None)

    def _what_next(self, answer: Iterable[Bubble], content: Content) -> Iterator[Bubble]:
        """Under an answer: its second part, and where one goes from there."""
        key = next((bubble.article for bubble in answer if bubble.article), None)
        if key is None:
            return
        article = self.knowledge.article(key)
        second = [(f"{MORE}{key}", _SECOND_PART)] if len(article.parts) > 1 and not _is_second_part(content) else []
        items = [*second, *(self._item(button) for button in article.buttons)]
        if items:
            yield Bubble(Choices(self._article(_WHAT_NEXT).text, tuple(items)), _WHAT_NEXT)

    def _item(self, button: str) -> tuple[str, str]:
        words = self.knowledge.words_of_button(button)
        return (f"{SAY}{words}" if flow_of(button) else f"{ARTICLE}{button}", words)

    def _second_part(self, key: str) -> Bubble:
        try:
            return self._article(key, part=2)
        except NotFound:
            return self._article(NOT_UNDERSTOOD)

    def _choices(self, intents: tuple[str, ...]) -> Bubble:
        titles = [title for intent in intents if (title := self.knowledge.title_of_intent(intent))]
        if not titles:
            return self._article(NOT_UNDERSTOOD)
        items = tuple((str(number), title) for number, title in enumerate(titles, start=1))
        return Bubble(Choices(self._article(_CHOICES).text, items), _CHOICES)

    def _handoff_notice(self, now: datetime) -> Iterator[Bubble]:
        yield self._article(_HANDOFF_OPENED if self.situation.on_duty else _NOBODY_ON_DUTY)
        if not self.situation.on_duty:
            yield from self._opens(now)
        if self.situation.only_a_minute and self.situation.account.customer_service:
            yield self._article(_WRITE_A_WORD)

    def _call_back_offer(self) -> Iterator[Bubble]:
        """She need not wait by the phone; never asked of who is in the middle of questions, or is awaiting a call."""
        if not self.situation.call_awaited and self.situation.flow is None:
            offer = self._article(_CALL_BACK_OFFER)
            yield replace(offer, content=Choices(offer.text, (self._item(f"{FLOW}{CALL_BACK}"),)))

    def _opens(self, now: datetime) -> Iterator[Bubble]:
        """When somebody is next there: by the plan of duty, or else where the office has told its hours."""
        opening = self.knowledge.directory.open_at(self.situation.region or self.situation.account.region, now)
        begins = self.situation.next_shift or (opening.opens_at if opening else None)
        if begins is not None:
            yield Bubble(Text(f"工作人员{_moment(begins, now)}上班，一上班就看您的话。"), None)

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

    def _article(self, key: str, part: int = 1) -> Bubble:
        account, region = self.situation.account, self.situation.region
        version = self.knowledge.article(key, region or account.region).version
        return Bubble(Text(self.knowledge.render(key, account, region, part)), key, version)


def _moment(at: datetime, now: datetime) -> str:
    """今天下午2点, 明天早上8点半, 11月25日上午9点; in Hunan's time, as people say it."""
    here, today = at.astimezone(HUNAN), now.astimezone(HUNAN).date()
    away = (here.date() - today).days
    day = {0: "今天", 1: "明天", 2: "后天"}.get(away, f"{here.month}月{here.day}日")
    part = next(words for hour, words in _PARTS_OF_DAY if here.hour >= hour)
    minutes = {0: "", 30: "半"}.get(here.minute, f"{here.minute}分")
    return f"{day}{part}{here.hour if here.hour <= 12 else here.hour - 12}点{minutes}"


def _introduces(thought: Thought) -> bool:
    """Whether the answer itself says who is speaking here."""
    proposals = thought.proposed.proposals if thought.proposed else ()
    return any(isinstance(proposal, AnswerProposed) and proposal.key in _INTRODUCTIONS for proposal in proposals)


def _is_second_part(content: Content) -> bool:
    return isinstance(content, MenuClicked) and content.key.startswith(MORE)


def _answers(proposals: Iterable[Proposal]) -> bool:
    return any(isinstance(proposal, AnswerProposed) and proposal.key != NOT_UNDERSTOOD for proposal in proposals)
