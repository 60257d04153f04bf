"""What the use cases need from the world; each port has a real room behind it and a double in the tests."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.conversation.content import Outgoing
from bot.conversation.dialogue import Proposed
from bot.conversation.events import Event
from bot.conversation.handoffs import Lane, QueueEntry
from bot.conversation.media import Body, MediaKind
from bot.conversation.messages import DeliveryStatus, Inbound

# --- the inbox: durable mailboxes -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Accepted:
    """The gateway's receipt: the message is on disk. `attempt` is 1 when it is new, 2 or more for a retry.

    `attended` tells whether any worker was alive a moment ago; without one no reply will come in time.
    """

    attempt: int
    attended: bool = True


@dataclass(frozen=True, slots=True)
class Claim:
    """One worker's hold on one mailbox; nobody else gets its messages until it is done, dropped or expired."""

    mailbox: str
    holder: str
    inbound: Inbound
    tries: int
    """How often this message was claimed, this time included; excused tries do not count."""


@dataclass(frozen=True, slots=True)
class Slot:
    """What the gateway may answer right now, or None for "answered with nothing".

    `uploaded_id` names the picture or sound of it at the platform.
    """

    reply: Outgoing | None = field(repr=False)
    uploaded_id: str | None = None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that could not be handled: what it was, without her words, and why it lies here (a code)."""

    key: str
    account_id: str
    kind: str
    urgent: bool
    received_at: datetime
    buried_at: datetime
    reason: str


class Inbox(Protocol):
    """Durable mailboxes, one a person, in order; and the slot in which the passive reply is handed back.

    All methods raise RedisUnavailable when Redis does not answer.
    """

    async def append(self, inbound: Inbound, request: str | None = None) -> Accepted:
        """Store a message durably, once for each key; returns after it is on disk.

        `request` is a digest of the signed request that carried it: it may carry this one message only, however
        often. Raises Replayed, and stores nothing, if it has carried another.
        """
        ...

    async def wait_reply(self, key: str, timeout_s: float) -> Slot | None:
        """Wait for the turn's reply to this message and take it; None when none came in time.

        Several requests may wait for one key (retries); each gets the same slot.
        """
        ...

    async def confirm_reply(self, key: str) -> None:
        """The reply that was taken has gone over the wire."""
        ...

    async def stop_waiting(self, key: str) -> bool:
        """No request for this message will come any more: what is offered later is refused.

        False if a reply is there already: it stays as it is, for this request too.
        """
        ...

    async def attend(self, holder: str) -> None:
        """This worker is alive, for the next seconds."""
        ...

    async def depart(self, holder: str) -> None:
        """This worker takes no more messages."""
        ...

    async def claim(self, holder: str, wait_s: float, *, urgent_only: bool = False) -> Claim | None:
        """The oldest message of a free mailbox, urgent mailboxes first; None when none came within `wait_s`.

        `urgent_only`: no other than an urgent mailbox, for the places that are kept free for them.
        """
        ...

    async def extend(self, claim: Claim) -> bool:
        """Keep the hold for another lease; False if it was lost meanwhile."""
        ...

    async def done(self, claim: Claim) -> None:
        """The message was handled: take it out and free the mailbox."""
        ...

    async def put_back(self, claim: Claim, delay_s: float, *, excused: bool = False) -> None:
        """Free the mailbox; its messages stay, and are not claimed before `delay_s` has passed.

        `excused`: the message was not to blame, the try does not count.
        """
        ...

    async def bury(self, claim: Claim, reason: str) -> None:
        """Move the message to the dead letters with a reason (a code, no words of hers) and free the mailbox."""
        ...

    async def dead(self) -> list[DeadLetter]:
        """The dead letters, the oldest first."""
        ...

    async def revive(self, key: str) -> bool:
        """Put a dead letter back at the end of its mailbox, its tries forgotten; False if there is none."""
        ...

    async def drop(self, key: str) -> bool:
        """Delete a dead letter for good; False if there is none."""
        ...

    async def offer_reply(self, key: str, slot: Slot) -> bool:
        """Hold a reply out to the waiting requests; False if nobody will come for it."""
        ...

    async def recall_reply(self, key: str) -> bool:
        """Close the slot unless a request has taken the reply; True if it is closed: those words may go otherwise."""
        ...

    async def withdraw_reply(self, key: str) -> bool:
        """Close the slot; True if the reply had already gone over the wire."""
        ...

    async def next_confirmed(self, wait_s: float) -> str | None:
        """The key of a message whose reply went over the wire; told to one caller, until `settled` or `retell`."""
        ...

    async def settled(self, key: str) -> None:
        """What `next_confirmed` told of this message is written down: it is not told again."""
        ...

    async def retell(self) -> None:
        """Tell again what was told and never settled: whoever heard it may have died."""
        ...

    async def depth(self) -> int:
        """How many messages wait."""
        ...


# --- the queue of waiting handoffs ----------------------------------------------------------------------------


Hold = Callable[[Lane], timedelta | None]
"""How long an entry of this lane, counted from `queued_at`, is kept back from who asks; None: she never gets it."""


class Queue(Protocol):
    """The waiting handoffs in the order of their `place`; SQL is the truth, this is its fast shadow.

    All methods raise RedisUnavailable when Redis does not answer.
    """

    async def put(self, entry: QueueEntry) -> None:
        """Add or move an entry; the same entry twice changes nothing."""
        ...

    async def take(self, hold: Hold, now: datetime) -> QueueEntry | None:
        """Atomically take out the first entry that is not kept back any more."""
        ...

    async def take_one(self, handoff_id: str) -> bool:
        """Atomically take out this entry; False if it is not there."""
        ...

    async def entries(self) -> list[QueueEntry]:
        """All that waits, in order."""
        ...

    async def arrive(self, staff_id: str) -> None:
        """This operator is at her desk for the next minute."""
        ...

    async def leave(self, staff_id: str) -> None:
        """This operator has left her desk."""
        ...

    async def present(self) -> frozenset[str]:
        """Who is at her desk now."""
        ...


# --- the feed for browsers ------------------------------------------------------------------------------------


class Feed(Protocol):
    """Change events in one order, kept for a while so that a browser can catch up."""

    async def publish(self, *events: Event) -> None:
        """Append the events; raises RedisUnavailable."""
        ...

    def follow(self, last_id: str | None, heartbeat_s: float) -> AsyncGenerator[Event | None]:
        """Every event after `last_id` (None: from now on), as it comes; None when nothing came for `heartbeat_s`.

        Raises NotFound if `last_id` is older than what is kept: the reader must load afresh.
        """
        ...


# --- the assistant, the platform, the keys --------------------------------------------------------------------


class Dialogue(Protocol):
    """The assistant."""

    async def ask(self, conversation_id: str, message_id: str, text: str) -> Proposed:
        """What the assistant understood and proposes; raises DialogueUnavailable."""
        ...


@dataclass(frozen=True, slots=True)
class SendResult:
    """What the platform said to one send.

    SENT: accepted. PENDING: passing trouble, try again after a while. HELD: not before she writes again. REFUSED:
    never. `errcode` is the platform's number, None when it did not answer.
    """

    status: DeliveryStatus
    errcode: int | None = None
    unfollowed: bool = False
    """She left the account."""
    unreachable: bool = False
    """She follows, but nothing of this account reaches her (blacklist, messages switched off)."""
    window_over: bool = False
    """The platform takes nothing more before she writes again."""
    account_fault: bool = False
    """The account, not the message, is at fault: somebody must set it right, and the message waits for that."""
    upload_expired: bool = False
    """The platform no longer knows the uploaded picture or sound: upload it again."""


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A picture or sound at the platform, which may be sent until then."""

    platform_id: str
    until: datetime


