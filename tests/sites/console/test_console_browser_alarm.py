"""In a real browser: what rings."""

from __future__ import annotations

from playwright.async_api import Page, expect

from bot import handoff
from bot.conversation.levels import Level
from tests.doubles.office import Office
from tests.sites.console.browsing import IN_A_BROWSER, desk, served

pytestmark = IN_A_BROWSER


async def rang(page: Page, times: int) -> None:
    """Wait until the desk has called so often for somebody urgent."""
    await expect(page.locator(f"body[data-rang='{times}']")).to_be_attached()


async def test_an_urgent_conversation_rings_when_it_comes_to_wait_and_when_it_waits_again(office: Office) -> None:
    await office.hire("li")
    wang = await office.hire("wang")
    async with served(office) as port, desk(port) as (page, _):
        await page.evaluate(
            "document.addEventListener('niangjia:urgent',"
            " () => (document.body.dataset.rang = Number(document.body.dataset.rang ?? 0) + 1))"
        )
        talk = await office.waiting("救命", level=Level.CRITICAL, minutes=0)
        await rang(page, 1)
        await handoff.claim(talk.id, wang, office.ports.handoff)
        await expect(page.locator(f"#card-{talk.id}")).to_have_count(0)
        await handoff.transfer(talk.id, wang, office.ports.handoff)
        await rang(page, 2)
