"""What a refresh or a slip of the hand must not take from an operator, in a real browser."""

from __future__ import annotations

from playwright.async_api import Dialog, Page, expect

from bot import handoff
from bot.conversation.conversations import Conversation
from bot.conversation.events import Event, EventKind
from bot.conversation.messages import Author
from bot.conversation.staff import Staff
from tests.doubles.office import Office
from tests.sites.console.browsing import IN_A_BROWSER, desk, served

pytestmark = IN_A_BROWSER

SCROLL_UP = """async list => {
  const drawn = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
  do {
    await drawn();  // the page has seen where the list stood
    list.scrollTop = 300;
    await drawn();  // and that it was scrolled, unless a refresh came between
  } while (list.scrollTop !== 300);
}"""
TO_END = "list => list.scrollHeight - list.scrollTop - list.clientHeight"


async def hers(office: Office, holder: Staff, *texts: str) -> Conversation:
    """A conversation that she holds."""
    talk = await office.waiting(*(texts or ("你好",)))
    await handoff.claim(talk.id, holder, office.ports.handoff)
    return talk


async def writes(office: Office, talk: Conversation, text: str) -> None:
    """She writes, and the browsers are told."""
    await office.hears(talk, text)
    await office.feed.publish(Event(EventKind.MESSAGE_ADDED, talk.account_id, talk.region, talk.id))


def address(page: Page, path: str) -> str:
    """That path of the site that is open."""
    return "/".join(page.url.split("/")[:3]) + path


async def test_the_outcome_that_she_chose_stays_chosen_when_a_message_comes_in(office: Office) -> None:
    talk = await hers(office, await office.hire("li"))
    async with served(office) as port, desk(port) as (page, complaints):
        await page.goto(address(page, f"/desk/conversations/{talk.id}"))
        await page.get_by_text("结束", exact=True).click()
        chosen = page.get_by_role("radio", name="对方没有再回")
        await chosen.check()
        await writes(office, talk, "我还在")
        await expect(page.locator(".line.hers")).to_have_count(2)
        await expect(chosen).to_be_checked()
    assert complaints == []


async def test_who_reads_above_is_told_of_what_came_below_and_stays_where_she_reads(office: Office) -> None:
    talk = await hers(office, await office.hire("li"), *(f"第{number}句\n\n\n" for number in range(40)))
    async with served(office) as port, desk(port) as (page, complaints):
        await page.goto(address(page, f"/desk/conversations/{talk.id}"))
        lines, below = page.locator("[data-lines]"), page.locator("[data-to-end]")
        await expect(lines).to_contain_text("第39句")
        await expect(below).to_be_hidden()
        await lines.evaluate(SCROLL_UP)
        await writes(office, talk, "他上楼了")
        await expect(below).to_be_visible()
        assert await lines.evaluate("list => list.scrollTop") == 300
        await below.click()
        await expect(below).to_be_hidden()
        assert await lines.evaluate(TO_END) < 80
    assert complaints == []


async def test_nothing_is_sent_by_a_slip_while_she_has_hidden_the_chat(office: Office) -> None:
    talk = await hers(office, await office.hire("li"))
    await office.change_contact(talk, hidden_at=office.clock.now())
    asked: list[str] = []

    async def answer(dialog: Dialog) -> None:
        asked.append(dialog.message)
        await (dialog.accept() if len(asked) > 1 else dialog.dismiss())

    async with served(office) as port, desk(port, 390, 844) as (page, complaints):
        page.on("dialog", answer)
        await page.goto(address(page, f"/desk/conversations/{talk.id}"))
        await expect(page.locator("[data-hidden-now]")).to_be_visible()
        await page.fill("#reply textarea", "您还在吗")
        await page.locator("#reply .primary").click()
        await expect(page.locator("#reply textarea")).to_have_value("您还在吗")
        assert len(asked) == 1
        async with office.units() as uow:
            assert not [one for one in await uow.messages.recent(talk.id, 9) if one.author is Author.OPERATOR]
        await page.locator("#reply .primary").click()
        await expect(page.locator(".line.ours")).to_contain_text("您还在吗")
        assert len(asked) == 2
    assert complaints == []


async def test_words_in_another_form_of_the_case_outlive_a_step_and_the_focus_stays(office: Office) -> None:
    await office.hire("li")
    case = await office.file_of(await office.waiting("你好"))
    async with served(office) as port, desk(port) as (page, complaints):
        await page.goto(address(page, f"/desk/cases/{case.id}"))
        await page.fill("#note-words", "她妈妈知道")
        await page.locator("details.step summary").first.click()
        await page.get_by_role("button", name="受理", exact=True).click()
        await expect(page.locator(".case-head")).to_contain_text("已受理")
        await expect(page.locator("#note-words")).to_have_value("她妈妈知道")
        await expect(page.locator("#next-title")).to_be_focused()
        await page.get_by_role("button", name="记下", exact=True).click()
        await expect(page.locator(".history")).to_contain_text("她妈妈知道")
        await expect(page.locator("#note-words")).to_have_value("")
    assert complaints == []
