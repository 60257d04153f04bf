"""The house that these tests push to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from wechat_platform import House, house

from bot.triage import Rules, load_rules


@pytest.fixture(scope="session")
def rules() -> Rules:
    """The rules of triage as they are."""
    return load_rules(Path("data/triage/rules.toml").read_text(encoding="utf-8"))


@pytest.fixture
async def home(rules: Rules) -> AsyncIterator[House]:
    """A gateway with one account in each mode, short waits, and a worker that is there."""
    made = house(rules)
    await made.inbox.attend("worker")
    async with made.platform:
        yield made
