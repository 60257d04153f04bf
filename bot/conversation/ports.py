"""What the use cases need from the world; each port has a real room behind it and a double in the tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

from bot.conversation.accounts import Contact
from bot.conversation.cases import Case
from bot.conversation.conversations import Conversation
from bot.conversation.dialogue import Proposed
from bot.conversation.events import Event
from bot.conversation.handoffs import Handoff, QueueEntry
from bot.conversation.messages import Delivery, DeliveryStatus, Inbound, Message
from bot.conversation.staff import AuditEntry, Scope, Session, Staff

# --- the inbox: durable mailboxes -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Accepted:
    """The gateway's receipt: the message is on disk. `attempt` is 1 when it is new, 2 or more for a retry."""

    attempt: int


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
    """What the gateway may answer right now: text, or None for "answered with nothing"."""

    text: str | None = field(repr=False)


class Inbox(Protocol):
    """Durable mailboxes, one a person, in order; and the slot in which the passive reply is handed back.

    All methods raise RedisUnavailable when Redis does not answer.
    """

    async def append(self, inbound: Inbound) -> Accepted:
        """Store a message durably, once for each key; returns after it is on disk."""
        ...

    async def wait_reply(self, key: str, timeout_s: float) -> Slot | None:
        """Wait for the turn's reply to this message and take it; None when none came in time.

        Several requests may wait for one key (retries); each gets the same slot.
        """
        ...

    async def confirm_reply(self, key: str) -> None:
        """The reply that was taken has gone over the wire."""
        ...

    async def stop_waiting(self, key: str) -> None:
        """No request for this message will come any more: what is offered later is refused."""
        ...

    async def claim(self, holder: str, wait_s: float) -> Claim | None:
        """The oldest message of a free mailbox, urgent mailboxes first; None when none came within `wait_s`."""
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

    async def offer_reply(self, key: str, text: str | None) -> bool:
        """Hold a reply out to the waiting requests (None: nothing to say); False if nobody will come for it."""
        ...

    async def withdraw_reply(self, key: str) -> bool:
        """Close the slot; True if the reply had already gone over the wire."""
        ...

    async def next_confirmed(self, wait_s: float) -> str | None:
        """The key of a message whose reply went over the wire; each is told once, to one caller.

        It may be lost when that caller dies: `withdraw_reply` then tells the same.
        """
        ...

    async def depth(self) -> int:
        """How many messages wait."""
        ...


# --- the queue of waiting handoffs ----------------------------------------------------------------------------


