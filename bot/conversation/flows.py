"""Guided help (docs/adr/0013-guided-help.md): what she answered in a flow, and the links to its papers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.conversation.levels import Topic
from bot.conversation.payments import Payment

CALL_BACK = "call_back"
"""The flow in which she asks to be called back (bot.conversation.call_backs)."""

FLOWS = (
    "safety_check",
    "protection_order",
    "child_game_refund",
    "divorce_path",
    "parenting_help",
    "referral",
    CALL_BACK,
)
"""The names of the flows."""

TOPIC_OF_FLOW: Mapping[str, Topic] = {
    "safety_check": Topic.DOMESTIC_VIOLENCE,
    "protection_order": Topic.DOMESTIC_VIOLENCE,
    "child_game_refund": Topic.CHILD_GAME_REFUND,
    "divorce_path": Topic.DIVORCE,
    "parenting_help": Topic.PARENTING,
}
"""What each flow is about; a referral and a call back may be about anything."""

WITH_PAPERS = frozenset({"safety_check", "protection_order", "child_game_refund", "divorce_path"})
"""The flows whose answers end in papers."""

LINK_LASTS = timedelta(hours=2)
"""How long an unopened link works."""

VISIT_LASTS = timedelta(minutes=30)
"""How long the page stays open to who opened it."""

type Answer = str | float | bool | Sequence[str] | Mapping[str, str | float | bool]
"""Words, a number, several choices, or the value of an entity (docs/adr/0012-entities.md)."""

Answers = Mapping[str, Answer]


class FlowState(StrEnum):
    """How far a flow has come."""

    ASKING = "asking"
    FINISHED = "finished"
    LEFT = "left"


class ReferralKind(StrEnum):
    """What the office is asked to arrange: 法律援助, 心理咨询, 调解."""

    LEGAL_AID = "legal_aid"
    COUNSELLING = "counselling"
    MEDIATION = "mediation"


@dataclass(slots=True)
class Flow:
    """The answers of one person in one flow of one conversation; the newest word counts."""

    id: str
    conversation_id: str
    contact_id: str
    name: str
    state: FlowState
    answers: Answers = field(repr=False)
    begun_at: datetime
    updated_at: datetime
    payments: tuple[Payment, ...] = field(default=(), repr=False)
    """Those of a bill that she confirmed."""


class Purpose(StrEnum):
    """What a link opens."""

    PAPERS = "papers"
    RECORD = "record"
    """Everything that is stored of her (PIPL article 45)."""


@dataclass(slots=True)
class Link:
    """A one-time link: `digest` is the SHA-256 of its token, which only the link itself holds.

    When it is opened its digest becomes that of the visit's token, which only her browser holds then: the link is dead.
    """

    id: str
    digest: str = field(repr=False)
    contact_id: str
    conversation_id: str
    purpose: Purpose
    expires_at: datetime
    flow_id: str | None = None
    opened_at: datetime | None = None
