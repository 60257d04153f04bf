"""Passing a conversation on in a real browser: two operators and a supervisor, each at her own desk."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Page, expect

from bot.conversation.levels import Level
from bot.conversation.staff import Role
from tests.doubles.office import Office
from tests.sites.console.browsing import IN_A_BROWSER, desk, served, settled, width_of

pytestmark = [*IN_A_BROWSER, pytest.mark.timeout(240)]


async def test_li_hands_on_to_wang_and_a_supervisor_steps_in(office: Office) -> None:
    await office.hire("li", name="李姐")
    colleague = await office.hire("wang", name="王姐")
    await office.hire("boss", Role.SUPERVISOR, name="刘督导")
    talk = await office.waiting("他把门锁了", minutes=1)
    await office.waiting("等了很久的人", minutes=40)
    async with served(office) as port, desk(port) as (li, _), desk(port, name="wang") as (wang, troubles):
        while colleague.id not in await office.queue.present():  # noqa: ASYNC110 - her page tells of itself
            await asyncio.sleep(0.01)
        await li.goto(f"http://127.0.0.1:{port}/desk/conversations/{talk.id}")
        await li.get_by_role("button", name="接入", exact=True).first.click()
        await expect(li.locator("#reply")).to_be_visible()
        await pass_on(li, "转给", "王姐 · 在岗 · 手上 0 个", "她丈夫在家，说话小心")
        await expect(li.locator("#notice")).to_contain_text("已转出")
        await expect(li.locator("#reply")).to_have_count(0)

        first = wang.locator("#lists .card").first
        await expect(first).to_contain_text("转给您")
        await expect(first).to_contain_text("她丈夫在家，说话小心")
        await settled(wang)
        await first.get_by_role("button").click()
        await expect(wang.locator("#reply")).to_be_visible()
        await expect(wang.locator("#conversation")).to_contain_text("她丈夫在家，说话小心")
        await wang.locator("#reply textarea").fill("我在写")

        async with desk(port, name="boss") as (boss, _):
            await boss.goto(f"http://127.0.0.1:{port}/desk/conversations/{talk.id}")
            await boss.get_by_role("button", name="接过来").click()
            await expect(boss.locator("#passing")).to_be_visible()
            await settled(boss)
            await boss.locator("#passing textarea").fill("我来跟她说")
            await boss.locator("#passing").get_by_role("button", name="接过来").click()
            await expect(boss.locator("#passing")).not_to_be_visible()
            await expect(boss.locator("#reply")).to_be_visible()
            await expect(wang.locator("#reply")).to_have_count(0)
            await expect(wang.locator(".bystander")).to_contain_text("刘督导正在接的会话")
    assert troubles == []


@pytest.mark.parametrize("width", [1440, 390])
async def test_a_refusal_stands_in_the_form_and_keeps_the_note(office: Office, width: int) -> None:
    await office.hire("li", name="李姐")
    wang = await office.hire("wang", name="王姐")
    talk = await office.waiting("你好", level=Level.CRITICAL)
    async with served(office) as port, desk(port, width) as (page, _):
        await page.goto(f"http://127.0.0.1:{port}/desk/conversations/{talk.id}")
        await page.locator(".chat-head").get_by_role("button", name="接入").click()
        await open_form(page, "转给")
        await page.locator("#passing select").select_option(label="王姐 · 不在岗 · 手上 0 个")
        await page.locator("#passing textarea").fill("别丢了这句")
        wang.active = False
        async with office.units() as uow:
            await uow.staff.save(wang)
            await uow.commit()
        await page.locator("#passing").get_by_role("button", name="转出").click()
        await expect(page.locator("#passing [role=alert]")).to_contain_text("没有做成")
        await expect(page.locator("#passing textarea")).to_have_value("别丢了这句")
        assert await width_of(page) <= width
        await page.get_by_role("link", name="取消").click()
        await expect(page.locator("#passing")).not_to_be_visible()
        await expect(page.locator("#reply")).to_be_visible()


async def open_form(page: Page, button: str) -> None:
    """Of the conversation that she holds."""
    await expect(page.locator("#reply")).to_be_visible()
    await settled(page)
    await page.get_by_role("button", name=button).click()
    await expect(page.locator("#passing")).to_be_visible()
    await settled(page)  # by then it has put her into its first field


async def pass_on(page: Page, button: str, to: str, note: str) -> None:
    """Fill in the form and send it by the keyboard."""
    await open_form(page, button)
    await page.locator("#passing select").select_option(label=to)
    await page.locator("#passing textarea").fill(note)
    await page.locator("#passing").get_by_role("button", name="转出").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#passing")).not_to_be_visible()
