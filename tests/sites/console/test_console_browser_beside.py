"""Beside the chat in a real browser: notes, drafts, canned replies, hidden numbers, notices, and the covered screen."""

from __future__ import annotations

import asyncio

from playwright.async_api import Page, Route, expect

from bot.conversation.conversations import Conversation
from bot.conversation.events import Event, EventKind
from bot.conversation.levels import Level
from bot.conversation.media import Body, MediaKind
from bot.conversation.messages import Author, Message
from bot.conversation.staff import Role
from tests.doubles.office import PASSWORD, Office
from tests.sites.console.browsing import IN_A_BROWSER, cover_by_keys, desk, served

pytestmark = IN_A_BROWSER

NO_DRAFTS = "Object.keys(sessionStorage).filter(key => key.startsWith('niangjia.draft')).length === 0"
RECORD_NOTICES = """window.notices = []; window.Notification = class extends Notification {
  constructor(words, options) { super(words, options); window.notices.push([words, options.body ?? '']); }
};"""
PICTURE = Body("image/png", b"\x89PNG\r\n\x1a\n and so on")
NEUTRAL = "新标签页"
PAGES = ("/desk", "/desk/cases", "/desk/replies", "/desk/reports", "/desk/dead-letters", "/account")


async def said(office: Office, talk: Conversation) -> list[Message]:
    async with office.units() as uow:
        return await uow.messages.recent(talk.id, 20)


async def writes(office: Office, talk: Conversation, text: str) -> None:
    await office.hears(talk, text)
    await office.feed.publish(Event(EventKind.MESSAGE_ADDED, talk.account_id, talk.region, talk.id))


async def takes_next(page: Page) -> None:
    await page.keyboard.press("n")
    await expect(page.locator("#conversation[data-state=mine]:not(.htmx-added)")).to_be_visible()


async def test_a_note_and_a_reply_are_two_things_and_both_drafts_outlive_a_reload(office: Office) -> None:
    await office.hire("li")
    talk = await office.waiting("你好")
    reply = "#reply textarea"
    async with served(office) as port, desk(port) as (page, complaints):
        await takes_next(page)
        await page.keyboard.press("r")
        await page.keyboard.type("您现在安全吗")
        await page.locator("#conversation h2").first.click()
        await page.keyboard.press("m")
        await page.keyboard.type("她妈妈知道")
        await page.reload()
        await expect(page.locator(reply)).to_have_value("您现在安全吗")
        note = page.locator("#note textarea")
        await expect(note).to_have_value("她妈妈知道")
        await note.focus()
        await page.keyboard.press("Control+Enter")
        await expect(page.locator(".line.note .text")).to_have_text("她妈妈知道")
        await expect(note).to_have_value("")
        await expect(page.locator(reply)).to_have_value("您现在安全吗")
        await page.reload()
        await expect(page.locator(reply)).to_have_value("您现在安全吗")
        await expect(note).to_have_value("")
    assert [message.author for message in await said(office, talk)] == [Author.CONTACT]
    assert complaints == []


async def test_a_sign_out_takes_the_drafts_along_in_every_tab(office: Office) -> None:
    await office.hire("li")
    await office.hire("wang")
    talk = await office.waiting("你好")
    async with served(office) as port, desk(port) as (page, _):
        address = f"http://127.0.0.1:{port}/desk/conversations/{talk.id}"
        async with page.expect_popup() as opening:
            await page.evaluate("void open('/desk')")
        other = await opening.value
        for tab in (page, other):
            await tab.goto(address)
            await tab.locator("#note summary").click()
            await tab.locator("#note textarea").fill("她妈妈知道")
        await page.get_by_role("button", name="退出").click()
        await expect(page.locator("#username")).to_be_visible()
        assert await page.evaluate(NO_DRAFTS)
        await expect(other.locator("#username")).to_be_visible()
        assert await other.evaluate(NO_DRAFTS)
        await other.fill("#username", "wang")
        await other.fill("#password", PASSWORD)
        await other.keyboard.press("Enter")
        await expect(other.locator("[data-link=up]")).to_be_attached()
        await other.goto(address)
        await expect(other.locator("#note textarea")).to_have_value("")


