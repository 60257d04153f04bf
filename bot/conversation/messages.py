"""A message in, a message out, and what became of each one sent."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from bot.conversation.content import Content, Outgoing, Said

MAX_TEXT_BYTES = 2047
"""The longest text that the platform shows whole, in bytes of UTF-8 (measured 2048; wechat.md section 4)."""


def new_id() -> str:
    """A random id that says nothing about whom it names: 32 hex digits."""
    return uuid.uuid4().hex


def id_under(key: str, *about: str | bytes) -> str:
    """The same id whenever the same is sent again under this key, and a new one without a key.

    What is sent once more because no answer came is then kept once.
    """
    if not key:
        return new_id()
    told = (one if isinstance(one, bytes) else one.encode(errors="replace") for one in (key, *about))
    return sha256(b"\n".join(told)).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Inbound:
    """A message as the gateway accepted it, before anyone knows the contact.

    `key` names the message on this installation ("<account>:<MsgId>", or for events a digest of their identity);
    `mailbox` is a keyed digest of account and OpenID, so that no store outside SQL holds an OpenID in clear.
    """

    key: str
    mailbox: str
    account_id: str
    openid: str = field(repr=False)
    content: Content = field(repr=False)
    sent_at: datetime
    received_at: datetime
    urgent: bool = False


class Author(StrEnum):
    """Who said it."""

    CONTACT = "contact"
    ASSISTANT = "assistant"
    OPERATOR = "operator"
    SYSTEM = "system"


@dataclass(slots=True)
class Message:
    """One line of a conversation. `inbound_key` is set on what the person sent and is unique.

    `articles` are the vetted answers that a reply was made of, as key@version (`articles.reference`); `intent` and
    `confidence` what the assistant understood of a person's message, None when it was not asked; `reasons` why it is
    of its level, in short Chinese phrases, never her own words.
    """

    id: str
    conversation_id: str
    contact_id: str
    author: Author
    content: Said = field(repr=False)
    at: datetime
    inbound_key: str | None = None
    staff_id: str | None = None
    articles: tuple[str, ...] = ()
    intent: str | None = None
    confidence: float | None = None
    level: str | None = None
    reasons: tuple[str, ...] = ()


class DeliveryStatus(StrEnum):
    """The fate of a message to a person."""

    OFFERED = "offered"
    """Held out as the passive reply to one of her messages until `due_at`."""
    PENDING = "pending"
    SENDING = "sending"
    HELD = "held"
    """May not be sent now (window closed or used up); goes out when she next writes."""
    SENT = "sent"
    REFUSED = "refused"


OPEN_DELIVERIES = frozenset({DeliveryStatus.OFFERED, DeliveryStatus.PENDING, DeliveryStatus.SENDING})
"""Not yet decided: a later message of the same contact waits behind these."""


class Route(StrEnum):
    """How a delivered message went."""

    PASSIVE = "passive"
    CUSTOMER_SERVICE = "customer_service"


@dataclass(frozen=True, slots=True)
class Exchange:
    """How the exchange with operators stands: when one wrote last, and since when her words after that are unread."""

    replied_at: datetime | None
    unread_since: datetime | None


@dataclass(slots=True)
class Delivery:
    """One message on its way to one person; deliveries of a contact go out in order of `sequence`.

    `sequence` is given by the store when the delivery is added (0 until then). `due_at` is when the courier looks at
    it next. `errcode` is the platform's answer to the last attempt, 0 for accepted, None if it never answered.
    `by_assistant` puts the platform's AI label under it. `uploaded_id` names its picture or sound at the platform,
    until `uploaded_until`.
    """

    id: str
    message_id: str
    conversation_id: str
    contact_id: str
    account_id: str
    content: Outgoing = field(repr=False)
    status: DeliveryStatus
    due_at: datetime
    created_at: datetime
    inbound_key: str | None = None
    sequence: int = 0
    attempts: int = 0
    route: Route | None = None
    errcode: int | None = None
    settled_at: datetime | None = None
    by_assistant: bool = False
    uploaded_id: str | None = None
    uploaded_until: datetime | None = None


def joined(texts: Iterable[str]) -> str:
    """Several texts as one message: an empty line between them."""
    return "\n\n".join(texts)


def fits(text: str, limit: int = MAX_TEXT_BYTES) -> bool:
    """Whether the text goes out as one message of at most `limit` bytes."""
    return len(text.encode()) <= limit


def split(text: str, limit: int = MAX_TEXT_BYTES) -> list[str]:
    """Cut a text into pieces of at most `limit` bytes of UTF-8, never inside a character."""
    pieces: list[str] = []
    rest = text.encode()
    while len(rest) > limit:
        head = rest[:limit].decode(errors="ignore")
        pieces.append(head)
        rest = rest[len(head.encode()) :]
    return [*pieces, rest.decode()] if rest else pieces
