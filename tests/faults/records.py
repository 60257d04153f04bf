"""What was seen at each station of a message: sent, stored, said in answer, shown on the phone, done to the house."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """What a person did, from when it was first pushed; `key` is the platform's number.

    cry: it is a cry for help. accepted: the gateway answered a push of it in time. reached: the gateway answered the
    first push of it.
    """

    person: str
    words: str
    menu: str | None
    key: str
    at: datetime
    accepted: bool
    reached: bool
    cry: bool = False
    pushes: tuple[str, ...] = ()
    """Each push of it as the ledger has it, for whoever looks into a finding."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A message of a person in SQL. `due`: the assistant had the word, so that she must get an answer."""

    person: str
    position: int
    inbound_key: str
    words: str
    menu: str | None
    at: datetime
    due: bool


@dataclass(frozen=True, slots=True)
class Said:
    """A delivery in SQL; `turn` is the inbound key of the message that it answers, None for what an operator wrote.

    urgent: it answers a message for which a person was called; no words of safety wait behind older ones.
    """

    person: str
    sequence: int
    text: str
    status: str
    route: str | None
    inbound_key: str | None
    errcode: int | None
    turn: str | None
    at: datetime
    settled_at: datetime | None = None
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A bubble from the account on a phone; `reply_to` is the platform's number of what it answers passively.

    acknowledged: of a customer-service message, whether the platform's answer reached the one who sent it.
    """

    person: str
    place: int
    text: str
    via: str
    reply_to: str | None
    at: datetime
    acknowledged: bool | None = None


@dataclass(slots=True)
class Struck:
    """A blow as it fell: from `begun` to `ended` the house or the world was hurt, `healed` is when it served again."""

    kind: str
    begun: datetime
    ended: datetime
    healed: datetime


@dataclass(slots=True)
class Seen:
    """All that was seen in a run."""

    sent: list[Sent] = field(default_factory=list)
    stored: list[Stored] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    struck: list[Struck] = field(default_factory=list)
    handed_over: list[str] = field(default_factory=list)
    """The people for whom a person was called."""
    buried: int = 0