async def test_a_sign_out_that_takes_its_time_takes_the_other_tab_along(office: Office) -> None:
    await office.hire("li")
    talk = await office.waiting("你好")
    async with served(office) as port, desk(port) as (page, _):
        async with page.expect_popup() as opening:
            await page.evaluate("void open('/desk')")
        other = await opening.value

        async def says_nothing(route: Route) -> None:
            await route.fulfill(body="", content_type="text/javascript")

        async def arrives_late(route: Route) -> None:
            async with other.expect_response("**/desk/here"):
                """The other tab asks whether it is done: she is still signed in."""
            await route.continue_()

        await other.route("**/js/here_worker.js", says_nothing)  # it asks the same every 20 s
        await other.goto(f"http://127.0.0.1:{port}/desk/conversations/{talk.id}")

        await page.route("**/sign-out", arrives_late)
        await page.get_by_role("button", name="退出").click()
        await expect(page.locator("#username")).to_be_visible()
        await expect(other.locator("#username")).to_be_visible()


async def test_a_draft_is_of_who_wrote_it_even_if_the_session_only_ended(office: Office) -> None:
    await office.hire("li")
    await office.hire("wang")
    talk = await office.waiting("你好")
    async with served(office) as port, desk(port) as (page, _):
        address = f"http://127.0.0.1:{port}/desk/conversations/{talk.id}"
        await page.goto(address)
        await page.locator("#note summary").click()
        await page.locator("#note textarea").fill("她妈妈知道")
        await page.goto("about:blank")  # left open, the page itself may go to the sign-in at any moment
        await page.context.clear_cookies()
        await page.goto(address)
        await page.fill("#username", "wang")
        await page.fill("#password", PASSWORD)
        await page.keyboard.press("Enter")
        await expect(page.locator("[data-link=up]")).to_be_attached()
        assert await page.evaluate(NO_DRAFTS)


async def test_canned_replies_go_in_by_a_key_and_articles_keep_their_version(office: Office) -> None:
    await office.hire("li", name="李晓梅")
    talk = await office.waiting("你们电话是多少")
    async with served(office) as port, desk(port) as (page, complaints):
        await takes_next(page)
        reply = page.locator("#reply textarea")
        await page.keyboard.press("Control+1")
        await expect(reply).to_have_value("您现在安全吗？我是李晓梅。")
        await expect(reply).to_be_focused()
        await page.keyboard.press("Control+k")
        found = page.locator("#found:not([data-stale]) > li").first  # what answers the words that stand there
        await page.keyboard.insert_text("登记")  # at once, as a method of input gives it
        await expect(found).to_contain_text("常用语")
        await page.keyboard.press("Control+a")
        await page.keyboard.insert_text("电话")
        await expect(found).to_contain_text("电话是多少")
        await page.keyboard.press("Enter")
        await page.reload()
        await expect(reply).to_have_value("您现在安全吗？我是李晓梅。\n打12338，湖南省的。")
        await reply.focus()
        await page.keyboard.press("Control+Enter")
        await expect(page.locator(".line.ours .text")).to_contain_text("打12338")
    [*_, sent] = await said(office, talk)
    assert office.ports.knowledge.article("other/helpline").reference in sent.articles
    assert complaints == []


async def test_enter_takes_nothing_that_answers_the_words_of_before(office: Office) -> None:
    await office.hire("li")
    await office.waiting("你们电话是多少")
    late = asyncio.Event()

    async def comes_late(route: Route) -> None:
        await late.wait()
        await route.continue_()

    async with served(office) as port, desk(port) as (page, complaints):
        await page.clock.install()
        await page.reload()
        await takes_next(page)
        reply, found = page.locator("#reply textarea"), page.locator("#found > li").first
        await page.route("**/desk/articles?*", comes_late, times=1)
        search = page.get_by_role("searchbox", name="查答复")
        async with page.expect_request("**/desk/articles?*"):
            await search.fill("登记")
        await page.clock.pause_at(await page.evaluate("Date.now() + 30_000"))  # nothing new is asked for meanwhile
        await search.fill("电话")
        late.set()
        await expect(found).to_contain_text("常用语")
        await page.keyboard.press("Enter")
        await expect(reply).to_have_value("")
        await page.clock.resume()
        await expect(page.locator("#found:not([data-stale]) > li").first).to_contain_text("电话是多少")
        await page.keyboard.press("Enter")
        await expect(reply).to_have_value("打12338，湖南省的。")
    assert complaints == []


