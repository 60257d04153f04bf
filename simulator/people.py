"""People: each phone is one person on one account, with her chat and all who watch it."""

import asyncio
import secrets
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from simulator.accounts import Account
from simulator.contents import Content
from simulator.ledger import Entry
from simulator.windows import Windows

type Sender = Literal["me", "account", "platform"]
type Via = Literal["passive", "customer_service", "agent", "template", "subscription"]

KEPT = 5000
"""Bubbles and ledger entries kept per phone; what is older is forgotten and counted as `dropped`."""
_UNREAD = 1000


@dataclass
class Bubble:
    """One line of a chat.

    delivery: how the push of the person's own message went.
    acknowledged: of a message sent by an API call, whether its sender got the platform's answer.
    """

    id: int
    sender: Sender
    content: Content
    at: datetime
    via: Via | None = None
    reply_to: int | None = None
    ai: bool = False
    delivery: dict[str, Any] | None = None
    acknowledged: bool | None = None

    def as_json(self) -> dict[str, Any]:
        """For the phone page and for tests; ids are words because JavaScript cannot hold 64 bits."""
        return {
            "id": str(self.id),
            "from": self.sender,
            "type": self.content.type,
            "text": self.content.text,
            "at": self.at.isoformat(),
            "via": self.via,
            "reply_to": None if self.reply_to is None else str(self.reply_to),
            "ai": self.ai,
            "delivery": self.delivery,
            "detail": dict(self.content.detail),
        }


@dataclass(frozen=True)
class Announcement:
    """Something that a watching phone page is told at once."""

    name: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Session:
    """A conversation that an agent of the account's customer-service desk has taken over."""

    kf_account: str
    active: datetime


@dataclass(eq=False)
class Person:
    """One person on one account.

    receives: she has not switched off the account's messages; blacklisted: the account blocks her;
    protected: a minor whom the platform shields; consents: one-time subscriptions left, by template.
    sequence: how many messages and events she has sent; open: how many of those are still being pushed.
    """

    openid: str
    account: Account
    name: str
    following: bool = True
    followed_at: datetime | None = None
    followed_by: str = ""
    receives: bool = True
    blacklisted: bool = False
    protected: bool = False
    consents: Counter[str] = field(default_factory=Counter)
    session: Session | None = None
    chat: deque[Bubble] = field(default_factory=lambda: deque(maxlen=KEPT))
    shown: int = 0
    ledger: deque[Entry] = field(default_factory=lambda: deque(maxlen=KEPT))
    sequence: int = 0
    open: int = 0
    windows: Windows = field(default_factory=Windows)
    last_seen: datetime | None = None
    typing_since: datetime | None = None
    _watchers: set[asyncio.Queue[Announcement | None]] = field(default_factory=set)

    def show(self, bubble: Bubble) -> None:
        """Put a bubble at the end of the chat."""
        self.chat.append(bubble)
        self.shown += 1
        if self._watchers:
            self.announce("bubble", bubble.as_json())

    def enter(self, number: int, kind: str, at: datetime) -> Entry:
        """A new entry of the ledger, for what the person has just done."""
        self.sequence += 1
        self.open += 1
        entry = Entry(number, self.sequence, kind, at)
        self.ledger.append(entry)
        return entry

    def announce(self, name: str, data: Mapping[str, Any]) -> None:
        """Tell every page that shows this phone; one that does not read loses its stream and may come again."""
        for watcher in list(self._watchers):
            if watcher.qsize() >= _UNREAD:
                self._watchers.discard(watcher)
                watcher.put_nowait(None)
            else:
                watcher.put_nowait(Announcement(name, data))

    def watch(self, after: int | None) -> asyncio.Queue[Announcement | None]:
        """A queue of what happens from now on, headed by the bubbles newer than `after` if that is given.

        None in the queue ends it.
        """
        queue: asyncio.Queue[Announcement | None] = asyncio.Queue()
        if after is not None:
            for bubble in self.chat:
                if bubble.id > after:
                    queue.put_nowait(Announcement("bubble", bubble.as_json()))
        self._watchers.add(queue)
        return queue

    def unwatch(self, queue: asyncio.Queue[Announcement | None]) -> None:
        """Stop filling a queue."""
        self._watchers.discard(queue)


def new_openid() -> str:
    """28 characters that begin with `o`, as OpenIDs do."""
    return "o" + secrets.token_urlsafe(21)[:27]
