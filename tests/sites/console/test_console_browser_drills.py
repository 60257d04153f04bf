"""The desk while an operator drills, in a real browser."""

from __future__ import annotations

from playwright.async_api import expect

from tests.doubles.office import Office
from tests.sites.console.browsing import IN_A_BROWSER, desk, served

pytestmark = IN_A_BROWSER


async def test_she_turns_to_drills_and_back_and_always_sees_which_it_is(office: Office) -> None:
    await office.hire("li", name="李晓梅")
    await office.waiting("真的来信")
    await office.waiting("演练的来信", account_id="drill")
    async with served(office) as port, desk(port) as (page, complaints):
        band, waiting = page.get_by_text("演练，不是真的来信"), page.locator("#lists")
        await expect(waiting).to_contain_text("真的来信")
        await expect(band).to_have_count(0)
        await page.get_by_role("switch", name="演练").click()
        await expect(band).to_be_visible()
        await expect(page.locator("[data-link=up]")).to_be_attached()
        await expect(waiting).to_contain_text("演练的来信")
        await expect(waiting).not_to_contain_text("真的来信")
        await page.get_by_role("button", name="接下一个").click()
        await expect(page.locator("#conversation")).to_contain_text("演练的来信")
        await expect(band).to_be_visible()
        spare = "[innerHeight - document.documentElement.scrollHeight, innerWidth - document.body.scrollWidth]"
        assert min(await page.evaluate(spare)) >= 0, "the band pushes the page out of the window"
        assert complaints == []
        await page.get_by_role("switch", name="演练").click()
        await expect(band).to_have_count(0)
        await expect(waiting).to_contain_text("真的来信")
