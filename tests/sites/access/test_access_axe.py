"""Every page of the desk as axe sees it, on a screen and on a phone: no serious fault, and nothing over the edge."""

from __future__ import annotations

from typing import Any

import pytest

from bot.conversation.levels import Level, Topic
from bot.conversation.staff import Role, Staff
from tests.doubles.office import Office
from tests.sites.access.decisions import DECISIONS, Hers, somebody
from tests.sites.axe import WITH_AXE, serious_faults
from tests.sites.console.browsing import IN_A_BROWSER, desk, served

pytestmark = [*IN_A_BROWSER, WITH_AXE]

NO_PAGES = (
    "/static",
    "/media/",
    "/events",
    "/lists",
    "/live",
    "/alarms",
    "/here",
    "/count",
    "/banner",
    "/desk/articles",
    "/excel",
    "/letter",
    "/text",
)
"""Files, streams, and fragments that stand on one of the pages."""

PAGES = [
    route
    for method, _, route in (decision.partition(" ") for decision in DECISIONS)
    if method == "GET" and not route.startswith("/api/") and not any(part in route for part in NO_PAGES)
]
_QUERIES = {"/desk/reports": "?first=2026-11-01&last=2026-11-30"}
WIDTHS = {"screen": 1440, "phone": 390}


@pytest.mark.parametrize("width", WIDTHS)
async def test_axe_finds_no_serious_fault_on_any_page(office: Office, width: str) -> None:
    li = await office.hire("li", Role.SUPERVISOR, name="李晓梅")
    await office.buries("changsha:1")
    hers = await _a_busy_desk(office, li)
    faults: dict[str, Any] = {}
    async with served(office) as port, desk(port, WIDTHS[width]) as (page, _):
        for route in PAGES:
            shown = await page.goto(f"http://127.0.0.1:{port}{hers.path(route)}{_QUERIES.get(route, '')}")
            assert shown is not None
            assert shown.status == 200, route
            found = await serious_faults(page)
            faults.update({f"{route} {number}": fault for number, fault in enumerate(found)})
    assert not faults, "\n".join(f"{where}: {fault}" for where, fault in faults.items())


async def _a_busy_desk(office: Office, holder: Staff) -> Hers:
    for level in Level:
        await office.waiting("你好", level=level, topic=Topic.DOMESTIC_VIOLENCE, reasons=("本人要求人工",), minutes=40)
    return await somebody(office, 1, holder)
