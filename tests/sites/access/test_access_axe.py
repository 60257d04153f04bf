"""Every page of the desk as axe sees it, on a screen and on a phone: no serious fault, and nothing over the edge."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page

from bot.conversation.levels import Level, Topic
from bot.conversation.staff import Role, Staff
from tests.doubles.office import Office
from tests.sites.access.decisions import DECISIONS, Hers, somebody
from tests.sites.console.browsing import IN_A_BROWSER, desk, served

AXE = Path(__file__).parents[3] / "node_modules" / "axe-core" / "axe.min.js"
pytestmark = [*IN_A_BROWSER, pytest.mark.skipif(not AXE.exists(), reason="no axe here: npm ci")]

NO_PAGES = ("/static", "/media/", "/events", "/lists", "/live", "/alarms", "/desk/articles", "/excel", "/letter")
"""Files, streams, and fragments that stand on one of the pages."""

PAGES = [
    route
    for method, _, route in (decision.partition(" ") for decision in DECISIONS)
    if method == "GET" and not route.startswith("/api/") and not any(part in route for part in NO_PAGES)
]
_QUERIES = {"/desk/reports": "?first=2026-11-01&last=2026-11-30"}
WIDTHS = {"screen": 1440, "phone": 390}

_OPEN_ALL = "document.querySelectorAll('details').forEach(one => { one.open = true; })"
_RUN = """axe.run(document, {resultTypes: ['violations']}).then(found => found.violations
  .filter(one => ['serious', 'critical'].includes(one.impact))
  .map(one => `${one.id}: ${one.help} ` + one.nodes.map(node => node.html.slice(0, 160)).join(' | ')))"""


@pytest.mark.parametrize("width", WIDTHS)
async def test_axe_finds_no_serious_fault_on_any_page(office: Office, width: str) -> None:
    li = await office.hire("li", Role.SUPERVISOR, name="李晓梅")
    await office.buries("changsha:1")
    hers = await _a_busy_desk(office, li)
    faults: dict[str, Any] = {}
    async with served(office) as port, desk(port, WIDTHS[width]) as (page, _):
        await page.add_init_script(path=AXE)
        for route in PAGES:
            await page.goto(f"http://127.0.0.1:{port}{hers.path(route)}{_QUERIES.get(route, '')}")
            found = await _judged(page, WIDTHS[width])
            faults.update({f"{route} {number}": fault for number, fault in enumerate(found)})
    assert not faults, "\n".join(f"{where}: {fault}" for where, fault in faults.items())


async def _a_busy_desk(office: Office, holder: Staff) -> Hers:
    for level in Level:
        await office.waiting("你好", level=level, topic=Topic.DOMESTIC_VIOLENCE, reasons=("本人要求人工",), minutes=40)
    return await somebody(office, 1, holder)


async def _judged(page: Page, width: int) -> list[str]:
    """The faults of the page, with all that unfolds unfolded."""
    await page.wait_for_load_state("load")
    over = await page.evaluate("document.documentElement.scrollWidth") - width
    await page.evaluate(_OPEN_ALL)
    found: list[str] = await page.evaluate(_RUN)
    return [*found, *([f"{over} pixels over the edge"] if over > 0 else [])]
