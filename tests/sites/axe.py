"""What axe finds wrong with a page, with all that unfolds unfolded: only what is serious or critical."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
WITH_AXE = pytest.mark.skipif(not AXE.exists(), reason="no axe here: npm ci")

_OPEN_ALL = "document.querySelectorAll('details').forEach(one => { one.open = true; })"
_RUN = """axe.run(document, {resultTypes: ['violations']}).then(found => found.violations
  .filter(one => ['serious', 'critical'].includes(one.impact))
  .map(one => `${one.id}: ${one.help} ` + one.nodes.map(node => node.html.slice(0, 160)).join(' | ')))"""


async def serious_faults(page: Page) -> list[str]:
    """The faults of the page that is open, and by how much it runs over the edge."""
    await page.wait_for_load_state("load")
    assert page.viewport_size is not None
    over = await page.evaluate("document.documentElement.scrollWidth") - page.viewport_size["width"]
    await page.evaluate(_OPEN_ALL)
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = await page.evaluate(_RUN)
    return [*found, *([f"{over} pixels over the edge"] if over > 0 else [])]