class Queue(Protocol):
    """The waiting handoffs, the most urgent first; SQL is the truth, this is its fast shadow.

    All methods raise RedisUnavailable when Redis does not answer.
    """

    async def put(self, entry: QueueEntry) -> None:
        """Add or move an entry; the same entry twice changes nothing."""
        ...

    async def take(self, scope: Scope) -> QueueEntry | None:
        """Atomically take out the most urgent, then the longest waiting entry of this scope."""
        ...

    async def take_one(self, handoff_id: str) -> bool:
        """Atomically take out this entry; False if it is not there."""
        ...

    async def entries(self) -> list[QueueEntry]:
        """All that waits, the most urgent first."""
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

    def follow(self, last_id: str | None, heartbeat_s: float) -> AsyncIterator[Event | None]:
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
    never. `errcode` is the platform's number, None when it did not answer. `unfollowed`: she left the account.
    `window_over`: the platform takes nothing more before she writes again.
    """

    status: DeliveryStatus
    errcode: int | None = None
    unfollowed: bool = False
    window_over: bool = False


class Sender(Protocol):
    """Sends customer-service messages."""

    async def send_text(self, account_id: str, openid: str, text: str) -> SendResult:
        """Send one text; never raises for what the platform or the network does."""
        ...


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


# --- the store ------------------------------------------------------------------------------------------------


class Contacts(Protocol):
    """The people who write. A contact that was read stays locked for other units until this one ends."""

    async def by_mailbox(self, mailbox: str) -> Contact | None: ...
    async def get(self, contact_id: str) -> Contact: ...
    async def add(self, contact: Contact) -> None: ...
    async def save(self, contact: Contact) -> None: ...


class Conversations(Protocol):
    """Conversations. `get` raises NotFound; `save` raises StaleVersion and counts the version up."""

    async def get(self, conversation_id: str) -> Conversation: ...
    async def current(self, contact_id: str) -> Conversation | None:
        """The one that is not closed."""
        ...

    async def add(self, conversation: Conversation) -> None: ...
    async def save(self, conversation: Conversation) -> None: ...


class Messages(Protocol):
    """What was said. `add` raises Conflict if the inbound key is already there."""

    async def add(self, message: Message) -> None: ...
    async def by_inbound_key(self, key: str) -> Message | None: ...
    async def recent(self, conversation_id: str, limit: int) -> list[Message]:
        """The last messages, the oldest first."""
        ...


class Deliveries(Protocol):
    """What must be sent. `add` gives the sequence; `get` raises NotFound."""

    async def get(self, delivery_id: str) -> Delivery: ...
    async def add(self, delivery: Delivery) -> None: ...
    async def save(self, delivery: Delivery) -> None: ...
    async def for_inbound(self, key: str) -> list[Delivery]:
        """The deliveries that answer this message, in order."""
        ...

    async def due(self, now: datetime, limit: int) -> list[Delivery]:
        """Open deliveries whose time has come, at most one a contact: its first open one by sequence.

        Where several couriers run, each gets rows that no other holds locked.
        """
        ...

    async def held(self, contact_id: str) -> list[Delivery]:
        """Those kept until she writes again, in order."""
        ...


class Handoffs(Protocol):
    """Askings for a person. `get` raises NotFound."""

    async def get(self, handoff_id: str) -> Handoff: ...
    async def open_of(self, conversation_id: str) -> Handoff | None:
        """The unresolved one of this conversation."""
        ...

    async def waiting(self) -> list[Handoff]: ...
    async def add(self, handoff: Handoff) -> None: ...
    async def save(self, handoff: Handoff) -> None: ...


class Cases(Protocol):
    """The office's files. `get` raises NotFound; `add` gives the number."""

    async def get(self, case_id: str) -> Case: ...
    async def open_of(self, contact_id: str) -> Case | None:
        """The newest file of this person that is not archived."""
        ...

    async def add(self, case: Case) -> None: ...
    async def save(self, case: Case) -> None: ...


class StaffMembers(Protocol):
    """Who may sign in. `add` raises Conflict if the name is taken; `get` raises NotFound."""

    async def get(self, staff_id: str) -> Staff: ...
    async def by_username(self, username: str) -> Staff | None: ...
    async def all(self) -> Sequence[Staff]: ...
    async def add(self, staff: Staff) -> None: ...


class Sessions(Protocol):
    """Sign-ins that still hold."""

    async def find(self, token_digest: str, now: datetime) -> Session | None: ...
    async def add(self, session: Session) -> None: ...
    async def end(self, token_digest: str) -> None: ...


class AuditTrail(Protocol):
    """Append only."""

    async def append(self, entry: AuditEntry) -> None: ...


class UnitOfWork(Protocol):
    """One transaction: nothing is kept unless `commit` is called. All raise StoreUnavailable."""

    contacts: Contacts
    conversations: Conversations
    messages: Messages
    deliveries: Deliveries
    handoffs: Handoffs
    cases: Cases
    staff: StaffMembers
    sessions: Sessions
    audit: AuditTrail

    async def __aenter__(self) -> Self: ...
    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    async def commit(self) -> None: ...


UnitsOfWork = Callable[[], UnitOfWork]
"""Begins a unit of work: `async with units() as uow: ...; await uow.commit()`."""
