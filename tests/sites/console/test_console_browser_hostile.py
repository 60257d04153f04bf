"""In a real browser: hostile words run nothing and push nothing aside; a broken stream loses and doubles nothing."""

from __future__ import annotations

from contextlib import AsyncExitStack

import pytest
from playwright.async_api import Page, expect

from bot import handoff
from bot.conversation.events import Event, EventKind
from bot.conversation.staff import Role
from tests.doubles.office import Office
from tests.processes.ports import kept_port
from tests.sites.console.browsing import IN_A_BROWSER, desk, served
from tests.sites.console.hostile import FLOODS, SHORT, everywhere

pytestmark = [*IN_A_BROWSER, pytest.mark.timeout(300)]

MESSAGES = 200
PAGES = ("chat", "replies", "case", "cases", "account")
OVERFLOWING = """() => {
  const wide = document.documentElement;
  return window.pwned !== undefined || wide.scrollWidth > wide.clientWidth;
}"""


async def answers(page: Page) -> None:
    """The page draws, and hears her."""
    await page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")


@pytest.mark.parametrize("trick", [SHORT, *FLOODS])
async def test_hostile_words_run_nothing_and_push_nothing_off_the_screen(office: Office, trick: str) -> None:
    pages = await everywhere(office, "li", trick)
    async with served(office) as port, desk(port) as (page, complaints):
        for name in PAGES:
            for width in (1440, 390):
                await page.set_viewport_size({"width": width, "height": 844})
                await page.goto(f"http://127.0.0.1:{port}{pages[name]}")
                for fold in await page.locator(".bubble details > summary").all():
                    await fold.click()
                await answers(page)
                assert not await page.evaluate(OVERFLOWING), (name, width)
                assert await page.evaluate("typeof pwned") == "undefined", name
        assert complaints == []


async def test_two_hundred_messages_while_the_stream_is_cut_are_all_there_once(office: Office) -> None:
    li = await office.hire("li", Role.OPERATOR)
    talk = await office.waiting("第一句")
    await handoff.claim(talk.id, li, office.ports.handoff)

    async def writes(number: int) -> None:
        await office.hears(talk, f"第{number}条")
        await office.feed.publish(Event(EventKind.MESSAGE_ADDED, "hunan", "430000", talk.id))

    async with AsyncExitStack() as stack:
        port = stack.enter_context(kept_port())
        async with served(office, port):
            page, _ = await stack.enter_async_context(desk(port))
            await page.goto(f"http://127.0.0.1:{port}/desk/conversations/{talk.id}")
            await expect(page.locator("[data-link=up]")).to_be_attached()
            for number in range(MESSAGES // 4):
                await writes(number)
        await expect(page.locator("[data-link=down]")).to_be_attached()
        for number in range(MESSAGES // 4, MESSAGES // 2):
            await writes(number)
        async with served(office, port):
            for number in range(MESSAGES // 2, MESSAGES):
                await writes(number)
            last = page.locator(f"#lines-{talk.id} .text", has_text=f"第{MESSAGES - 1}条")
            await expect(last).to_be_attached(timeout=120_000)
            shown = await page.locator(f"#lines-{talk.id} .line.hers .text").all_inner_texts()
            assert shown == ["第一句", *(f"第{number}条" for number in range(MESSAGES))]
