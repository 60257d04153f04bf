"""One shell of the site a test."""

from __future__ import annotations

import pytest

from tests.sites.web.shell import Shell, make_shell


@pytest.fixture
async def shell() -> Shell:
    return make_shell()
