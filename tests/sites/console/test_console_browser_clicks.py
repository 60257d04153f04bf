"""In a real browser: the conversation that she clicked last is the one that opens, whichever answer comes first."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest
from playwright.async_api import Request, Route, expect

from bot import handoff
from tests.doubles.office import Office
from tests.sites.console.browsing import IN_A_BROWSER, desk, served

pytestmark = IN_A_BROWSER

CLICK = "ids => ids.forEach(id => document.querySelector(`#card-${id} > a`).click())"


@pytest.mark.parametrize("slower", [0, 1])
async def test_of_two_quick_clicks_the_last_one_counts(office: Office, slower: int) -> None:
    li, talks = await office.hire("li"), [await office.waiting(words) for words in ("第一位", "第二位")]
    for talk in talks:
        await handoff.claim(talk.id, li, office.ports.handoff)

    async def late(route: Route, _: Request, after: asyncio.Event) -> None:
        await after.wait()
        await route.continue_()

    async with served(office) as port, desk(port) as (page, _):
        may_come, first_is_over = asyncio.Event(), asyncio.Event()
        await page.route(f"**/desk/conversations/{talks[slower].id}", partial(late, after=may_come))
        first, last = talks

        def ended(request: Request) -> None:
            if request.url.endswith(first.id):
                first_is_over.set()

        page.on("requestfinished", ended)
        page.on("requestfailed", ended)
        await page.evaluate(CLICK, [first.id, last.id])
        opened = page.locator(f"#conversation[data-id='{last.id}']")
        if slower == 0:
            await expect(opened).to_be_visible()
            may_come.set()
        await first_is_over.wait()
        may_come.set()
        await expect(opened).to_be_visible()
        await expect(page).to_have_url(f"http://127.0.0.1:{port}/desk/conversations/{last.id}")
        await page.unroute_all(behavior="ignoreErrors")
