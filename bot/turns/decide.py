"""What a person is told and whether another person is called: pure, from situation and thought to decision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.conversation.content import Content, MenuClicked
from bot.conversation.dialogue import FlowProposed
from bot.conversation.flows import TOPIC_OF_FLOW
from bot.conversation.levels import Level, Topic
from bot.knowledge import KnowledgeBase
from bot.triage import CALLING_ITEMS, HUMAN
from bot.turns.situation import Situation
from bot.turns.speaking import Bubble, Speaker
from bot.turns.think import Thought
from bot.turns.wishes import Wished

_REASON_WORDS = {
    "asked_for_person": "本人要求人工",
    "danger_understood": "助手估计：可能正有人身危险",
    "harm_understood": "助手估计：可能讲到伤害、轻生或别的急事",
    "not_understood_twice": "助手连续两次没有听懂",
    "safety_check": "安全评估里的回答：随时可能有生命危险",
}
ASKED_FOR_PERSON = _REASON_WORDS["asked_for_person"]

_TAPPED_WORDS = {
    HUMAN: ASKED_FOR_PERSON,
    "domestic_violence/in_danger_now": "点了菜单里的“现在有危险”",
    "domestic_violence/disclosed": "点了菜单里的“家里有人伤害我”",
    "other/suicidal_thoughts": "点了菜单里的“难受得想不开”",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """The whole outcome of a turn before it is written."""

    bubbles: tuple[Bubble, ...]
    level: Level
    topic: Topic | None
    reasons: tuple[str, ...] = ()
    """Why a person is called, for operators; empty when nobody is."""


def decide(
    situation: Situation,
    content: Content,
    thought: Thought,
    knowledge: KnowledgeBase,
    now: datetime,
    page: str | None = None,
) -> Decision:
    """Say what she is told; `page` is the address of the page that the assistant proposes to give her.

    Raises NotFound if a fixed article is missing (checked by `check_fixed_articles`).
    """
    tapped, level = _tapped(content), level_of(content, thought)
    speaker = Speaker(knowledge, situation, page)
    bubbles = tuple(speaker.bubbles(content, thought, level, tapped == HUMAN, now))
    reasons = tuple(dict.fromkeys(_reasons(thought, tapped))) if level.needs_person else ()
    return Decision(bubbles, level, _topic(thought, tapped), reasons)


def level_of(content: Content, thought: Thought) -> Level:
    """How urgently a person is needed: by her words, by the assistant, or by what she tapped."""
    tapped = _tapped(content)
    return Level.highest(thought.level, CALLING_ITEMS[tapped]) if tapped else thought.level


def _tapped(content: Content) -> str | None:
    return content.key if isinstance(content, MenuClicked) and content.key in CALLING_ITEMS else None


def granted(situation: Situation, wished: Wished, knowledge: KnowledgeBase, page: str | None) -> Decision:
    """What she is told where she asked something of the chat itself, whoever has the word in it."""
    speaker = Speaker(knowledge, situation, page)
    return Decision(tuple(speaker.granted(wished)), Level.NORMAL, None)


def _topic(thought: Thought, tapped: str | None) -> Topic | None:
    """What it is about: what she tapped or answers a question of, else the assistant's understanding, else triage's."""
    if tapped is not None and tapped != HUMAN:
        return Topic(tapped.partition("/")[0])
    proposals = thought.proposed.proposals if thought.proposed else ()
    flow = next((proposal.name for proposal in proposals if isinstance(proposal, FlowProposed)), None)
    if flow is not None:
        return TOPIC_OF_FLOW.get(flow)
    understood = thought.proposed.understanding.topic if thought.proposed else Topic.OTHER
    return thought.judgement.topic if understood is Topic.OTHER else understood


def _reasons(thought: Thought, tapped: str | None) -> Iterator[str]:
    if tapped is not None:
        yield _TAPPED_WORDS[tapped]
    if thought.judgement.level.needs_person:
        yield from (reason.words for reason in thought.judgement.reasons)
    yield from (_REASON_WORDS.get(handoff.reason, handoff.reason) for handoff in thought.handoffs)
