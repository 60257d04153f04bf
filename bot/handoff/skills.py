"""Which skill a question asks for: pure, from its topic and what the assistant understood last."""

from __future__ import annotations

from collections.abc import Mapping

from bot.conversation.handoffs import Skill
from bot.conversation.levels import Topic

_BY_INTENT: Mapping[str, Skill] = {
    "divorce_stay_or_leave": Skill.COUNSELLING,
    "child_game_refund_lawsuit": Skill.LAW,
    "parenting_low_mood": Skill.COUNSELLING,
    "parenting_self_harm": Skill.COUNSELLING,
    "other_counselling": Skill.COUNSELLING,
    "other_emotional_support": Skill.COUNSELLING,
    "other_suicidal_thoughts": Skill.COUNSELLING,
    "other_legal_aid": Skill.LAW,
    "other_land_rights": Skill.LAW,
    "other_work_rights": Skill.LAW,
}
"""Where the intent says more than its topic."""

_BY_TOPIC: Mapping[Topic, Skill | None] = {
    # Everybody is trained for it, and nobody in danger waits for a lawyer.
    Topic.DOMESTIC_VIOLENCE: None,
    Topic.DIVORCE: Skill.LAW,
    Topic.CHILD_GAME_REFUND: None,
    Topic.PARENTING: Skill.PARENTING,
    Topic.OTHER: None,
}


def skill_for(topic: Topic, intent: str | None) -> Skill | None:
    """The skill that this question asks for; None for anybody."""
    if topic is Topic.DOMESTIC_VIOLENCE or intent is None:
        return _BY_TOPIC[topic]
    return _BY_INTENT.get(intent, _BY_TOPIC[topic])
