"""People: each phone is one person on one account, with her chat and all who watch it."""

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from simulator.accounts import Account
from simulator.contents import Content
from simulator.windows import Windows

type Sender = Literal["me", "account", "platform"]
type Via = Literal["passive", "customer_service"]


@dataclass
class Bubble:
    """One line of a chat; `delivery` tells how the push of the person's own message went."""

    id: int
    sender: Sender
    content: Content
    at: datetime
    via: Via | None = None
    reply_to: int | None = None
    ai: bool = False
    delivery: dict[str, Any] | None = None

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


@dataclass(eq=False)
class Person:
    """One person on one account."""

    openid: str
    account: Account
    name: str
    following: bool = True
    chat: list[Bubble] = field(default_factory=list)
    windows: Windows = field(default_factory=Windows)
    last_seen: datetime | None = None
    typing_since: datetime | None = None
    _watchers: set[asyncio.Queue[Announcement]] = field(default_factory=set)

    def show(self, bubble: Bubble) -> None:
        """Put a bubble at the end of the chat."""
        self.chat.append(bubble)
        self.announce("bubble", bubble.as_json())

    def announce(self, name: str, data: Mapping[str, Any]) -> None:
        """Tell every page that shows this phone."""
        for watcher in self._watchers:
            watcher.put_nowait(Announcement(name, data))

    def watch(self, after: int | None) -> asyncio.Queue[Announcement]:
        """A queue of what happens from now on, headed by the bubbles newer than `after` if that is given."""
        queue: asyncio.Queue[Announcement] = asyncio.Queue()
        if after is not None:
            for bubble in self.chat:
                if bubble.id > after:
                    queue.put_nowait(Announcement("bubble", bubble.as_json()))
        self._watchers.add(queue)
        return queue

    def unwatch(self, queue: asyncio.Queue[Announcement]) -> None:
        """Stop filling a queue."""
        self._watchers.discard(queue)


def new_openid() -> str:
    """28 characters that begin with `o`, as OpenIDs do."""
    return "o" + secrets.token_urlsafe(21)[:27]
