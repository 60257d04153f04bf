"""What triage and the assistant make of one message."""

from __future__ import annotations

from dataclasses import dataclass, replace

import structlog

from bot.conversation.content import Content
from bot.conversation.conversations import Mode
from bot.conversation.dialogue import FlowProposed, HandoffProposed, Proposed, QuestionProposed
from bot.conversation.errors import DialogueUnavailable
from bot.conversation.flows import CALL_BACK
from bot.conversation.levels import Level
from bot.conversation.ports import Dialogue
from bot.knowledge import WORDS_OF_FLOW
from bot.triage import (
    SOUNDS_SERIOUS,
    Judgement,
    Rules,
    judge,
    only_wishes_for_a_person,
    tells_no_more_than_a_number,
)
from bot.turns.situation import Situation
from bot.turns.words import words_in

log = structlog.get_logger(__name__)

_BEGUN_WHILE_WAITING = WORDS_OF_FLOW[CALL_BACK]
"""Who waits may ask to be called instead, by the words of the button."""

_ASKED, _HARM, _DANGER = "asked_for_person", "harm_understood", "danger_understood"
"""Reasons of the assistant: by what she asks, and by how the whole sounds to it."""


@dataclass(frozen=True, slots=True)
class Thought:
    """Triage's judgement, and what the assistant proposes: None if it was not asked, or `failed`."""

    judgement: Judgement
    proposed: Proposed | None = None
    failed: bool = False

    @property
    def level(self) -> Level:
        """The higher of triage's and the assistant's."""
        return Level.highest(self.judgement.level, *(handoff.level for handoff in self.handoffs))

    @property
    def alarm(self) -> float:
        """How likely a person is needed, 0 to 1: triage's estimate or the assistant's, whichever worries more."""
        understood = self.proposed.understanding.alarm if self.proposed else 0.0
        return max(self.judgement.alarm, understood)

    @property
    def intent(self) -> str | None:
        """The likeliest question, None if the assistant was not asked."""
        return self.proposed.understanding.best.intent if self.proposed else None

    @property
    def in_flow(self) -> bool:
        """Whether a flow has the word: it keeps an answer, or asks."""
        proposals = self.proposed.proposals if self.proposed else ()
        return any(isinstance(proposal, FlowProposed | QuestionProposed) for proposal in proposals)

    @property
    def handoffs(self) -> tuple[HandoffProposed, ...]:
        """The assistant's proposals to call a person."""
        proposals = self.proposed.proposals if self.proposed else ()
        return tuple(proposal for proposal in proposals if isinstance(proposal, HandoffProposed))


def understood(words: str, judgement: Judgement, proposed: Proposed) -> Thought:
    """Triage's judgement and what the assistant proposes.

    Without its guess at harm where there is nothing to guess from: a bare number or time (it hears 110 in 410), or no
    more than the wish for a person, which calls one by itself. What a flow makes of all that she answered stays.
    """
    thought, idle = Thought(judgement, proposed), set[str]()
    if tells_no_more_than_a_number(words):
        idle = {_HARM, _DANGER}
    elif judgement.level.needs_person or any(handoff.reason == _ASKED for handoff in thought.handoffs):
        idle = {_HARM} if only_wishes_for_a_person(words) else idle
    if thought.in_flow or not idle:
        return thought
    kept = tuple(one for one in proposed.proposals if not (isinstance(one, HandoffProposed) and one.reason in idle))
    return Thought(judgement, replace(proposed, proposals=kept))


GRANTED = Thought(Judgement(Level.NORMAL, None, None, ()))
"""Of a message that asks something of the chat itself: there is nothing to understand."""


def _judged(words: str, situation: Situation, rules: Rules) -> Judgement:
    """Triage's judgement.

    Who asks to be called is asked for her number, and when it is safe: that it sounds as if she needed a person (she
    asks for one) does not count. What a rule names counts as ever.
    """
    judgement = judge(rules, words, situation.earlier, situation.level)
    if situation.flow != CALL_BACK:
        return judgement
    guessed = judgement.level is Level.HIGH and all(reason.code == SOUNDS_SERIOUS for reason in judgement.reasons)
    return GRANTED.judgement if guessed else judgement


async def think(content: Content, message_id: str, situation: Situation, rules: Rules, dialogue: Dialogue) -> Thought:
    """Judge the words by triage, and ask the assistant where it has the word.

    A critical message is not put to the assistant: the safety words must not wait for it.
    """
    words = words_in(content)
    judgement = _judged(words or "", situation, rules)
    goes_on = situation.flow is not None or (words or "").strip(" 。.!！") == _BEGUN_WHILE_WAITING
    awake = situation.mode is Mode.BOT or (situation.mode is Mode.WAITING and goes_on)
    if words is None or not awake or situation.hidden or judgement.level is Level.CRITICAL:
        return Thought(judgement)
    try:
        proposed = await dialogue.ask(situation.conversation_id, message_id, words)
    except DialogueUnavailable as error:
        log.warning("assistant failed", message_id=message_id, error=str(error))
        return Thought(judgement, failed=True)
    return understood(words, judgement, proposed)
