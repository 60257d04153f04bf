"""The history of a case in a real browser: a number in it is seen at one press, and nothing else of the page moves."""

from __future__ import annotations

from playwright.async_api import expect

from bot import cases
from tests.doubles.office import Office
from tests.sites.console.browsing import IN_A_BROWSER, desk, served

pytestmark = IN_A_BROWSER


async def test_a_number_is_seen_at_one_press_and_what_is_being_typed_stays(office: Office) -> None:
    li = await office.hire("li", name="李晓梅")
    case = await office.file_of(await office.waiting("你好"))
    for said in ("打她妈妈13812345678", "已联系社区"):
        await cases.note(case.id, said, li, office.units, office.clock)
    async with served(office) as port, desk(port) as (page, complaints):
        await page.goto(f"http://127.0.0.1:{port}/desk/cases/{case.id}")
        await page.wait_for_load_state("load")
        history = page.locator(".history")
        await expect(history).to_contain_text("打她妈妈138****5678")
        await page.fill("#note-words", "她说下午打来")
        await history.get_by_role("button", name="看号码").click()
        await expect(history).to_contain_text("打她妈妈13812345678")
        await expect(history.get_by_role("button", name="看号码")).to_have_count(0)
        await expect(page.locator("#note-words")).to_have_value("她说下午打来")
    assert complaints == []
