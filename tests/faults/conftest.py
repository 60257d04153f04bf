"""Marks what starts real processes."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The short run starts a whole house; the counting is quick and needs none."""
    for item in items:
        if "tests/faults/test_nothing_lost" in item.nodeid:
            item.add_marker(pytest.mark.process)
            item.add_marker(pytest.mark.timeout(1500))
