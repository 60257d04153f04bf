"""Two tabs of one operator in a real browser: both show the same switches."""

from __future__ import annotations

from playwright.async_api import expect

from tests.doubles.office import Office
from tests.sites.console.browsing import IN_A_BROWSER, desk, served

pytestmark = IN_A_BROWSER


async def test_a_switch_turned_in_one_tab_is_turned_in_the_other(office: Office) -> None:
    await office.hire("li")
    async with served(office) as port, desk(port) as (page, _):
        async with page.expect_popup() as opening:
            await page.evaluate("void open('/desk')")
        other = await opening.value
        await expect(other.locator("[data-link=up]")).to_be_attached()
        for turned, state in ((page, "false"), (other, "true")):
            await turned.locator("[name=duty] + button").click()
            for tab in (page, other):
                await expect(tab.locator("[name=duty] + button")).to_have_attribute("aria-checked", state)
                await expect(tab.locator("[data-link=up]")).to_be_attached()