class Sender(Protocol):
    """Sends to a person outside the passive reply. No call raises for what the platform or the network does."""

    async def send(
        self,
        account_id: str,
        openid: str,
        content: Outgoing,
        *,
        by_assistant: bool = False,
        uploaded_id: str | None = None,
    ) -> SendResult:
        """Send one customer-service message; a picture or sound needs its `uploaded_id`."""
        ...

    async def upload(self, account_id: str, kind: MediaKind, body: Body) -> Uploaded | SendResult:
        """Bring a picture or sound to the platform; the SendResult of the refusal if it is not taken."""
        ...

    async def typing(self, account_id: str, openid: str) -> None:
        """Show her for a moment that somebody is writing; trouble is only logged."""
        ...

    async def remind(self, account_id: str, openid: str, template_id: str) -> SendResult:
        """Send a 订阅通知 that says only that there is a reply; REFUSED with 43101 if no consent is left."""
        ...


class MediaSource(Protocol):
    """Where pictures, voice and video are fetched."""

    async def download(self, account_id: str, platform_id: str) -> Body:
        """The bytes; raises NotFound if the platform has it no more, InvalidData if it is too large,
        and PlatformUnavailable if trying again later may help."""
        ...


class AudioConverter(Protocol):
    """Makes a voice message playable."""

    async def playable(self, body: Body) -> Body:
        """The same as a browser plays it; raises InvalidData if it is no sound that can be read."""
        ...


class Transcriber(Protocol):
    """Speech to text."""

    async def transcribe(self, body: Body) -> str:
        """The words, "" if there are none; raises TranscriberUnavailable."""
        ...


class TokenShelf(Protocol):
    """Where all processes keep the access token of each account. All methods raise RedisUnavailable."""

    async def read(self, account_id: str) -> HeldToken | None:
        """The token that was put last and still holds."""
        ...

    async def put(self, account_id: str, token: HeldToken) -> None:
        """Keep it until it ends."""
        ...

    def lock(self, account_id: str) -> AbstractAsyncContextManager[None]:
        """Held by one process at a time while it asks the platform; a dead holder's lock ends by itself."""
        ...

    async def may_force(self, account_id: str) -> bool:
        """Count one forced renewal; False if the platform would not carry it out (20 a day, 30 s apart)."""
        ...


@dataclass(frozen=True, slots=True)
class HeldToken:
    """An access token, and until when it is used."""

    token: str = field(repr=False)
    until: datetime


class Sealer(Protocol):
    """Encrypts what is stored, and makes keyed digests of what must be found again."""

    def seal(self, clear: bytes) -> bytes:
        """Encrypt with the newest key."""
        ...

    def open(self, sealed: bytes) -> bytes:
        """Decrypt with any of the keys; raises InvalidData if none fits."""
        ...

    def mailbox(self, account_id: str, openid: str) -> str:
        """The keyed digest that names this person on this account: 32 hex digits."""
        ...

    def tag(self, clear: bytes) -> str:
        """The keyed digest (64 hex digits) that nobody makes who has the database alone."""
        ...
