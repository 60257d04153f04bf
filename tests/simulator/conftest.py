"""One platform per test."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect
from simulator_fakes import World, world

expect.set_options(timeout=20_000)  # a slow day is no failure


@pytest.fixture
async def w() -> AsyncIterator[World]:
    """A platform whose gateway answers `success` unless told otherwise."""
    made = world()
    yield made
    await made.coach.close()
    await made.player.close()
    await made.platform.close()
    await made.api.aclose()
