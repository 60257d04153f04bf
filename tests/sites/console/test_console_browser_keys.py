"""A shift without a mouse, in a real browser: the focus is where the next key is wanted, and Escape leads out."""

from __future__ import annotations

from playwright.async_api import Page, expect

from bot import handoff
from tests.doubles.office import Office
from tests.sites.console.browsing import IN_A_BROWSER, desk, served

pytestmark = IN_A_BROWSER


async def is_open(page: Page, conversation_id: str, state: str = "mine") -> None:
    """The conversation has come to rest on the page."""
    settled = f"#conversation[data-id='{conversation_id}'][data-state={state}]:not(.htmx-added)"
    await expect(page.locator(settled)).to_be_visible()


async def test_conversations_are_taken_answered_noted_and_ended_one_after_the_other(office: Office) -> None:
    await office.hire("li", name="李晓梅")
    talks = [await office.waiting(f"我是第{number}位", minutes=9 - number) for number in range(3)]
    async with served(office) as port, desk(port) as (page, complaints):
        lines, reply = page.locator("[data-lines]"), page.locator("#reply textarea")
        for talk in talks:
            await page.keyboard.press("n")
            await is_open(page, talk.id)
            await expect(lines).to_be_focused()
            await page.keyboard.press("r")
            await page.keyboard.type("您现在安全吗")
            await page.keyboard.press("Control+Enter")
            await expect(page.locator(".line.ours")).to_have_count(1)
            await expect(reply).to_have_value("")
            await expect(reply).to_be_focused()
            await page.keyboard.press("Escape")
            await expect(lines).to_be_focused()
            await page.keyboard.press("m")
            await page.keyboard.type("她妈妈知道")
            await page.keyboard.press("Control+Enter")
            await expect(page.locator(".line.note")).to_have_count(1)
            await expect(page.locator("#note textarea")).to_have_value("")
            await expect(lines).to_be_focused()
            await page.keyboard.press("e")
            await expect(page.get_by_role("radio", name="已答复")).to_be_focused()
            await page.keyboard.press("ArrowDown")
            await expect(page.get_by_role("radio", name="已转介其他单位")).to_be_checked()
            await page.keyboard.press("Enter")
            await expect(page.locator("#conversation.nothing")).to_be_visible()
        await expect(page.locator("#lists")).to_contain_text("您手里没有会话")
    assert complaints == []


async def test_the_list_goes_on_from_the_conversation_that_is_open(office: Office) -> None:
    await office.hire("li")
    talks = [await office.waiting(f"我是第{number}位", minutes=9 - number) for number in range(3)]
    card = "#card-{} > a"
    async with served(office) as port, desk(port) as (page, complaints):
        for talk in talks[:2]:
            await page.keyboard.press("j")
            await expect(page.locator(card.format(talk.id))).to_be_focused()
        await page.keyboard.press("Enter")
        await is_open(page, talks[1].id, "waiting")
        await expect(page.locator("[data-lines]")).to_be_focused()
        await page.keyboard.press("j")
        await expect(page.locator(card.format(talks[2].id))).to_be_focused()
    assert complaints == []


async def test_escape_closes_what_is_open_and_leads_back(office: Office) -> None:
    li, talk = await office.hire("li"), await office.waiting("你好")
    await office.hire("wang")
    await handoff.claim(talk.id, li, office.ports.handoff)
    async with served(office) as port, desk(port, 1024) as (page, complaints):

        async def begin() -> None:
            """Afresh: a second Escape soon after the first would cover the screen."""
            await page.goto(f"http://127.0.0.1:{port}/desk/conversations/{talk.id}")
            await expect(page.locator("[data-link=up]")).to_be_attached()

        await begin()
        toggle, file = page.locator("[data-file]"), page.locator(".file")
        await toggle.press("Enter")
        await expect(file).to_be_focused()
        await expect(toggle).to_have_attribute("aria-expanded", "true")
        await page.keyboard.press("Escape")
        await expect(toggle).to_be_focused()
        await expect(file).to_be_hidden()
        await begin()
        await page.keyboard.press("e")
        outcome = page.get_by_role("radio", name="已答复")
        await expect(outcome).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(page.locator(".chat-head .ending summary")).to_be_focused()
        await expect(outcome).to_be_hidden()
        for key, dialog in (("t", "#passing"), ("?", "#help")):
            await begin()
            await page.locator("[data-lines]").focus()
            await page.keyboard.press(key)
            await expect(page.locator(dialog)).to_be_visible()
            await page.keyboard.press("Escape")
            await expect(page.locator(dialog)).to_be_hidden()
            await expect(page.locator("[data-lines]")).to_be_focused()
    assert complaints == []
