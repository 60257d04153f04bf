"""The office's files in a real browser: by keyboard, on a phone, and nothing typed is lost."""

from __future__ import annotations

import asyncio

from playwright.async_api import Locator, expect

from bot import cases
from bot.conversation.case_work import CaseStep
from bot.conversation.cases import Agency, CaseStatus
from bot.conversation.levels import Level, Topic
from bot.conversation.staff import Role
from tests.doubles.office import Office
from tests.sites.console.browsing import IN_A_BROWSER, cover_by_keys, desk, served, settled, width_of

pytestmark = IN_A_BROWSER

_COLOURS = """canvas => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size;
}"""
"""How many colours a canvas shows: an empty one has one."""


async def drawn(canvas: Locator) -> None:
    """Wait until something is drawn on it."""
    for _ in range(200):
        if await canvas.evaluate(_COLOURS) > 2:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("nothing is drawn")


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
        await page.wait_for_load_state("load")
        await page.click("summary:has-text('转送')")
        await page.fill("#words-forwarded", "长沙市公安局天心分局")
        await page.locator("[name=agency]").last.select_option("police")
        await page.get_by_role("button", name="转送", exact=True).click()
        await expect(page.locator(".case-head")).to_contain_text("已转送 · 公安")
        await expect(page.locator(".history")).to_contain_text("长沙市公安局天心分局")
        await settled(page)
        await page.click("summary:has-text('填结果'), summary:has-text('约回访')")
        await page.fill("#visit-words", "她说周六上午")
        await page.evaluate("document.querySelector('[name=day][min]').removeAttribute('min')")
        await page.fill("[aria-labelledby=visit-title] [name=day]", "2026-01-01")
        await page.get_by_role("button", name="约好").click()
        await expect(page.locator("#said")).to_contain_text("没有保存，请补上再交")
        await expect(page.locator("#visit-words")).to_have_value("她说周六上午")
        await cover_by_keys(page)
    assert [one for one in complaints if "422" not in one] == []


async def test_on_a_phone_nothing_runs_over_the_edge(office: Office) -> None:
    await some_cases(office)
    async with served(office) as port, desk(port, 390, 844) as (page, complaints):
        await page.goto(f"http://127.0.0.1:{port}/desk/cases")
        assert await width_of(page) <= 390
        await page.click("#case-list a >> nth=0")
        await expect(page.locator("#case")).to_be_visible()
        assert await width_of(page) <= 390
    assert complaints == []


async def test_charts_are_drawn_beside_their_tables_under_the_strict_policy(office: Office) -> None:
    await office.hire("li", Role.SUPERVISOR)
    for number, topic in enumerate(Topic):
        await office.waiting("你好", topic=topic, minutes=60 * 24 * number)
    async with served(office) as port, desk(port) as (page, complaints):
        await page.goto(f"http://127.0.0.1:{port}/desk/reports")
        for canvas in await page.locator("canvas[data-chart]").all():
            await expect(canvas).to_be_visible()
            await expect(canvas).to_have_role("img")
            await drawn(canvas)
        assert await page.locator("canvas[data-chart]").count() >= 3
        await expect(page.get_by_role("table", name="来问的，按事由")).to_be_visible()
        await page.set_viewport_size({"width": 390, "height": 844})
        await page.wait_for_function("document.documentElement.scrollWidth <= 390")  # charts follow the screen
    assert complaints == []


async def test_a_letter_is_written_and_saved_and_nothing_typed_is_lost(office: Office) -> None:
    li = await office.hire("li")
    case = await office.file_of(await office.waiting("你好"))
    step = CaseStep(CaseStatus.FORWARDED, "长沙市公安局天心分局", Agency.POLICE)
    await cases.advance(case.id, step, li, office.units, office.clock)
    async with served(office) as port, desk(port) as (page, complaints):
        await page.goto(f"http://127.0.0.1:{port}/desk/cases/{case.id}")
        await page.get_by_role("link", name="写函", exact=True).click()
        await expect(page.locator("#letter-facts")).to_be_visible()
        await page.wait_for_load_state("load")
        await page.fill("#letter-facts", "多次被殴打，担心再受伤害。")
        await page.fill("[name=named]", "王小梅")
        await page.get_by_role("button", name="存下这封函").click()
        await expect(page.locator("#said")).to_contain_text("要她同意并勾上")
        await expect(page.locator("#letter-facts")).to_have_value("多次被殴打，担心再受伤害。")
        await page.check("[name=agreed]")
        await page.get_by_role("button", name="存下这封函").click()
        await expect(page.locator(".case-letters")).to_contain_text(f"转送函 {case.number}，给长沙市公安局天心分局")
        assert page.url.endswith(f"/desk/cases/{case.id}")
        async with page.expect_download() as saved:
            await page.locator(".case-letters").get_by_role("link", name="PDF").click()
        assert (await saved.value).suggested_filename == f"转送函{case.number}.pdf"
    assert [one for one in complaints if "422" not in one] == []


async def test_a_supervisor_checks_a_case_from_the_list(office: Office) -> None:
    wang = await office.hire("wang")
    await office.hire("li", Role.SUPERVISOR)
    case = await office.file_of(await office.waiting("你好"))
    for status in (CaseStatus.ACCEPTED, CaseStatus.HANDLED, CaseStatus.ANSWERED, CaseStatus.ARCHIVED):
        await cases.advance(case.id, CaseStep(status, "已答复"), wang, office.units, office.clock)
    async with served(office) as port, desk(port, 390, 844) as (page, complaints):
        await page.goto(f"http://127.0.0.1:{port}/desk/checks")
        await page.click("#case-list a")
        await page.wait_for_url("**/desk/cases/*")
        for question in await page.locator(".verdict").all():
            await question.get_by_label("好", exact=True).check()
        await page.get_by_role("button", name="不通过").click()
        await expect(page.locator("#said")).to_contain_text("要写明白")
        await page.fill("#check-words", "第十六天才告诉她，太晚")
        await page.get_by_role("button", name="不通过").click()
        await expect(page.locator("#check")).to_contain_text("没有通过")
        assert await width_of(page) <= 390
        await page.goto(f"http://127.0.0.1:{port}/desk/checks")
        await expect(page.locator("#case-list")).to_contain_text("归档的办件都检查过了")
    assert [one for one in complaints if "422" not in one] == []
