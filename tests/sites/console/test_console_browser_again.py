"""In a real browser: a key that is held down, and an answer that is lost on its way."""

from __future__ import annotations

import asyncio

import sqlalchemy as sa
from playwright.async_api import Route, expect

from bot import handoff
from bot.conversation.levels import Level
from bot.conversation.messages import Author
from bot.store.tables import messages
from tests.doubles.office import Office
from tests.sites.console.browsing import IN_A_BROWSER, desk, served

pytestmark = IN_A_BROWSER


async def test_a_key_held_down_takes_one_conversation(office: Office) -> None:
    li = await office.hire("li")
    for _ in range(6):
        await office.waiting("救命", level=Level.CRITICAL)
    async with served(office) as port, desk(port) as (page, troubles):
        for _ in range(30):
            await page.keyboard.down("n")
            await page.wait_for_timeout(30)
        await page.keyboard.up("n")
        await expect(page.locator("#reply")).to_be_visible()
        async with office.units() as uow:
            assert await uow.handoffs.in_hand(li.id) == 1
    assert troubles == []


async def test_words_whose_answer_was_lost_go_out_once_though_she_sends_them_again(office: Office) -> None:
    li, talk = await office.hire("li"), await office.waiting("你好")
    await handoff.claim(talk.id, li, office.ports.handoff)
    sent = 0

    async def lose_the_answer(route: Route) -> None:
        nonlocal sent
        sent += 1
        if sent == 1:
            await route.fetch()
            await route.abort()
        else:
            await route.continue_()

    async with served(office) as port, desk(port) as (page, _):
        await page.goto(f"http://127.0.0.1:{port}/desk/conversations/{talk.id}")
        await page.route("**/messages", lose_the_answer)
        await page.fill("#reply textarea", "我在，您说")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#notice")).to_contain_text("您写的话还在框里")
        await page.reload()
        await expect(page.locator("#reply textarea")).to_have_value("我在，您说")
        await page.locator("#reply textarea").press("Control+Enter")
        await expect(page.locator("#reply textarea")).to_have_value("")
    assert sent == 2
    ours = sa.select(sa.func.count()).where(messages.c.author == Author.OPERATOR)
    async with office.engine.connect() as connection:
        assert (await connection.execute(ours)).scalar_one() == 1


async def test_what_she_writes_while_her_words_are_under_way_stays_for_the_next_message(office: Office) -> None:
    li, talk = await office.hire("li"), await office.waiting("你好")
    await handoff.claim(talk.id, li, office.ports.handoff)
    let_go = asyncio.Event()

    async def is_slow(route: Route) -> None:
        await let_go.wait()
        await route.continue_()

    async with served(office) as port, desk(port) as (page, _):
        await page.goto(f"http://127.0.0.1:{port}/desk/conversations/{talk.id}")
        await expect(page.locator("[data-link=up]")).to_be_attached()
        await page.route("**/messages", is_slow)
        box = page.locator("#reply textarea")
        await box.fill("我在，您说")
        async with page.expect_request("**/messages"):
            await box.press("Control+Enter")
        await box.press("End")
        await page.keyboard.insert_text("现在安全吗")
        let_go.set()
        await expect(page.locator(".line.ours .text")).to_contain_text(["我在，您说"])
        await expect(box).to_have_value("现在安全吗")
        await box.press("Control+Enter")
        await expect(page.locator(".line.ours .text")).to_contain_text(["我在，您说", "现在安全吗"])
        await expect(box).to_have_value("")
