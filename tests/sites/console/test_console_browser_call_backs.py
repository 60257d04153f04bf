"""Calls back in a real browser: the number appears on demand, what was typed stays, and a phone shows all of it."""

from __future__ import annotations

from playwright.async_api import expect

from bot import handoff
from bot.conversation.levels import Level
from tests.doubles.office import Office
from tests.sites.console.browsing import IN_A_BROWSER, desk, served, settled, width_of

pytestmark = IN_A_BROWSER


async def some_calls(office: Office) -> None:
    await office.hire("li", name="李晓梅")
    wishes = [
        (Level.HIGH, "13800000000", "明天上午他上班的时候", "no", "叫我小李，响三声没接就挂"),
        (Level.NORMAL, "073180000000", "工作日中午十二点到一点，我在店里", "yes", "没有"),
        (Level.CRITICAL, "13900000000", "今天下午三点以后", "no", ""),
    ]
    for level, phone, when, say_who, words in wishes:
        talk = await office.waiting("你好", level=level, account_id="changsha")
        answers = {"phone": phone, "when": when, "say_who": say_who, "words": words}
        async with office.units() as uow:
            await handoff.ask_call_back(uow, talk, answers, office.clock.now())
            await uow.commit()


async def test_a_number_is_shown_and_the_call_noted(office: Office) -> None:
    await some_calls(office)
    async with served(office) as port, desk(port) as (page, complaints):
        link = page.get_by_role("link", name="回电")
        await expect(link).to_contain_text("3")
        await link.click()
        await page.wait_for_url("**/desk/call-backs")
        await expect(page.locator(".calls > li")).to_have_count(3)
        assert "139 0000 0000" not in await page.content()
        second = page.locator(".calls > li").nth(1)
        await second.locator("textarea").fill("先写好的备注")
        first = page.locator(".calls > li").first
        await first.get_by_role("button", name="看号码").click()
        await expect(page.locator("p.number b")).to_have_text("139 0000 0000")
        await expect(second.locator("textarea")).to_have_value("先写好的备注")
        await settled(page)
        await first.get_by_role("button", name="打通了").click()
        await expect(page.locator(".calls > li")).to_have_count(2)
        await expect(link).to_contain_text("2")
        assert "139 0000 0000" not in await page.content()
        await page.get_by_text("最近30天的").click()
        await expect(page.locator(".settled li")).to_contain_text("打通了")
    assert complaints == []


async def test_on_a_phone_nothing_runs_over_the_edge(office: Office) -> None:
    await some_calls(office)
    async with served(office) as port, desk(port, 390, 844) as (page, complaints):
        await page.goto(f"http://127.0.0.1:{port}/desk/call-backs")
        await page.get_by_role("button", name="看号码").first.click()
        await expect(page.locator("p.number b")).to_be_visible()
        assert await width_of(page) <= 390
    assert complaints == []
