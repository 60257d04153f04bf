"""The pages that her phone opens, as axe sees them: no serious fault, and nothing over the edge."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, Route, async_playwright

from tests.sites.axe import WITH_AXE, serious_faults
from tests.sites.console.browsing import CHROMIUM, IN_A_BROWSER
from tests.sites.pages.conftest import SITE, PagesWorld

pytestmark = [*IN_A_BROWSER, WITH_AXE]


@pytest.fixture
async def phone(site: PagesWorld) -> AsyncIterator[Page]:
    """Her browser; what it asks for, the site of the test answers."""

    async def answer(route: Route) -> None:
        asked = route.request
        got = await site.client.request(asked.method, asked.url, content=asked.post_data_buffer, headers=asked.headers)
        await route.fulfill(status=got.status_code, headers=dict(got.headers), body=got.content)

    async with async_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-background-networking"]
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        page = await browser.new_page(viewport={"width": 390, "height": 844})
        await page.route("**/*", answer)
        yield page
        await browser.close()


async def test_axe_finds_no_serious_fault_on_her_phone(site: PagesWorld, phone: Page) -> None:
    faults = {}
    for flow in ("child_game_refund", "protection_order", None):
        token = await site.link(flow, {} if flow == "protection_order" else None)
        await phone.goto(f"{SITE}/p/{token}")
        faults[f"{flow} before"] = await serious_faults(phone)
        await site.client.post(f"/p/{token}")
        await phone.goto(f"{SITE}/p/")
        faults[f"{flow} after"] = await serious_faults(phone)
    await phone.goto(f"{SITE}/p/there-is-no-such-link")
    faults["no such link"] = await serious_faults(phone)
    assert {where: found for where, found in faults.items() if found} == {}
