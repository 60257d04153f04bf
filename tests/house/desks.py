"""Desks in a real browser, signed in at a running house: what hands do there, and what the house has kept of it."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Browser, FilePayload, Locator, Page, ViewportSize, expect

from tests.house.house import House

PASSWORD = "kapok-by-the-river"
STAFF = {
    "李晓梅": ("operator", "counselling"),
    "王芳": ("operator", "law"),
    "陈主任": ("supervisor", "law"),
    "刘督导": ("supervisor", "parenting"),
}
DESK: ViewportSize = {"width": 1440, "height": 900}
PICTURES = Path(__file__).parents[2] / "docs" / "images"


def open_desk(house: House, browser: Browser, name: str) -> Page:
    """Signed in and connected; operators are on duty from then on."""
    context = browser.new_context(viewport=DESK, locale="zh-CN", accept_downloads=True)
    page = context.new_page()
    page.goto(house.desk_site)
    page.locator("[name=username]").fill(name)
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    if STAFF[name][0] == "supervisor":
        page.get_by_role("link", name="这次先不开，去工作台").click()
    expect(page.locator("[data-link=up]")).to_be_attached()
    return page


def settled(page: Page) -> None:
    """Wait until htmx knows what it has put on the page: for 20 ms a form is sent as if there were no scripts."""
    expect(page.locator(".htmx-settling")).to_have_count(0)


def press(page: Page, key: str) -> None:
    """A key of the desk, which must not land in a box of words."""
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press(key)


def reply(page: Page, words: str) -> None:
    """Write to her."""
    expect(page.locator("#conversation[data-state=mine]:not(.htmx-added)")).to_be_visible()
    page.locator("#reply textarea").fill(words)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".line.ours").filter(has_text=words)).to_be_visible()
    expect(page.locator("#reply textarea")).to_have_value("")
    expect(page.locator("#reply textarea")).to_be_focused()  # the box has come back for the next words


def pass_on(page: Page, button: str, to: str | None, note: str, shot: str = "") -> None:
    """Fill in the form by which a conversation is passed on; what is assigned goes into her hands at once."""
    dialog = page.locator("#passing")
    page.locator(".chat-head").get_by_role("button", name=button).click()
    expect(dialog).to_be_visible()
    settled(page)
    if to is not None:
        chosen = dialog.locator("option").filter(has_text=re.compile(f"^{to}")).get_attribute("value")
        dialog.locator("select").select_option(chosen)
    if button == "指派给":
        dialog.get_by_label("直接放到她手里").check()
    dialog.locator("textarea").fill(note)
    if shot:
        picture(page, shot)
    dialog.locator(".primary").click()
    expect(dialog).not_to_be_visible()


def unfold(file: Page, name: str) -> None:
    """Open a form of the case's page."""
    file.locator("summary").get_by_text(name, exact=True).click()


def saved(page: Page, by: Locator) -> bytes:
    """The file that this click saves."""
    with page.expect_download() as coming:
        by.click()
    return Path(coming.value.path()).read_bytes()


def drawn(page: Page, title: str, words: str) -> FilePayload:
    """A photo of a sheet of paper with these words."""
    sheet = page.context.new_page()
    sheet.set_viewport_size({"width": 420, "height": 300})
    sheet.set_content(
        f"<body style='margin:0;padding:60px 40px;background:#f4ead6;font:18px serif'><h2>{title}</h2>{words}"
    )
    taken = sheet.screenshot(type="jpeg", scale="css")
    sheet.close()
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": taken}


def picture(shown: Page | Locator, name: str) -> None:
    """Keep what is shown for the handbook."""
    shown.screenshot(path=PICTURES / f"handbook-{name}.png", animations="disabled")


def step(file: Page, name: str, then: str, words: str = "", agency: str = "") -> None:
    """Take a step of the workflow."""
    form = file.locator("details.step").filter(has=file.locator("summary", has_text=re.compile(f"^{name}")))
    form.locator("summary").click()
    if agency:
        form.locator("select").select_option(label=agency)
    form.locator("textarea").fill(words)
    form.get_by_role("button", name=name, exact=True).click()
    expect(file.locator(".case-head")).to_contain_text(then)
    settled(file)


def trail(house: House, target: str = "%") -> list[tuple[str, str]]:
    """Who did what, in its order; to this, or to anything."""
    found = """
        SELECT coalesce(staff.username, audit.staff_id), audit.action
        FROM audit LEFT JOIN staff ON staff.id = audit.staff_id WHERE audit.target LIKE ? ORDER BY audit.position
    """
    with closing(sqlite3.connect(f"file:{house.home / 'niangjia.db'}?mode=ro", uri=True)) as store:
        return [(str(who), str(action)) for who, action in store.execute(found, (target,))]
