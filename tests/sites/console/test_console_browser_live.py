"""In a real browser: nothing that happens while a part of the desk is on its way is missed."""

from __future__ import annotations

import asyncio

from playwright.async_api import Page, Route, expect

from bot import handoff
from tests.doubles.office import Office
from tests.sites.console.browsing import IN_A_BROWSER, desk, hears, served

pytestmark = IN_A_BROWSER


async def rest_slowly(page: Page, pause_ms: int = 1500) -> None:
    """What htmx does within 20 ms of a swap now takes this long: until then it does not know the new part."""
    await page.evaluate(f"htmx.config.defaultSettleDelay = {pause_ms}")


async def test_words_that_come_before_htmx_knows_the_opened_conversation(office: Office) -> None:
    await office.hire("li")
    talk = await office.waiting("第1句")
    async with served(office) as port, desk(port) as (page, complaints):
        await rest_slowly(page)
        await page.click(f"#card-{talk.id} > a")
        await expect(page.locator("#conversation.htmx-settling .line.hers, .htmx-added .line.hers")).to_have_count(1)
        await hears(office, talk, "第2句")
        await expect(page.locator(".line.hers .text")).to_have_text(["第1句", "第2句"])
    assert complaints == []


async def test_words_that_come_while_an_older_answer_comes_to_rest(office: Office) -> None:
    """The second request waits behind the first, and is forgotten by htmx when the first comes to rest."""
    li, talk = await office.hire("li"), await office.waiting("第1句")
    await handoff.claim(talk.id, li, office.ports.handoff)
    asked, let_go = asyncio.Semaphore(0), asyncio.Semaphore(0)

    async def is_slow(route: Route) -> None:
        answer = await route.fetch()
        asked.release()
        await let_go.acquire()
        await route.fulfill(response=answer)

    async with served(office) as port, desk(port) as (page, complaints):
        await page.goto(f"http://127.0.0.1:{port}/desk/conversations/{talk.id}")
        await expect(page.locator("[data-link=up]")).to_be_attached()
        await rest_slowly(page)
        await page.route("**/live?*", is_slow, times=2)
        await hears(office, talk, "第2句")
        await asked.acquire()
        await hears(office, talk, "第3句")
        let_go.release()
        await asked.acquire()
        await hears(office, talk, "第4句")
        await expect(page.locator(".line.hers .text")).to_have_text([f"第{number}句" for number in range(1, 5)])
        await page.evaluate(
            "window.counts = []; document.addEventListener('htmx:afterSwap',"
            " () => counts.push(document.querySelectorAll('.line.hers').length))"
        )
        let_go.release()  # the older answer comes last, and takes nothing away
        await hears(office, talk, "第5句")
        await expect(page.locator(".line.hers .text")).to_have_text([f"第{number}句" for number in range(1, 6)])
        assert min(await page.evaluate("counts")) >= 4
    assert complaints == []


async def test_an_older_answer_that_comes_last_does_not_stay(office: Office) -> None:
    await office.hire("li")
    first, second = await office.waiting("第一位"), await office.waiting("第二位")
    let_go, asked = asyncio.Event(), asyncio.Event()

    async def comes_late(route: Route) -> None:
        answer = await route.fetch()
        asked.set()
        await let_go.wait()
        await route.fulfill(response=answer)

    async with served(office) as port, desk(port) as (page, _):
        await page.click(f"#card-{first.id} > a")
        await expect(page.locator(".line.hers .text")).to_have_text(["第一位"])
        await page.route(f"**/conversations/{second.id}", comes_late, times=1)
        await page.click(f"#card-{second.id} > a")
        await asked.wait()
        await hears(office, second, "还有一句")
        let_go.set()
        await expect(page.locator(".line.hers .text")).to_have_text(["第二位", "还有一句"])


async def test_a_refresh_that_failed_is_asked_for_again(office: Office) -> None:
    await office.hire("li")
    talk = await office.waiting("第1句")

    async def fails(route: Route) -> None:
        await route.fulfill(status=503, body="")

    async with served(office) as port, desk(port) as (page, _):
        await page.click(f"#card-{talk.id} > a")
        await expect(page.locator(".line.hers")).to_have_count(1)
        await page.route("**/live?*", fails, times=1)
        await hears(office, talk, "第2句")
        await expect(page.locator(".line.hers .text")).to_have_text(["第1句", "第2句"])
