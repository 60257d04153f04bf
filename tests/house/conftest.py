"""One house for all tests of the whole; each test brings people of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.house.house import House

expect.set_options(timeout=60_000)  # a slow day is no failure


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here starts real processes, the first test the whole house."""
    for item in items:
        if "tests/house/" in item.nodeid:
            item.add_marker(pytest.mark.process)
            item.add_marker(pytest.mark.timeout(600))


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The house, up until the last test has ended."""
    with House(tmp_path_factory.mktemp("house")).running() as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a sandbox (root) and without looking for the world outside."""
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-background-networking"]
        )
        yield chromium
        chromium.close()
