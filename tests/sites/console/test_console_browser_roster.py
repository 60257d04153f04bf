"""The plan of duty in a real browser: by keyboard, nothing typed is lost, and today in front on a phone."""

from __future__ import annotations

from playwright.async_api import expect

from bot.conversation.staff import Role
from tests.doubles.office import Office
from tests.sites.console.browsing import IN_A_BROWSER, cover_by_keys, desk, served, settled, width_of
from tests.sites.console.planning import add

pytestmark = IN_A_BROWSER


async def test_a_week_is_planned_by_keyboard_and_a_refusal_loses_nothing(office: Office) -> None:
    await office.hire("li", Role.SUPERVISOR, name="周主任")
    await office.hire("wang", name="王芳")
    async with served(office) as port, desk(port) as (page, complaints):
        await page.goto(f"http://127.0.0.1:{port}/desk/roster")
        await page.get_by_label("给王芳周三加一班").press("Enter")
        await expect(page.locator("#add [name=who]")).to_have_value(await _id(office, "wang"))
        await expect(page.locator("#add [name=day][type=date]")).to_have_value("2026-11-18")
        await page.wait_for_load_state("load")
        await page.fill("#add [name=day][type=date]", "")
        await page.get_by_role("checkbox", name="周一").press("Space")
        await page.get_by_role("checkbox", name="周二").press("Space")
        await page.get_by_role("button", name="加上").press("Enter")
        await expect(page.locator(".grid summary")).to_have_count(2)
        await expect(page.locator(".bare-times")).to_contain_text("周一 17:30 到周二 8:30")
        await settled(page)  # by then the focus is where it stays
        await page.locator("#add [name=who]").select_option(label="王芳")
        await page.fill("#add [name=starts]", "17:00")
        await page.get_by_role("checkbox", name="周二").check()
        await page.get_by_role("button", name="加上").press("Enter")
        await expect(page.locator("#said")).to_contain_text("和已经排好的班重了：每周二 8:30 到 17:30")
        await expect(page.locator("#add [name=starts]")).to_have_value("17:00")
        await expect(page.get_by_role("checkbox", name="周二")).to_be_checked()
    assert [one for one in complaints if "409" not in one] == []


async def test_a_day_off_is_marked_and_a_line_taken_away_by_keyboard(office: Office) -> None:
    await office.hire("li", Role.SUPERVISOR, name="周主任")
    wang = await office.hire("wang", name="王芳")
    async with office.browser("li") as client:
        await add(client, wang, "0", "1")
    async with served(office) as port, desk(port) as (page, complaints):
        await page.goto(f"http://127.0.0.1:{port}/desk/roster")
        summaries, window = page.locator(".grid summary"), page.locator(".grid details[open]")
        await summaries.first.press("Enter")
        await page.keyboard.press("Escape")
        await expect(window).to_have_count(0)
        await expect(summaries.first).to_be_focused()
        await summaries.last.click()
        await summaries.first.click()
        await expect(window).to_have_count(1)
        await page.get_by_role("link", name="只11月16日休息").press("Enter")
        await expect(page.locator("#add [name=kind]")).to_have_value("off")
        await page.wait_for_load_state("load")
        await page.get_by_role("button", name="加上").press("Enter")
        await expect(page.locator(".grid .off")).to_have_text("休息", use_inner_text=True)
        await settled(page)  # by then the focus is where it stays
        await page.locator(".grid summary").last.press("Enter")
        await page.get_by_role("button", name="每周二的去掉").press("Enter")
        await expect(page.locator(".grid summary")).to_have_count(1)
        await cover_by_keys(page)
    assert complaints == []


async def test_on_a_phone_today_stands_in_front_and_nothing_runs_over_the_edge(office: Office) -> None:
    await office.hire("li", Role.SUPERVISOR, name="周主任")
    people = [await office.hire(f"op{number}", name=f"欧阳文慧{number}") for number in range(6)]
    async with office.browser("li") as client:
        for who in people:
            await add(client, who, "5", starts="20:00", ends="08:30")
            await add(client, who, "6", starts="12:00", ends="20:00", kind="on_call")
    async with served(office) as port, desk(port, 390, 844) as (page, complaints):
        await page.goto(f"http://127.0.0.1:{port}/desk/roster")
        await expect(page.locator("th.day:visible")).to_contain_text("周六")
        await expect(page.get_by_text("20:00–次日8:30").first).to_be_visible()
        await page.locator(".grid summary:visible").first.click()
        await expect(page.get_by_role("button", name="每周六的去掉").first).to_be_visible()
        assert await width_of(page) <= 390
        await page.locator(".days a").last.click()
        await expect(page.locator("th.day.front")).to_contain_text("周日")
        await page.wait_for_load_state("load")  # before its styles have come, each day is visible
        await expect(page.locator("th.day:visible")).to_contain_text("周日")
        await expect(page.get_by_text("12:00–20:00").first).to_be_visible()
        assert await width_of(page) <= 390
    assert complaints == []


async def _id(office: Office, username: str) -> str:
    async with office.units() as uow:
        member = await uow.staff.by_username(username)
    assert member is not None
    return member.id
