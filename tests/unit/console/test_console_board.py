"""The board of the desk: one reading for all who see the same, nothing shown that was heard to have changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from markupsafe import Markup

from bot.console.board import EACH_MS, QUICKEST_MS, Board
from bot.conversation.errors import StoreUnavailable
from bot.conversation.events import Event, EventKind
from bot.conversation.levels import Level, Topic
from bot.conversation.staff import Scope
from bot.store.lists import ListedConversation, OwnLists, WaitingList
from tests.doubles.memory_feed import MemoryFeed
from tests.unit.world import until

ALL, CHANGSHA = Scope(), Scope(regions=frozenset({"430100"}))
SOON_S = 10.0


def a_line(name: str, region: str = "430100", **changes: object) -> ListedConversation:
    """Somebody who waits."""
    line = ListedConversation(
        conversation_id=name,
        handoff_id=f"of {name}",
        account_id="hunan",
        region=region,
        contact_name="来访者",
        level=Level.HIGH,
        topic=Topic.OTHER,
        skill=None,
        to_staff=None,
        reasons=(),
        requested_at=datetime(2026, 11, 22, tzinfo=UTC),
        last_words="你好",
        unread=1,
        unread_since=datetime(2026, 11, 22, tzinfo=UTC),
        total=1,
        case_number=None,
    )
    return replace(line, **changes)  # type: ignore[arg-type]


def about(name: str, kind: EventKind = EventKind.MESSAGE_ADDED, region: str = "430100") -> Event:
    """Something happened to her."""
    return Event(kind, "hunan", region, name)


class Reads:
    """Gives what waits, and keeps what was asked: how often, and which lines were read afresh."""

    def __init__(self, *waiting: ListedConversation) -> None:
        self.waiting = list(waiting)
        self.asked: list[Scope] = []
        self.fresh: list[str] = []
        self.free = asyncio.Event()
        self.free.set()
        self.available = True

    async def waiting_list(self, scope: Scope, limit: int, known: Mapping[str, ListedConversation]) -> WaitingList:
        self.asked.append(scope)
        rows = [self._row(one, known) for one in self.waiting if scope.covers(one.account_id, one.region)]
        await self.free.wait()
        if not self.available:
            raise StoreUnavailable("away")
        return WaitingList(tuple(rows), {Level.HIGH: len(rows)})

    async def own_lists(self, scope: Scope, staff_id: str, known: Mapping[str, ListedConversation]) -> OwnLists:
        return OwnLists((), tuple(self._row(one, known) for one in self.waiting))

    def _row(self, one: ListedConversation, known: Mapping[str, ListedConversation]) -> ListedConversation:
        if one.conversation_id not in known:
            self.fresh.append(one.conversation_id)
        return known.get(one.conversation_id, one)


@asynccontextmanager
async def hearing(board: Board, feed: MemoryFeed) -> AsyncIterator[None]:
    """The board follows the feed."""
    stop = asyncio.Event()
    following = asyncio.create_task(board.follow(feed, stop))
    await until(lambda: board.hears)
    yield
    stop.set()
    await feed.publish(about("nobody"))
    await following


async def names(board: Board, scope: Scope = ALL) -> list[str]:
    """Who waits, at a glance."""
    return [row.conversation_id for row in (await board.glance(scope)).rows]


async def heard(board: Board, reads: Reads, wanted: list[str]) -> None:
    """Wait until the board shows this."""
    async with asyncio.timeout(SOON_S):
        while await names(board) != wanted:  # noqa: ASYNC110 - the board gives no event
            await asyncio.sleep(0.01)


async def test_without_the_feed_everybody_reads() -> None:
    reads = Reads(a_line("a"))
    board = Board(reads)
    for number in range(1, 4):
        assert await names(board) == ["a"]
        assert len(reads.asked) == number
    assert reads.fresh == ["a", "a", "a"]


async def test_those_who_ask_while_somebody_reads_share_the_next_reading() -> None:
    reads = Reads(a_line("a"))
    board = Board(reads)
    reads.free.clear()
    first = asyncio.create_task(board.waiting(ALL))
    await until(lambda: bool(reads.asked))
    reads.waiting.append(a_line("b"))
    others = [asyncio.create_task(board.waiting(ALL)) for _ in range(50)]
    await asyncio.sleep(0)
    reads.free.set()
    assert len((await first).rows) == 1
    assert {len(waiting.rows) for waiting in await asyncio.gather(*others)} == {2}
    assert len(reads.asked) == 2


async def test_while_nothing_is_heard_to_change_one_reading_serves_all() -> None:
    reads, feed = Reads(a_line("a"), a_line("b", "430300")), MemoryFeed()
    board = Board(reads)
    async with hearing(board, feed):
        got = await asyncio.gather(*(names(board) for _ in range(50)), *(names(board, CHANGSHA) for _ in range(50)))
    assert got == [["a", "b"]] * 50 + [["a"]] * 50
    assert len(reads.asked) == 2
    assert sorted(reads.fresh) == ["a", "b"]


async def test_a_change_is_shown_and_only_its_line_is_read_again() -> None:
    reads, feed = Reads(a_line("a"), a_line("b")), MemoryFeed()
    board = Board(reads)
    async with hearing(board, feed):
        await names(board)
        reads.waiting.append(a_line("c"))
        reads.waiting[0] = a_line("a", last_words="又写了")
        await feed.publish(about("c", EventKind.HANDOFF_REQUESTED), about("a"))
        await heard(board, reads, ["a", "b", "c"])
        async with asyncio.timeout(SOON_S):
            while (await board.glance(ALL)).rows[0].last_words != "又写了":  # noqa: ASYNC110 - the board gives no event
                await asyncio.sleep(0.01)
    assert reads.fresh.count("b") == 1


async def test_what_changes_during_a_reading_is_read_again() -> None:
    reads, feed = Reads(a_line("a")), MemoryFeed()
    board = Board(reads)
    async with hearing(board, feed):
        reads.free.clear()
        reading = asyncio.create_task(board.glance(ALL))
        await until(lambda: bool(reads.asked))
        reads.waiting[0] = a_line("a", last_words="又写了")
        await feed.publish(about("a"))
        await asyncio.sleep(0.05)
        reads.free.set()
        await reading
        assert (await board.glance(ALL)).rows[0].last_words == "又写了"


async def test_a_page_is_never_older_than_the_question() -> None:
    reads, feed = Reads(a_line("a")), MemoryFeed()
    board = Board(reads)
    async with hearing(board, feed):
        await board.waiting(ALL)
        reads.waiting.append(a_line("b"))
        assert len((await board.waiting(ALL)).rows) == 2


async def test_a_failed_reading_fails_for_those_who_shared_it_and_for_nobody_else() -> None:
    reads, feed = Reads(a_line("a")), MemoryFeed()
    board = Board(reads)
    async with hearing(board, feed):
        reads.available = False
        got = await asyncio.gather(*(board.glance(ALL) for _ in range(3)), return_exceptions=True)
        assert [type(one) for one in got] == [StoreUnavailable] * 3
        reads.available = True
        assert await names(board) == ["a"]


async def test_when_the_feed_is_away_everybody_reads_again() -> None:
    reads, feed = Reads(a_line("a")), MemoryFeed()
    board = Board(reads)
    stop = asyncio.Event()
    following = asyncio.create_task(board.follow(feed, stop))
    await until(lambda: board.hears)
    feed.available = False
    await until(lambda: not board.hears)
    before = len(reads.asked)
    await names(board)
    await names(board)
    assert len(reads.asked) == before + 2
    stop.set()
    await following


async def test_a_card_is_drawn_once_for_each_kind_of_list_until_its_line_is_another() -> None:
    drawn: list[str] = []

    def draw(row: ListedConversation) -> Markup:
        drawn.append(row.last_words)
        return Markup(row.last_words)

    board, line = Board(Reads()), a_line("a")
    assert board.card(line, "waiting", draw) == board.card(line, "waiting", draw) == "你好"
    assert board.card(a_line("a", last_words="又写了"), "waiting", draw) == "又写了"
    assert drawn == ["你好", "又写了"]
    assert board.card(line, "own", lambda row: Markup("我的")) == "我的"
    assert board.card(a_line("a", last_words="又写了"), "own", draw) == "又写了"


@pytest.mark.parametrize("desks", [1, 50])
async def test_the_more_desks_are_open_the_less_often_each_asks(desks: int) -> None:
    board = Board(Reads())
    for number in range(desks):
        board.pace_ms(f"li{number}")
    assert board.pace_ms("li0") == max(QUICKEST_MS, EACH_MS * desks)
