"""Who waits, read and drawn once for all who see the same: fifty open desks are not fifty readings at every message."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import aclosing, contextmanager
from typing import Protocol

import structlog
from markupsafe import Markup

from bot.conversation.errors import Unavailable
from bot.conversation.events import Event
from bot.conversation.ports import Feed
from bot.conversation.staff import Scope
from bot.store.lists import Known, ListedConversation, OwnLists, WaitingList

log = structlog.get_logger(__name__)

SHOWN = 20
"""Cards of each level; nobody reads further down, and the numbers tell how many more there are."""

GAP_S = 0.1
"""While messages pour in, the list of a scope is read ten times a second."""

OLDEST_S = 1.0
"""A list that was read is shown no longer than this, even if nothing is heard of a change."""

LINE_OLDEST_S = 15.0
"""Nor is one line of it; when it changes, an event tells."""

PRESENT_S = 70.0
"""An open desk asks at least once a minute."""

QUICKEST_MS, EACH_MS = 100, 12
"""How often a desk may ask: at most ten times a second, and less often the more desks are open.

A refresh costs the process some five milliseconds, so that all desks together take less than half of its time.
"""


class ListReads(Protocol):
    """What is read for the lists; see `store.lists`."""

    async def waiting_list(self, scope: Scope, limit: int, known: Known) -> WaitingList: ...
    async def own_lists(self, scope: Scope, staff_id: str, known: Known) -> OwnLists: ...


class Board:
    """The lists of all who are at their desks; shared while the feed is heard, read for each who asks while not."""

    def __init__(self, reads: ListReads) -> None:
        self._reads = reads
        self._scopes: dict[Scope, _Shared] = {}
        self._lines = _Lines()
        self.hears = False
        """Whether changes are heard, so that what was read before may be shown."""
        self._asked: dict[str, float] = {}

    async def waiting(self, scope: Scope) -> WaitingList:
        """Who waits, read after this was called; raises StoreUnavailable."""
        return await self._shared(scope).again(GAP_S if self.hears else 0.0)

    async def glance(self, scope: Scope) -> WaitingList:
        """Who waits, maybe read before, if nothing was heard to have changed since; raises StoreUnavailable."""
        shared = self._shared(scope)
        return await (shared.latest(GAP_S) if self.hears else shared.again(0.0))

    async def own(self, scope: Scope, staff_id: str) -> OwnLists:
        """What lies with her; raises StoreUnavailable."""
        with self._lines.reading(self.hears) as reading:
            own = await self._reads.own_lists(scope, staff_id, reading.known)
            reading.keep([*own.kept, *own.talking])
        return own

    def card(self, row: ListedConversation, kind: str, draw: Callable[[ListedConversation], Markup]) -> Markup:
        """The card of this line as `draw` made it once for lists of this kind."""
        return self._lines.card(row, kind, draw)

    def pace_ms(self, staff_id: str) -> int:
        """How long her desk is to wait between two refreshes."""
        now = _now()
        self._asked = {who: at for who, at in self._asked.items() if at > now - PRESENT_S} | {staff_id: now}
        return max(QUICKEST_MS, EACH_MS * len(self._asked))

    async def follow(self, feed: Feed, stop: asyncio.Event) -> None:
        """Hear what changes, until asked to end."""
        while not stop.is_set():
            try:
                async with aclosing(feed.follow(None, OLDEST_S)) as events:
                    async for event in events:
                        self._hear(event)
                        if stop.is_set():
                            return
            except Unavailable as error:
                log.warning("board hears nothing", error=type(error).__name__)
            self.hears = False
            await asyncio.sleep(OLDEST_S)

    def _shared(self, scope: Scope) -> _Shared:
        return self._scopes.setdefault(scope, _Shared(lambda: self._read(scope)))

    async def _read(self, scope: Scope) -> WaitingList:
        with self._lines.reading(self.hears) as reading:
            waiting = await self._reads.waiting_list(scope, SHOWN, reading.known)
            reading.keep(waiting.rows)
        return waiting

    def _hear(self, event: Event | None) -> None:
        if not self.hears:  # what happened before is unknown
            self.hears = True
            self._lines.forget_all()
            self._scopes.clear()
        elif event is not None:
            self._lines.forget(event.conversation_id)
            for scope, shared in self._scopes.items():
                if scope.covers(event.account_id, event.region) and shared.shows(event):
                    shared.changed = True


class _Shared:
    """The list of one scope: at most one reading at a time, and one that has not begun yet is everybody's."""

    def __init__(self, read: Callable[[], Awaitable[WaitingList]]) -> None:
        self._read = read
        self._turn = asyncio.Lock()
        self._coming: asyncio.Task[WaitingList] | None = None
        self._begun: asyncio.Task[WaitingList] | None = None
        self._begun_at = float("-inf")
        self._ids: frozenset[str] | None = None
        self.changed = False

    def shows(self, event: Event) -> bool:
        """Whether this may change what is shown."""
        return self._ids is None or event.kind.startswith("handoff.") or event.conversation_id in self._ids

    async def latest(self, gap_s: float) -> WaitingList:
        """What was read last, or is being read, if it still holds; else what is read next."""
        if self._begun is None or self.changed or _now() > self._begun_at + OLDEST_S:
            return await self.again(gap_s)
        return await asyncio.shield(self._begun)

    async def again(self, gap_s: float) -> WaitingList:
        """Read; who comes before the reading begins shares it."""
        if self._coming is None:
            self._coming = asyncio.create_task(self._next(gap_s))
            self._coming.add_done_callback(lambda task: task.cancelled() or task.exception())  # nobody may be left
        return await asyncio.shield(self._coming)

    async def _next(self, gap_s: float) -> WaitingList:
        async with self._turn:
            await asyncio.sleep(max(0.0, self._begun_at + gap_s - _now()))
            self._begun, self._coming = self._coming, None
            self._begun_at, self._ids, self.changed = _now(), None, False
            try:
                waiting = await self._read()
            except BaseException:
                self._begun = None
                raise
            self._ids = frozenset(row.conversation_id for row in waiting.rows)
            return waiting


