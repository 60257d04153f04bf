"""The desk in a real browser: live, by keyboard, and harmless whatever was written."""

from __future__ import annotations

from contextlib import AsyncExitStack

from playwright.async_api import Route, expect

from bot import handoff
from bot.conversation.levels import Level
from tests.doubles.office import Office
from tests.processes.ports import kept_port
from tests.sites.console.browsing import IN_A_BROWSER, cover_by_keys, desk, hears, served, width_of

pytestmark = IN_A_BROWSER


async def test_a_shift_by_keyboard(office: Office) -> None:
    await office.hire("li")
    async with served(office) as port, desk(port) as (page, complaints):
        talk = await office.waiting("救命", level=Level.CRITICAL, minutes=0)
        await expect(page.locator(f"#card-{talk.id}")).to_contain_text("救命")
        await expect(page).to_have_title("(1) 工作台 · 娘家")
        await page.keyboard.press("n")
        await expect(page.locator("#conversation[data-state=mine]:not(.htmx-added)")).to_be_visible()
        await page.keyboard.press("r")
        await page.keyboard.type("您现在安全吗")
        await hears(office, talk, "他在砸门")
        await expect(page.locator(".line.hers")).to_have_count(2)
        await expect(page.locator("#reply textarea")).to_have_value("您现在安全吗")
        await page.reload()
        await expect(page.locator("#reply textarea")).to_have_value("您现在安全吗")
        await page.focus("#reply textarea")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator(".line.ours .fate")).to_have_text("待发送")
        await expect(page.locator("#reply textarea")).to_have_value("")
        await cover_by_keys(page)
        await page.locator("#cover").click()
        await page.get_by_text("结束", exact=True).click()
        await page.get_by_role("button", name="结束会话").click()
        await expect(page.locator("#said")).to_contain_text("会话已结束")
        await expect(page.locator("#lists")).to_contain_text("您手里没有会话")
    assert complaints == []


async def test_after_a_reconnect_nothing_is_lost_or_doubled(office: Office) -> None:
    await office.hire("li")
    talk = await office.waiting("第1句")
    async with AsyncExitStack() as stack:
        port = stack.enter_context(kept_port())
        async with served(office, port):
            page, _ = await stack.enter_async_context(desk(port))
            await page.click(f"#card-{talk.id} > a")
            await hears(office, talk, "第2句")
            await expect(page.locator(".line.hers")).to_have_count(2)
        await expect(page.locator("[data-link=down]")).to_be_visible()
        await hears(office, talk, "第3句", "第4句")
        await stack.enter_async_context(served(office, port))
        await expect(page.locator("[data-link=up]")).to_be_attached()
        await hears(office, talk, "第5句")
        shown = [f"第{number}句" for number in range(1, 6)]
        await expect(page.locator(".line.hers .text")).to_have_text(shown)


async def test_hostile_words_stay_words(office: Office) -> None:
    await office.hire("li")
    trick = '<img src=x onerror="document.title=1"><script>document.title=2</script>'
    talk = await office.waiting(trick, "\u202e\u2066" * 50 + "反", "长" * 5000)
    async with served(office) as port, desk(port, 390, 844) as (page, complaints):
        await page.click(f"#card-{talk.id} > a")
        await expect(page.locator(".line .text").first).to_have_text(trick)
        assert await page.locator(".line img, .line script").count() == 0
        assert await width_of(page) <= 390
        await page.get_by_text("展开（还有").click()
        await hears(office, talk, "又一句")
        await expect(page.locator(".line.hers")).to_have_count(4)
        assert await page.locator(".line details").evaluate("rest => rest.open")
        assert (await page.title()).endswith("工作台 · 娘家")
    assert complaints == []


async def test_who_is_too_late_is_told_and_the_list_is_fresh(office: Office) -> None:
    await office.hire("li")
    wang = await office.hire("wang")
    talk = await office.waiting("你好")

    async def is_lost(route: Route) -> None:
        await route.abort()

    async with served(office) as port, desk(port) as (page, _):
        await page.route("**/events", is_lost)  # from the next page on only what she does herself refreshes the list
        await page.reload()
        await expect(page.locator("[data-link=down]")).to_be_attached()
        await handoff.claim(talk.id, wang, office.ports.handoff)
        await page.click(f"#card-{talk.id} .take")
        await expect(page.locator("#said")).to_contain_text("已被其他同事接走")
        await expect(page.locator("#lists")).to_contain_text("现在没有人在等")
        assert page.url.endswith("/desk")
