"""The inboxes under contract."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import pytest

from bot.conversation.ports import Inbox
from bot.inbox import RedisInbox
from bot.store.encryption import FernetSealer
from tests.doubles.memory_inbox import MemoryInbox
from tests.processes.redis_server import RedisServer

InboxWithLease = Callable[[float], Inbox]

PATIENCE_S = 60.0
"""A waiter that is not woken looks again only after this, so that no test passes by luck."""

KINDS = ["memory", pytest.param("redis", marks=pytest.mark.process)]


@pytest.fixture(params=KINDS)
async def inbox_with_lease(request: pytest.FixtureRequest, sealer: FernetSealer) -> AsyncIterator[InboxWithLease]:
    """Makes an inbox of each kind whose claims run out after so many seconds."""
    if request.param == "memory":
        yield lambda lease_s: MemoryInbox(lease_s=lease_s)
        return
    server: RedisServer = request.getfixturevalue("redis_server")
    async with server.client() as redis, AsyncExitStack() as stack:
        await redis.flushall()

        def make(lease_s: float) -> Inbox:
            inbox = RedisInbox(redis, sealer, lease_s, recheck_s=PATIENCE_S)
            stack.push_async_callback(inbox.close)
            return inbox

        yield make


@pytest.fixture
def inbox(inbox_with_lease: InboxWithLease) -> Inbox:
    """An empty inbox of each kind, with a lease longer than any test."""
    return inbox_with_lease(60.0)
