"""The office's files in a real browser: by keyboard, on a phone, and nothing typed is lost."""

from __future__ import annotations

from playwright.async_api import expect

from bot.conversation.levels import Level, Topic
from tests.doubles.office import Office
from tests.sites.console.browsing import IN_A_BROWSER, desk, served

pytestmark = IN_A_BROWSER


async def some_cases(office: Office) -> None:
    await office.hire("li", name="李晓梅")
    for number, topic in enumerate(Topic):
        await office.waiting("你好", level=Level.HIGH, topic=topic, minutes=60 * number)
    await office.waiting("救命", level=Level.CRITICAL, reasons=("孩子正被打伤或虐待",), account_id="changsha")


async def test_a_case_by_keyboard_and_nothing_typed_is_lost(office: Office) -> None:
    await some_cases(office)
    async with served(office) as port, desk(port) as (page, complaints):
        await page.click("text=办件")
        await expect(page.locator("#case-list li")).to_have_count(6)
        await page.wait_for_load_state("load")  # the keys are heard from then on
        await page.keyboard.press("j")
        await page.keyboard.press("Enter")
        await expect(page.locator(".must-report h2")).to_be_visible()
        await page.click("summary:has-text('转送')")
        await page.fill("#words-forwarded", "长沙市公安局天心分局")
        await page.locator("[name=agency]").last.select_option("police")
        await page.get_by_role("button", name="转送", exact=True).click()
        await expect(page.locator(".case-head")).to_contain_text("已转送 · 公安")
        await expect(page.locator(".history")).to_contain_text("长沙市公安局天心分局")
        await page.click("summary:has-text('填结果'), summary:has-text('约回访')")
        await page.fill("#visit-words", "她说周六上午")
        await page.evaluate("document.querySelector('[name=day][min]').removeAttribute('min')")
        await page.fill("[aria-labelledby=visit-title] [name=day]", "2026-01-01")
        await page.get_by_role("button", name="约好").click()
        await expect(page.locator("#said")).to_contain_text("没有保存，请补上再交")
        await expect(page.locator("#visit-words")).to_have_value("她说周六上午")
        await page.keyboard.press("Escape")
        await page.keyboard.press("Escape")
        await expect(page.locator("#cover")).to_be_visible()
    assert [one for one in complaints if "422" not in one] == []


async def test_on_a_phone_nothing_runs_over_the_edge(office: Office) -> None:
    await some_cases(office)
    async with served(office) as port, desk(port, 390, 844) as (page, complaints):
        await page.goto(f"http://127.0.0.1:{port}/desk/cases")
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390
        await page.click("#case-list a >> nth=0")
        await expect(page.locator("#case")).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    assert complaints == []
