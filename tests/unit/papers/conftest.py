"""The house's own templates and typeface."""

from __future__ import annotations

import pytest

from bot.papers import Stationery
from tests.unit.papers.papers_read import DATA


@pytest.fixture(scope="session")
def stationery() -> Stationery:
    return Stationery.open(DATA)
