"""What an operator does to a conversation, and what she is told when it cannot be done."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from bot.conversation.content import Text
from bot.conversation.conversations import Conversation, Mode
from bot.conversation.events import EventKind
from bot.conversation.levels import Level
from bot.conversation.messages import Author, Message
from tests.doubles.office import Office
from tests.sites.console.pages import cards, lines, words

HTMX = {"HX-Request": "true"}


async def said(office: Office, talk: Conversation, author: Author) -> list[str]:
    """What this author said in the conversation."""
    async with office.units() as uow:
        recent = await uow.messages.recent(talk.id, 50)
    return [_text(message) for message in recent if message.author is author]


def _text(message: Message) -> str:
    return message.content.text if isinstance(message.content, Text) else ""


async def mode(office: Office, talk: Conversation) -> Mode:
    """Who has the word now."""
    async with office.units() as uow:
        return (await uow.conversations.get(talk.id)).mode


async def send(client: httpx.AsyncClient, talk: Conversation, text: str) -> httpx.Response:
    """Send words as HTMX does."""
    return await client.post(f"/desk/conversations/{talk.id}/messages", data={"text": text}, headers=HTMX)


async def test_take_the_next_opens_the_most_urgent(office: Office) -> None:
    await office.hire("li")
    await office.waiting("等了很久", minutes=90)
    urgent = await office.waiting("很急", level=Level.CRITICAL, minutes=1)
    async with office.browser("li") as client:
        answer = await client.post("/desk/next", follow_redirects=True)
    assert answer.url.path == f"/desk/conversations/{urgent.id}"
    assert 'data-state="mine"' in answer.text
    assert await mode(office, urgent) is Mode.HUMAN


async def test_when_nobody_waits_the_notice_says_so_and_nothing_else_changes(office: Office) -> None:
    await office.hire("li")
    async with office.browser("li") as client:
        fragment = await client.post("/desk/next", headers=HTMX)
        page = await client.post("/desk/next", follow_redirects=True)
    assert fragment.headers["hx-retarget"] == "#notice"
    assert fragment.headers["hx-push-url"] == "false"
    assert "现在没有人在等" in words(fragment.text)
    assert "现在没有人在等" in words(page.text)


async def test_of_two_who_take_the_same_one_gets_it_and_the_other_is_told_kindly(office: Office) -> None:
    await office.hire("li")
    await office.hire("wang")
    talk = await office.waiting("你好")
    async with office.browser("li") as one, office.browser("wang") as two:
        answers = await asyncio.gather(
            *(client.post(f"/desk/conversations/{talk.id}/claim", headers=HTMX) for client in (one, two))
        )
    won, lost = sorted(answers, key=lambda answer: answer.status_code)
    assert (won.status_code, lost.status_code) == (303, 409)
    assert "已被其他同事接走" in lost.text
    assert lost.headers["hx-retarget"] == "#notice"
    assert lost.headers["hx-trigger"] == "stale"


async def test_words_go_out_and_the_box_comes_back_empty(office: Office) -> None:
    await office.hire("li")
    talk = await office.waiting("你好")
    async with office.browser("li") as client:
        await client.post(f"/desk/conversations/{talk.id}/claim")
        answer = await send(client, talk, "您好，\r\n我在听。")
        await send(client, talk, "第二句")
    assert answer.status_code == 200
    assert "></textarea>" in answer.text
    assert answer.headers["hx-trigger"] == "stale"
    first, second = await said(office, talk, Author.OPERATOR)
    assert first == "工作人员来了，下面是真人跟您说话。\n\n您好，\n我在听。"
    assert second == "第二句"
    assert EventKind.MESSAGE_ADDED in [event.kind for event in office.feed.kept]


@pytest.mark.parametrize("text", ["", "   \n ", "长" * 2001])
async def test_words_that_cannot_go_stay_in_the_box_beside_the_reason(office: Office, text: str) -> None:
    await office.hire("li")
    talk = await office.waiting("你好")
    async with office.browser("li") as client:
        await client.post(f"/desk/conversations/{talk.id}/claim")
        answer = await send(client, talk, text)
    assert answer.status_code == 422
    assert answer.headers["hx-retarget"] == "#reply"
    assert f">{text}</textarea>" in answer.text
    assert "回复须为 1 到 2000 字" in answer.text
    assert await said(office, talk, Author.OPERATOR) == []


async def test_who_no_longer_holds_it_is_told_and_her_words_are_not_sent(office: Office) -> None:
    await office.hire("li")
    talk = await office.waiting("你好")
    async with office.browser("li") as client:
        await client.post(f"/desk/conversations/{talk.id}/claim")
        await client.post(f"/desk/conversations/{talk.id}/transfer")
        answer = await send(client, talk, "还在写的话")
    assert answer.status_code == 409
    assert "您写的话还在框里" in answer.text
    assert answer.headers["hx-retarget"] == "#notice"
    assert await said(office, talk, Author.OPERATOR) == []


@pytest.mark.parametrize(
    ("step", "form", "becomes", "notice"),
    [
        ("release", {}, Mode.BOT, "下面由AI智能助手接着回您。"),
        ("close", {"disposition": "referred"}, Mode.CLOSED, "这次先说到这里。"),
        ("transfer", {}, Mode.WAITING, None),
    ],
)
async def test_leaving_a_conversation_tells_her_once_where_it_must(
    office: Office, step: str, form: dict[str, str], becomes: Mode, notice: str | None
) -> None:
    li = await office.hire("li")
    talk = await office.waiting("你好")
    async with office.browser("li") as client:
        await client.post(f"/desk/conversations/{talk.id}/claim")
        answer = await client.post(f"/desk/conversations/{talk.id}/{step}", data=form, follow_redirects=True)
        again = await client.post(f"/desk/conversations/{talk.id}/{step}", data=form)
    assert answer.url.path == "/desk"
    assert 'id="said"' in answer.text
    assert again.status_code == 409
    assert await mode(office, talk) is becomes
    assert await said(office, talk, Author.SYSTEM) == ([notice] if notice else [])
    done = [(li.id, "conversation.claim"), (li.id, f"conversation.{step}")]
    assert await office.audited(talk.id) == done


async def test_a_transferred_conversation_waits_again_for_colleagues(office: Office) -> None:
    await office.hire("li")
    talk = await office.waiting("你好", minutes=30)
    async with office.browser("li") as client:
        await client.post(f"/desk/conversations/{talk.id}/claim")
        await client.post(f"/desk/conversations/{talk.id}/transfer")
        [card] = cards((await client.get("/desk")).text)
    assert "等了30分钟" in card
    assert [entry.conversation_id for entry in await office.queue.entries()] == [talk.id]


async def test_an_ending_without_a_result_is_refused(office: Office) -> None:
    await office.hire("li")
    talk = await office.waiting("你好")
    async with office.browser("li") as client:
        await client.post(f"/desk/conversations/{talk.id}/claim")
        answer = await client.post(f"/desk/conversations/{talk.id}/close", data={"disposition": "whatever"})
    assert answer.status_code == 422
    assert await mode(office, talk) is Mode.HUMAN


async def test_the_file_moves_along_the_workflow_and_not_across_it(office: Office) -> None:
    li = await office.hire("li")
    talk = await office.waiting("你好")
    case = await office.file_of(talk)
    async with office.browser("li") as client:
        form = {"status": "accepted", "conversation_id": talk.id}
        answer = await client.post(f"/desk/cases/{case.id}/steps", data=form, follow_redirects=True)
        again = await client.post(f"/desk/cases/{case.id}/steps", data=form)
    assert answer.url.path == f"/desk/conversations/{talk.id}"
    assert "状态 已受理" in words(answer.text)
    assert again.status_code == 409
    assert await office.audited(case.id) == [(li.id, "case.accepted")]


async def test_without_redis_words_still_go_out_and_only_the_queue_is_missing(office: Office) -> None:
    await office.hire("li")
    talk = await office.waiting("你好")
    async with office.browser("li") as client:
        office.queue.available = office.feed.available = False
        assert (await client.post("/desk/next", headers=HTMX)).status_code == 503
        assert (await client.post(f"/desk/conversations/{talk.id}/claim")).status_code == 303
        assert (await send(client, talk, "在的")).status_code == 200
        page = await client.get(f"/desk/conversations/{talk.id}")
    assert lines(page.text)[1].endswith("在的 待发送")
