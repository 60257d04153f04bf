"""One platform per test."""

from collections.abc import AsyncIterator

import pytest
from simulator_fakes import World, world


@pytest.fixture
async def w() -> AsyncIterator[World]:
    """A platform whose gateway answers `success` unless told otherwise."""
    made = world()
    yield made
    await made.coach.close()
    await made.player.close()
    await made.platform.close()
    await made.api.aclose()
