"""The live stream: nothing missed, nothing doubled, nothing out of scope, and an end when it must end."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest
from sse_starlette import ServerSentEvent

from bot.conversation.events import Event, EventKind
from bot.conversation.staff import Scope
from bot.web.live import listen
from tests.doubles.clock import SettableClock
from tests.doubles.memory_feed import MemoryFeed

CHANGSHA = Scope(regions=frozenset({"430100"}))


def event(conversation: str, region: str = "430100") -> Event:
    """A message in this conversation."""
    return Event(EventKind.MESSAGE_ADDED, "hunan", region, conversation)


async def staying() -> bool:
    return True


async def heard(feed: MemoryFeed, last_id: str | None = None, scope: Scope = CHANGSHA) -> list[ServerSentEvent]:
    """All that a listener gets until the feed ends."""
    await feed.end()
    return [sent async for sent in listen(feed, scope, last_id, staying, SettableClock())]


def conversations(sent: list[ServerSentEvent]) -> list[str]:
    """Which conversations the events are about."""
    return [json.loads(one.data)["conversation_id"] for one in sent if one.event == "message.added"]


async def test_a_listener_who_comes_back_gets_what_it_missed_once() -> None:
    feed = MemoryFeed()
    await feed.publish(event("c1"), event("c2"), event("c3"))
    sent = await heard(feed, last_id="1-0")
    assert sent[0].event == "ready"
    assert conversations(sent) == ["c2", "c3"]
    assert [one.id for one in sent] == [None, "2-0", "3-0"]


async def test_events_outside_the_scope_are_not_sent() -> None:
    feed = MemoryFeed()
    await feed.publish(
        event("seen"), event("elsewhere", "430300"), event("province", "430000"), event("county", "430104")
    )
    assert conversations(await heard(feed, "1-0", CHANGSHA)) == ["county"]


async def test_an_id_that_is_no_longer_kept_asks_for_a_reload() -> None:
    feed = MemoryFeed()
    await feed.publish(event("c1"), event("c2"))
    feed.forget(1)
    assert [one.event for one in await heard(feed, "1-0")] == ["reload"]
    assert [one.event for one in await heard(feed, "no such id")] == ["reload"]


async def test_ready_comes_only_when_nothing_can_be_missed_any_more() -> None:
    feed = MemoryFeed()
    stream = aiter(listen(feed, CHANGSHA, None, staying, SettableClock()))
    first = await anext(stream)
    await feed.publish(event("c1"))
    await feed.end()
    rest = [sent async for sent in stream]
    assert first.event == "ready"
    assert conversations(rest) == ["c1"]


async def test_the_beat_goes_on_even_when_events_never_pause() -> None:
    beats = 0

    async def beat() -> bool:
        nonlocal beats
        beats += 1
        return beats < 4

    clock = SettableClock()

    class Busy(MemoryFeed):
        async def follow(self, last_id: str | None, heartbeat_s: float) -> AsyncGenerator[Event | None]:
            for number in range(1000):
                clock.advance(timedelta(seconds=1))
                yield event(f"c{number}")

    sent = [one async for one in listen(Busy(), CHANGSHA, None, beat, clock)]
    assert beats == 4
    assert len(conversations(sent)) == pytest.approx(60, abs=3)


@pytest.mark.parametrize("from_start", [True, False])
async def test_when_redis_goes_the_stream_ends_and_does_not_fail(from_start: bool) -> None:
    feed = MemoryFeed()
    stream = aiter(listen(feed, CHANGSHA, None, staying, SettableClock()))
    if not from_start:
        assert (await anext(stream)).event == "ready"
    feed.available = False
    assert [sent async for sent in stream] == []


async def test_the_beat_goes_on_when_the_clock_is_set_back() -> None:
    clock, beats = SettableClock(), 0

    async def beat() -> bool:
        nonlocal beats
        beats += 1
        return beats < 3

    class Busy(MemoryFeed):
        async def follow(self, last_id: str | None, heartbeat_s: float) -> AsyncGenerator[Event | None]:
            yield event("before")
            clock.advance(timedelta(hours=-1))
            for number in range(100):
                clock.advance(timedelta(seconds=1))
                yield event(f"c{number}")

    sent = [one async for one in listen(Busy(), CHANGSHA, None, beat, clock)]
    assert beats == 3
    assert len(conversations(sent)) < 50
