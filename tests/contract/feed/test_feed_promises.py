"""What every feed promises: all events in one order, replayed from the last one seen, and a heartbeat."""

from __future__ import annotations

import asyncio

import pytest

from bot.conversation.errors import NotFound
from bot.conversation.events import EventKind
from bot.conversation.ports import Feed
from tests.contract.feed.reading import an_event, browsing, without_id


async def published(feed: Feed, *conversations: str) -> list[str]:
    """The ids of new events of these conversations."""
    async with browsing(feed) as browser:
        await browser.heartbeat()
        await feed.publish(*map(an_event, conversations))
        return [event.id for event in await browser.events(len(conversations))]


async def test_an_event_comes_as_it_was_published_with_an_id(feed: Feed) -> None:
    events = [an_event(f"c{number}", kind, level) for number, kind in enumerate(EventKind) for level in ("high", None)]
    async with browsing(feed) as browser:
        await browser.heartbeat()
        await feed.publish(*events)
        got = await browser.events(len(events))
    assert [without_id(event) for event in got] == events
    assert len({event.id for event in got if event.id}) == len(events)


async def test_events_come_in_one_order_to_every_browser(feed: Feed) -> None:
    async with browsing(feed) as first, browsing(feed) as second:
        await first.heartbeat()
        await second.heartbeat()
        await asyncio.gather(*(feed.publish(an_event(f"c{number}")) for number in range(20)))
        orders = [await first.events(20), await second.events(20)]
    assert orders[0] == orders[1]
    assert {event.conversation_id for event in orders[0]} == {f"c{number}" for number in range(20)}


async def test_without_a_last_id_it_begins_now(feed: Feed) -> None:
    await feed.publish(an_event("before"))
    async with browsing(feed) as browser:
        await browser.heartbeat()
        await feed.publish(an_event("after"))
        assert await browser.conversations(1) == ["after"]


async def test_with_a_last_id_it_catches_up_and_goes_on(feed: Feed) -> None:
    ids = await published(feed, "c1", "c2", "c3")
    async with browsing(feed, ids[0]) as browser:
        assert await browser.conversations(2) == ["c2", "c3"]
        await browser.heartbeat()
        await feed.publish(an_event("c4"))
        assert await browser.conversations(1) == ["c4"]


async def test_who_saw_the_last_event_gets_nothing_old(feed: Feed) -> None:
    ids = await published(feed, "c1", "c2")
    async with browsing(feed, ids[-1]) as browser:
        await browser.heartbeat()


async def test_catching_up_on_many_events_leaves_none_out(feed: Feed) -> None:
    (first, *_) = await published(feed, "c0")
    names = [f"c{number}" for number in range(1, 501)]
    await feed.publish(*map(an_event, names))
    async with browsing(feed, first) as browser:
        assert await browser.conversations(500) == names


@pytest.mark.parametrize("last_id", ["1-1", "", "$", "-", "nonsense", f"{'9' * 40}-0", "1-1-1", "٣-٣", "1-1\n"])
async def test_an_id_that_is_not_kept_is_not_found(feed: Feed, last_id: str) -> None:
    await feed.publish(an_event("c1"))
    with pytest.raises(NotFound):
        await anext(feed.follow(last_id, 0.1))


async def test_a_heartbeat_comes_when_nothing_happens_and_again(feed: Feed) -> None:
    async with browsing(feed, heartbeat_s=0.02) as browser:
        for _ in range(3):
            await browser.heartbeat()
        await feed.publish(an_event("c1"))
        assert await browser.conversations(1) == ["c1"]


async def test_publishing_nothing_is_nothing(feed: Feed) -> None:
    async with browsing(feed) as browser:
        await browser.heartbeat()
        await feed.publish()
        await browser.heartbeat()