class _Reading:
    """A reading under way: the lines that hold, and what changed meanwhile."""

    def __init__(self, known: Known, keep: Callable[[Iterable[ListedConversation]], None]) -> None:
        self.known = known
        self.keep = keep
        self.changed: set[str] = set()


class _Lines:
    """Lines of the lists that were read, and the cards that were drawn of them, until something happened to them."""

    def __init__(self) -> None:
        self._rows: dict[str, ListedConversation] = {}
        self._cards: dict[str, dict[str, tuple[ListedConversation, Markup]]] = {}
        self._under_way: set[_Reading] = set()
        self._since = float("-inf")

    @contextmanager
    def reading(self, hearing: bool) -> Iterator[_Reading]:
        """For one reading; without the feed nothing is known, and nothing is kept."""
        if not hearing or _now() > self._since + LINE_OLDEST_S:
            self.forget_all()

        def keep(rows: Iterable[ListedConversation]) -> None:
            fresh = (row for row in rows if hearing and row.conversation_id not in reading.changed)
            self._rows.update({row.conversation_id: row for row in fresh})

        reading = _Reading(self._rows, keep)
        self._under_way.add(reading)
        try:
            yield reading
        finally:
            self._under_way.discard(reading)

    def card(self, row: ListedConversation, kind: str, draw: Callable[[ListedConversation], Markup]) -> Markup:
        """The card of this line."""
        cards = self._cards.setdefault(row.conversation_id, {})
        if kind not in cards or cards[kind][0] is not row:
            cards[kind] = row, draw(row)
        return cards[kind][1]

    def forget(self, conversation_id: str) -> None:
        """Something happened here."""
        for reading in self._under_way:
            reading.changed.add(conversation_id)
        self._rows.pop(conversation_id, None)
        self._cards.pop(conversation_id, None)

    def forget_all(self) -> None:
        """Begin afresh."""
        self._rows.clear()
        self._cards.clear()
        self._since = _now()


def _now() -> float:
    return asyncio.get_running_loop().time()
