"""Alerts and lost conversations in a real browser: live, on a phone, and for who comes back."""

from __future__ import annotations

from playwright.async_api import Request, expect

from bot import handoff
from bot.conversation.levels import Level
from tests.doubles.office import Office
from tests.sites.console.browsing import IN_A_BROWSER, desk, served, width_of
from tests.sites.console.watching import look, raised, vanish

pytestmark = IN_A_BROWSER


async def test_a_colleague_sees_what_was_given_back_at_once_and_who_vanished_when_she_returns(office: Office) -> None:
    li = await office.hire("li", name="李晓梅")
    await office.hire("wang", name="王芳")
    talk = await office.waiting("他又喝酒了", level=Level.CRITICAL)
    card = f"#lists [data-waiting][data-conversation='{talk.id}']"
    async with served(office) as port:
        async with desk(port) as (page, complaints):
            await page.keyboard.press("n")
            await expect(page.locator("#reply")).to_be_visible()
        async with desk(port, name="wang") as (page, complaints):
            await expect(page.locator(card)).to_have_count(0)
            await vanish(office)
            await expect(page.locator(card)).to_be_visible()
            await page.reload()
            await expect(page.locator(card)).to_be_visible()
            await expect(page.locator("#given-back")).to_have_count(0)
            assert complaints == []
        async with desk(port) as (page, complaints):
            await expect(page.locator("#given-back")).to_contain_text("有 1 条会话已放回等候")
            await page.locator("#given-back a").click()
            await expect(page.locator(".bystander")).to_contain_text("您的页面断开了一分多钟")
            await handoff.claim(talk.id, li, office.ports.handoff)
            await expect(page.locator("#given-back")).to_have_count(0)
            await expect(page.locator("#reply")).to_be_visible()
            assert complaints == []


async def test_an_alert_comes_and_goes_without_a_reload(office: Office) -> None:
    li = await office.hire("li")
    talk = await office.waiting("在吗", level=Level.HIGH, minutes=12)
    async with served(office) as port, desk(port) as (page, complaints):
        await expect(page.locator("#alerts-list")).to_have_count(0)
        await look(office)
        await expect(page.locator("#alerts-list summary")).to_contain_text("等人接入，没有人接")
        await handoff.claim(talk.id, li, office.ports.handoff)
        await look(office)
        await expect(page.locator("#alerts-list")).to_have_count(0)
    assert complaints == []


async def test_every_page_tells_of_itself(office: Office) -> None:
    await office.hire("li")
    async with served(office) as port, desk(port) as (page, complaints):
        for address in ("/desk", "/desk/cases", "/desk/alerts", "/account"):

            def is_word(request: Request) -> bool:
                return request.url.endswith("/desk/here")

            async with page.context.expect_event("request", is_word):
                await page.goto(f"http://127.0.0.1:{port}{address}")
    assert complaints == []


async def test_the_page_and_the_banner_fit_a_phone(office: Office) -> None:
    await office.hire("li")
    await office.waiting("在吗", level=Level.CRITICAL, minutes=12)
    await look(office)
    await raised(office)
    async with served(office) as port, desk(port, 390, 844) as (page, complaints):
        assert await width_of(page) <= 390
        await page.locator("#alerts-list summary").click()
        await page.get_by_role("link", name="全部提醒").click()
        await expect(page.locator(".alert-list > li")).to_have_count(3)
        assert await width_of(page) <= 390
    assert complaints == []
