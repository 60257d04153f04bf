"""What triage and the assistant make of one message."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from bot.conversation.content import Content, Text
from bot.conversation.conversations import Mode
from bot.conversation.dialogue import HandoffProposed, Proposed
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
    def handoffs(self) -> tuple[HandoffProposed, ...]:
        """The assistant's proposals to call a person."""
        proposals = self.proposed.proposals if self.proposed else ()
        return tuple(proposal for proposal in proposals if isinstance(proposal, HandoffProposed))


async def think(content: Content, message_id: str, situation: Situation, rules: Rules, dialogue: Dialogue) -> Thought:
    """Judge the words by triage, and ask the assistant where it has the word.

    A critical message is not put to the assistant: the safety words must not wait for it.
    """
    words = words_in(content)
    judgement = judge(rules, words or "", situation.earlier, situation.level)
    if words is None or situation.mode is not Mode.BOT or judgement.level is Level.CRITICAL:
        return Thought(judgement)
    try:
        asked = _number_tapped(content, situation.offered) or words
        return Thought(judgement, await dialogue.ask(situation.conversation_id, message_id, asked))
    except DialogueUnavailable as error:
        log.warning("assistant failed", message_id=message_id, error=str(error))
        return Thought(judgement, failed=True)


def _number_tapped(content: Content, offered: tuple[tuple[str, str], ...]) -> str | None:
    """The number of the answer that she tapped, if that question still stands: so one answers who types.

    From an older question the words of the item serve, as anyone's words do.
    """
    tapped = (content.menu_id, content.text) if isinstance(content, Text) else None
    return next((number for number, words in offered if (number, words) == tapped), None)
