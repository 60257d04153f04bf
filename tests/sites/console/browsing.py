"""A served office, and a desk in a real browser."""

from __future__ import annotations

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.async_api import Page, async_playwright, expect

import bot.web
from bot.conversation.conversations import Conversation
from bot.conversation.events import Event, EventKind
from tests.doubles.office import PASSWORD, Office

CHROMIUM = shutil.which("chromium")
ASSETS = Path(bot.web.__file__).parent / "static" / "vendor" / "htmx.min.js"

IN_A_BROWSER = [
    pytest.mark.browser,
    pytest.mark.timeout(240),  # a slow day is no failure
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here"),
    pytest.mark.skipif(not ASSETS.exists(), reason="no browser assets here: npm ci && npm run assets"),
]


@asynccontextmanager
async def served(office: Office, port: int = 0) -> AsyncIterator[int]:
    """The port of the served office; when it ends, listeners are cut off."""
    listening = socket.create_server(("127.0.0.1", port))
    config = uvicorn.Config(office.site, log_level="critical", ws="none", timeout_graceful_shutdown=0)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        await serving
        await asyncio.gather(*server.server_state.tasks, return_exceptions=True)  # they give back what they hold


@asynccontextmanager
async def desk(
    port: int, width: int = 1440, height: int = 900, *, name: str = "li", letters: int = 16
) -> AsyncIterator[tuple[Page, list[str]]]:
    """A desk at which li or another is signed in, and what the browser complained about.

    `letters` is the size in pixels that she has set for the letters of all pages.
    """
    complaints: list[str] = []
    async with async_playwright() as playwright:
        size = f"--blink-settings=defaultFontSize={letters}"
        arguments = ["--no-sandbox", "--disable-background-networking", size]
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        page = await browser.new_page(viewport={"width": width, "height": height})
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        await page.goto(f"http://127.0.0.1:{port}/")
        await page.fill("#username", name)
        await page.fill("#password", PASSWORD)
        await page.keyboard.press("Enter")
        later, desk_is_up = page.get_by_role("link", name="这次先不开，去工作台"), page.locator("[data-link=up]")
        await expect(later.or_(desk_is_up)).to_be_attached()
        if await later.count():  # a supervisor is led to the second factor first
            await later.click()
        await expect(desk_is_up).to_be_attached()
        yield page, complaints
        await browser.close()


async def hears(office: Office, talk: Conversation, *texts: str) -> None:
    """She writes, and the browsers are told."""
    for text in texts:
        await office.hears(talk, text)
        await office.feed.publish(Event(EventKind.MESSAGE_ADDED, talk.account_id, talk.region, talk.id))


async def settled(page: Page) -> None:
    """Wait until htmx knows what it has put on the page: for 20 ms a form is sent as if there were no scripts."""
    await expect(page.locator(".htmx-settling")).to_have_count(0)


async def width_of(page: Page) -> int:
    """How wide the page is, its styles and scripts loaded."""
    await page.wait_for_load_state("load")
    width: int = await page.evaluate("document.documentElement.scrollWidth")
    return width


async def cover_by_keys(page: Page) -> None:
    """Escape twice, until the screen is covered: on a slow day two strokes are far apart."""
    await page.wait_for_load_state("load")  # the keys are heard from then on
    while not await page.locator("#cover").is_visible():
        await page.keyboard.press("Escape")
        await page.keyboard.press("Escape")
