"""How things stand with a person when her message is taken up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.conversation.accounts import Account
from bot.conversation.conversations import Mode
from bot.conversation.levels import Level


@dataclass(frozen=True, slots=True)
class Situation:
    """What `think` and `decide` need to know; `earlier` are her last few messages, the oldest first."""

    account: Account
    conversation_id: str
    mode: Mode = Mode.BOT
    level: Level = Level.NORMAL
    earlier: tuple[str, ...] = ()
    first_contact: bool = False
    """Nothing was ever said to her."""
    acknowledged_at: datetime | None = None
    on_duty: bool = False
    """Whether an operator who may take her conversation is at her desk now; asked where a person is called."""
    next_shift: datetime | None = None
    """When such an operator comes next, if nobody is there and the plan of duty knows it; asked likewise."""
    listens: bool = False
    """Whether what she says in a voice message comes back as a transcript."""
    flow: str | None = None
    """The flow whose questions she is answering: she may go on while she waits for a person."""
    call_awaited: bool = False
    """Whether she asked to be called back, and was not yet."""
    hidden: bool = False
    """Whether the chat is harmless now, because somebody else may be reading."""
    region: str | None = None
    """Where she is, as far as it is known, GB/T 2260."""
    only_a_minute: bool = False
    """Whether the platform lets us answer for a minute only: she tapped or scanned, and wrote nothing."""
    place_noted: bool = False
    """Whether it was this very message that told where she is."""
