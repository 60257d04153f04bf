"""The house that these tests push to."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from wechat_platform import House, house

from bot.bootstrap import read_bare_rules
from bot.triage import Rules


@pytest.fixture(scope="session")
def rules() -> Rules:
    """The rules of triage as they are."""
    return read_bare_rules()


@pytest.fixture
async def home(rules: Rules) -> AsyncIterator[House]:
    """A gateway with one account in each mode, short waits, and a worker that is there."""
    made = house(rules)
    await made.inbox.attend("worker")
    async with made.platform:
        yield made
