"""Patience of the browser tests: a slow day is no failure."""

from __future__ import annotations

from playwright.async_api import expect

expect.set_options(timeout=20_000)
