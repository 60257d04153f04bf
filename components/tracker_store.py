"""Conversation memory in Redis, each record encrypted and short-lived; in memory when no Redis is configured."""

from __future__ import annotations

import logging
import os
from typing import Any, Iterable, Protocol

import redis.asyncio
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SerializedTrackerAsText, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker, get_trackers_for_conversation_sessions
from rasa.shared.exceptions import RasaException

logger = logging.getLogger(__name__)

REDIS_URL = "NIANGJIA_REDIS_URL"
ENCRYPTION_KEYS = "NIANGJIA_ENCRYPTION_KEYS"
KEY_PREFIX = "niangjia:tracker:"
DAY_S = 24 * 60 * 60
REDIS_TIMEOUT_S = 0.5  # a turn has three seconds and uses the store a few times


class TrackerStoreMisconfigured(RasaException):
    """The store's environment is incomplete or not valid; the message names the variable, never its value."""


class TrackerUnreadable(RasaException):
    """A stored tracker was sealed with a key that is no longer known."""


class Records(Protocol):
    """Where sealed trackers are kept, by conversation id."""

    async def get(self, conversation: str) -> bytes | None:
        """The sealed tracker, or None if there is none or it has expired."""

    async def set(self, conversation: str, sealed: bytes, lifetime_s: int) -> None:
        """Keep a sealed tracker for so long."""

    async def conversations(self) -> list[str]:
        """The ids of all conversations kept."""


class MemoryRecords:
    """Records of this process only, for a plain `rasa shell` and for tests; they never expire."""

    def __init__(self) -> None:
        self._sealed: dict[str, bytes] = {}

    async def get(self, conversation: str) -> bytes | None:
        return self._sealed.get(conversation)

    async def set(self, conversation: str, sealed: bytes, lifetime_s: int) -> None:
        self._sealed[conversation] = sealed

    async def conversations(self) -> list[str]:
        return list(self._sealed)


class RedisRecords:
    """Records in Redis, reached by `redis://host:port/db` or `unix:///path?db=N`."""

    def __init__(self, url: str) -> None:
        self._redis = redis.asyncio.from_url(
            url, socket_timeout=REDIS_TIMEOUT_S, socket_connect_timeout=REDIS_TIMEOUT_S
        )

    async def get(self, conversation: str) -> bytes | None:
        return await self._redis.get(KEY_PREFIX + conversation)

    async def set(self, conversation: str, sealed: bytes, lifetime_s: int) -> None:
        await self._redis.set(KEY_PREFIX + conversation, sealed, ex=lifetime_s)

    async def conversations(self) -> list[str]:
        return [key.decode()[len(KEY_PREFIX) :] async for key in self._redis.scan_iter(match=f"{KEY_PREFIX}*")]


class SealedRedisTrackerStore(TrackerStore, SerializedTrackerAsText):
    """Keeps the latest session of each conversation, encrypted, for `record_exp` seconds: at most `max_events` events,
    and of the events before them what they left in slots and which form they started.

    It reads NIANGJIA_REDIS_URL and NIANGJIA_ENCRYPTION_KEYS (Fernet keys, comma-separated: the first encrypts,
    all decrypt). Without a URL it remembers in memory and says so in the log.
    Raises TrackerStoreMisconfigured for a URL without keys or for a key that is none.
    """

    def __init__(
        self,
        domain: Domain | None,
        event_broker: EventBroker | None = None,
        record_exp: int = DAY_S,
        max_events: int = 30,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self.record_exp = record_exp
        self.max_events = max_events
        self._records, self._cipher = open_records(os.environ.get(REDIS_URL, ""), os.environ.get(ENCRYPTION_KEYS, ""))

    async def save(self, tracker: DialogueStateTracker) -> None:
        """See the parent class."""
        await self.stream_events(tracker)
        kept = tracker.init_copy()
        events = list(tracker.events)
        latest = latest_turns(events, self.max_events)
        forgotten = events[: len(events) - len(latest)]
        kept.update_with_events([*carried(forgotten), *latest], domain=None, override_timestamp=False)
        sealed = self._cipher.encrypt(self.serialise_tracker(kept).encode())
        await self._records.set(tracker.sender_id, sealed, self.record_exp)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """See the parent class; raises TrackerUnreadable if no known key opens the record."""
        sealed = await self._records.get(sender_id)
        if sealed is None:
            return None
        try:
            opened = self._cipher.decrypt(sealed)
        except InvalidToken:
            raise TrackerUnreadable("A tracker is sealed with an unknown key.") from None
        tracker = self.deserialise_tracker(sender_id, opened)
        return get_trackers_for_conversation_sessions(tracker)[-1] if tracker.events else tracker

    async def keys(self) -> Iterable[str]:
        """See the parent class."""
        return await self._records.conversations()


def open_records(url: str, keys: str) -> tuple[Records, MultiFernet]:
    """Where records go and what seals them; `keys` are Fernet keys, comma-separated, the first encrypts."""
    if not url:
        logger.warning("%s is not set: conversations are remembered in this process's memory only.", REDIS_URL)
        return MemoryRecords(), MultiFernet([Fernet(Fernet.generate_key())])
    if not keys.strip():
        raise TrackerStoreMisconfigured(f"{REDIS_URL} is set but {ENCRYPTION_KEYS} is not.")
    try:
        cipher = MultiFernet([Fernet(key.strip()) for key in keys.split(",")])
    except ValueError:
        raise TrackerStoreMisconfigured(f"{ENCRYPTION_KEYS} must hold Fernet keys, comma-separated.") from None
    return RedisRecords(url), cipher


def latest_turns(events: list[Event], at_most: int) -> list[Event]:
    """The last whole turns that fit in so many events, each with the action_listen before it."""
    if len(events) <= at_most:
        return events
    starts = [index - 1 for index, event in enumerate(events) if isinstance(event, UserUttered) and index > 0]
    fitting = [start for start in starts if len(events) - start <= at_most]
    return events[fitting[0] :] if fitting else events[-at_most:]


def carried(forgotten: Iterable[Event]) -> list[Event]:
    """What must be told anew where events are dropped: what they left in slots, and the form that they started."""
    slots: dict[str, SlotSet] = {}
    loop: ActiveLoop | None = None
    for event in forgotten:
        if isinstance(event, SlotSet):
            slots[event.key] = event
        elif isinstance(event, ActiveLoop):
            loop = event if event.name else None
        elif isinstance(event, SessionStarted):
            loop = None
    filled: list[Event] = [event for event in slots.values() if event.value is not None]
    return [*filled, loop] if loop else filled
