"""The live stream: what changed, to one browser or API client, for as long as it listens."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from datetime import timedelta

import structlog
from sse_starlette import EventSourceResponse, ServerSentEvent
from sse_starlette.sse import AppStatus

from bot.conversation.clock import Clock
from bot.conversation.errors import NotFound, Unavailable
from bot.conversation.events import Event
from bot.conversation.ports import Feed
from bot.conversation.staff import Scope

log = structlog.get_logger(__name__)

COMMENT_EVERY_S = 15
"""Proxies close a connection on which nothing comes, mostly after 60 s."""

BEAT_EVERY = timedelta(seconds=20)
_LOOK_UP_S = 1.0
"""How soon after connecting the listener learns that from here on it misses nothing."""

_RETRY_MS = 2000

Beat = Callable[[], Awaitable[bool]]
"""Called at the start and every 20 s; False ends the stream."""


def stream(feed: Feed, scope: Scope, last_id: str | None, beat: Beat, clock: Clock) -> EventSourceResponse:
    """The answer to a listener: events of her scope after `last_id`, and a comment when nothing happens."""
    return EventSourceResponse(
        listen(feed, scope, last_id, beat, clock),
        ping=COMMENT_EVERY_S,
        ping_message_factory=lambda: ServerSentEvent(comment="still here"),
        sep="\n",
    )


async def listen(
    feed: Feed, scope: Scope, last_id: str | None, beat: Beat, clock: Clock
) -> AsyncIterator[ServerSentEvent]:
    """`ready` once nothing can be missed any more, then each event; `reload` if `last_id` is no longer kept."""
    ready, due = False, clock.now() + BEAT_EVERY
    try:
        if not await beat():
            return
        async with aclosing(feed.follow(last_id, _LOOK_UP_S)) as events:
            async for event in events:
                if not ready:
                    ready = True
                    yield ServerSentEvent(event="ready", data="{}", retry=_RETRY_MS)
                if not due - BEAT_EVERY <= clock.now() < due:  # a clock set back must not put off the next beat
                    due = clock.now() + BEAT_EVERY
                    if not await beat():
                        return
                if event is not None and scope.covers(event.account_id, event.region):
                    yield _sent(event)
    except NotFound:
        yield ServerSentEvent(event="reload", data="{}", retry=_RETRY_MS)
    except Unavailable as error:
        log.warning("stream ended", error=type(error).__name__)  # the listener comes back by itself


async def end_streams(stop: asyncio.Event) -> None:
    """Beside the server: when it is asked to end, let the listeners go; it would wait for them to leave."""
    await stop.wait()
    AppStatus.should_exit = True


def _sent(event: Event) -> ServerSentEvent:
    data = {
        "kind": event.kind,
        "account_id": event.account_id,
        "region": event.region,
        "conversation_id": event.conversation_id,
        "level": event.level,
    }
    return ServerSentEvent(id=event.id, event=event.kind, data=json.dumps(data))
