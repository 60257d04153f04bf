"""One conversation with one person, and who has the word in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.conversation.errors import IllegalTransition
from bot.conversation.levels import Level, Topic


class Mode(StrEnum):
    """Who has the word; always exactly one."""

    BOT = "bot"
    WAITING = "waiting"
    """A person was asked for, and no operator has come yet."""
    HUMAN = "human"
    CLOSED = "closed"


class Step(StrEnum):
    """What may happen to a conversation."""

    REQUEST = "request"
    CLAIM = "claim"
    STEP_IN = "step_in"
    """Out of one operator's hands into another's."""
    TRANSFER = "transfer"
    """Back among the waiting, for another operator."""
    RELEASE = "release"
    """Back to the assistant."""
    CLOSE = "close"


_STEPS: Mapping[tuple[Mode, Step], Mode] = {
    (Mode.BOT, Step.REQUEST): Mode.WAITING,
    (Mode.WAITING, Step.CLAIM): Mode.HUMAN,
    (Mode.WAITING, Step.CLOSE): Mode.CLOSED,
    (Mode.HUMAN, Step.STEP_IN): Mode.HUMAN,
    (Mode.HUMAN, Step.TRANSFER): Mode.WAITING,
    (Mode.HUMAN, Step.RELEASE): Mode.BOT,
    (Mode.HUMAN, Step.CLOSE): Mode.CLOSED,
    (Mode.BOT, Step.CLOSE): Mode.CLOSED,
}


QUIET_ENDS = timedelta(days=7)
"""So long after its last word a conversation with the assistant alone is over, and her next message begins another.

Who comes back within a week mostly comes back to the same matter. Nobody loses anything by it: WeChat let nobody write
to her after two days, and the assistant forgot what it was told after one.
"""


@dataclass(slots=True)
class Conversation:
    """A conversation; at most one of a contact is not closed. `version` guards against lost updates.

    `owner` is the id of the operator who holds it in mode human. `level` is the highest since it was opened or last
    handed back.
    """

    id: str
    contact_id: str
    account_id: str
    region: str
    opened_at: datetime
    mode: Mode = Mode.BOT
    level: Level = Level.NORMAL
    topic: Topic = Topic.OTHER
    owner: str | None = None
    acknowledged_at: datetime | None = None
    """When a waiting person was last told that she is heard."""
    last_message_at: datetime | None = None
    closed_at: datetime | None = None
    version: int = 0

    def step(self, step: Step) -> None:
        """Move along the table of modes; raises IllegalTransition."""
        try:
            self.mode = _STEPS[self.mode, step]
        except KeyError:
            raise IllegalTransition(f"{step} is not possible in mode {self.mode}") from None

    def went_quiet(self, last_word: datetime, now: datetime) -> bool:
        """Whether it may end by itself: long quiet, with the assistant alone, and in it nothing that needs a person."""
        calm = self.mode is Mode.BOT and self.level is Level.NORMAL
        return calm and now - last_word >= QUIET_ENDS

    def hear(self, level: Level, topic: Topic | None) -> None:
        """Raise the level if the new one is higher, and keep the last topic that says something."""
        self.level = Level.highest(self.level, level)
        if topic not in (None, Topic.OTHER):
            self.topic = topic
