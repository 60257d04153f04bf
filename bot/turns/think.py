"""What triage and the assistant make of one message."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from bot.conversation.content import Content
from bot.conversation.conversations import Mode
from bot.conversation.dialogue import FlowProposed, HandoffProposed, Proposed, QuestionProposed
from bot.conversation.errors import DialogueUnavailable
from bot.conversation.levels import Level
from bot.conversation.ports import Dialogue
from bot.triage import Judgement, Rules, judge
from bot.turns.situation import Situation
from bot.turns.words import words_in

log = structlog.get_logger(__name__)


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


GRANTED = Thought(Judgement(Level.NORMAL, None, None, ()))
"""Of a message that asks something of the chat itself: there is nothing to understand."""


async def think(content: Content, message_id: str, situation: Situation, rules: Rules, dialogue: Dialogue) -> Thought:
    """Judge the words by triage, and ask the assistant where it has the word.

    A critical message is not put to the assistant: the safety words must not wait for it.
    """
    words = words_in(content)
    judgement = judge(rules, words or "", situation.earlier, situation.level)
    awake = situation.mode is Mode.BOT or (situation.mode is Mode.WAITING and situation.in_flow)
    if words is None or not awake or situation.hidden or judgement.level is Level.CRITICAL:
        return Thought(judgement)
    try:
        return Thought(judgement, await dialogue.ask(situation.conversation_id, message_id, words))
    except DialogueUnavailable as error:
        log.warning("assistant failed", message_id=message_id, error=str(error))
        return Thought(judgement, failed=True)
