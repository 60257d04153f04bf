"""One shell of the site a test."""

from __future__ import annotations

import pytest

from tests.unit.web.shell import Shell, make_shell


@pytest.fixture
async def shell() -> Shell:
    return make_shell()