async def test_a_shown_number_stays_while_she_looks_and_is_hidden_again_on_the_next_page(office: Office) -> None:
    await office.hire("li")
    talk = await office.waiting("我电话13812345678")
    async with served(office) as port, desk(port) as (page, complaints):
        await takes_next(page)
        first = page.locator(".line.hers .text").first
        await expect(first).to_have_text("我电话138****5678")
        await page.get_by_role("button", name="看号码").click()
        await expect(first).to_have_text("我电话13812345678")
        await writes(office, talk, "白天打")
        await expect(page.locator(".line.hers")).to_have_count(2)
        await expect(first).to_have_text("我电话13812345678")
        await page.reload()
        await expect(first).to_have_text("我电话138****5678")
        await page.get_by_text("记下姓名、电话").click()
        await page.get_by_label("姓名或称呼").fill("王晓梅")
        await page.get_by_label("电话", exact=True).fill("13812345678")
        await writes(office, talk, "谢谢")
        await expect(page.locator(".line.hers")).to_have_count(3)
        await expect(page.get_by_label("姓名或称呼")).to_have_value("王晓梅")
        await page.locator(".person").get_by_role("button", name="保存").click()
        await expect(page.locator(".person dd").first).to_have_text("王**")
    assert complaints == []


async def test_the_desktop_is_told_of_an_urgent_one_only_after_she_asked_and_of_nothing_said(office: Office) -> None:
    await office.hire("li")
    async with served(office) as port, desk(port) as (page, _):
        await page.add_init_script(RECORD_NOTICES)
        await page.context.grant_permissions(["notifications"], origin=f"http://127.0.0.1:{port}")
        await page.reload()
        button = page.locator("[data-notice]")
        await expect(button).to_have_attribute("aria-pressed", "false")
        first = await office.waiting("救命", level=Level.CRITICAL, minutes=0)
        await expect(page.locator(f"#card-{first.id}")).to_be_visible()
        await expect(page).to_have_title("(1) 工作台 · 娘家")  # counted and told in one go, once the list has settled
        assert await page.evaluate("notices") == []
        await button.click()
        await expect(button).to_have_attribute("aria-pressed", "true")
        await office.waiting("他在砸门", level=Level.CRITICAL, minutes=0)
        await expect(page).to_have_title("(2) 工作台 · 娘家")
        told = ["娘家：有一条紧急会话在等", ""]
        assert await page.evaluate("notices") == [told]
        calm = await office.waiting("你好", level=Level.NORMAL, minutes=0)
        await expect(page.locator(f"#card-{calm.id}")).to_be_visible()
        await office.waiting("他有刀", level=Level.CRITICAL, minutes=0)
        await expect(page).to_have_title("(3) 工作台 · 娘家")
        assert await page.evaluate("notices") == [told, told], "one for each urgent one, none for the calm one"
        await page.reload()
        await expect(button).to_have_attribute("aria-pressed", "true")


async def covers(page: Page) -> None:
    """Escape twice, and back by a click."""
    before = (await page.title()).removeprefix("有紧急会话在等")
    await cover_by_keys(page)
    await expect(page).to_have_title(NEUTRAL)
    width, height = await page.evaluate("[innerWidth, innerHeight]")
    for x, y in ((2, 2), (width / 2, height / 2), (width - 2, height - 2)):
        assert await page.evaluate(f"document.elementFromPoint({x}, {y}).id") == "cover"
    await page.keyboard.press("x")
    await page.mouse.click(width / 2, height / 2)
    await expect(page.locator("#cover")).to_be_hidden()
    await expect(page).to_have_title(before)


async def test_every_page_is_covered_by_escape_twice(office: Office) -> None:
    await office.hire("li", Role.SUPERVISOR)
    async with served(office) as port, desk(port) as (page, complaints):
        for path in PAGES:
            await page.goto(f"http://127.0.0.1:{port}{path}")
            await covers(page)
    assert complaints == []


async def test_it_covers_while_she_types_with_a_dialog_open_and_over_an_enlarged_picture(office: Office) -> None:
    await office.hire("li")
    talk = await office.waiting("你好")
    async with served(office) as port, desk(port) as (page, _):
        message = await office.hears(talk, "看图")
        await office.brings(message, MediaKind.IMAGE, PICTURE)
        await takes_next(page)
        await page.keyboard.press("r")
        await page.keyboard.type("您好")
        await covers(page)
        await expect(page.locator("#reply textarea")).to_have_value("您好")
        await expect(page.locator("#reply textarea")).to_be_focused()
        await page.locator("#conversation h2").first.click()
        await page.keyboard.press("?")
        await expect(page.locator("#help")).to_be_visible()
        await covers(page)
        await expect(page.locator("#help")).to_be_hidden()
        await page.locator("[data-enlarge]").click()
        await expect(page.locator("#enlarged")).to_be_visible()
        await covers(page)
