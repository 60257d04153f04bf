"""Marks what starts real processes."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The judging itself starts a Rasa; the arithmetic is quick and needs none."""
    for item in items:
        if "tests/understanding/test_understanding_floors" in item.nodeid:
            item.add_marker(pytest.mark.process)
            item.add_marker(pytest.mark.timeout(1500))
