"""The page of calls back: when to dial, what may be said, the number on demand, and what became of the call."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest

from bot import handoff
from bot.conversation.call_backs import CallBack
from bot.conversation.conversations import Conversation
from bot.conversation.levels import Level
from bot.conversation.staff import Role, Scope
from tests.doubles.office import Office
from tests.sites.console.pages import opened, taken, words

PAGE, NUMBER, WHEN = "/desk/call-backs", "13800000000", "明天上午他上班的时候"


async def asked(office: Office, talk: Conversation, **given: str) -> CallBack:
    """She asks to be called back."""
    answers = {"phone": NUMBER, "when": WHEN, "say_who": "no", **given}
    async with office.units() as uow:
        call_back = await handoff.ask_call_back(uow, talk, answers, office.clock.now())
        await uow.commit()
    assert call_back is not None
    return call_back


def cards(page: str) -> list[str]:
    """The words of each call that is to be made."""
    return [words(card) for card in re.findall(r'<li class="\w+" id="call-\w+">.*?</li>', page, flags=re.DOTALL)]


async def page_of(office: Office, username: str = "li") -> str:
    async with office.browser(username) as client:
        return (await client.get(PAGE)).text


async def called(client: httpx.AsyncClient, call_back: CallBack, how: str, note: str = "") -> httpx.Response:
    form = {"called": how, "words": note}
    return await client.post(f"{PAGE}/{call_back.id}/calls", data=form, follow_redirects=True)


async def test_the_list_tells_when_and_what_may_be_said_but_no_number(office: Office) -> None:
    await office.hire("li")
    await asked(office, await office.waiting("你好"), words="叫我小李")
    page = await page_of(office)
    (card,) = cards(page)
    assert f"什么时候打 {WHEN} 别人接了 不说是谁，只说打错了 她还说 叫我小李 138****0000 看号码" in card
    assert NUMBER not in page
    assert "138 0000 0000" not in page


async def test_the_most_urgent_come_first_then_who_waits_longest(office: Office) -> None:
    await office.hire("li")
    for level, when in ((Level.NORMAL, "甲"), (Level.CRITICAL, "乙"), (Level.HIGH, "丙"), (Level.HIGH, "丁")):
        await asked(office, await office.waiting("你好", level=level), when=when)
        office.clock.advance(timedelta(minutes=1))
    order = [re.search(r"什么时候打 (\S+)", card) for card in cards(await page_of(office))]
    assert [found and found[1] for found in order] == ["乙", "丙", "丁", "甲"]


async def test_the_number_is_shown_on_that_page_alone_and_written_down(office: Office) -> None:
    li = await office.hire("li")
    call_back = await asked(office, await office.waiting("你好"))
    other = await asked(office, await office.waiting("你好"), phone="13900000000")
    async with office.browser("li") as client:
        shown = await client.post(f"{PAGE}/{call_back.id}/number")
        again = await client.get(PAGE)
    assert shown.headers["cache-control"] == "no-store"
    assert "138 0000 0000" in shown.text
    assert "139 0000 0000" not in shown.text
    assert "138 0000 0000" not in again.text
    assert await office.audited(call_back.id) == [(li.id, "call_back.reveal")]
    assert await office.audited(other.id) == []


async def test_a_colleague_sees_who_is_dialling_and_may_take_it_over(office: Office) -> None:
    li, wang = await office.hire("li", name="李晓梅"), await office.hire("wang", name="王姐")
    call_back = await asked(office, await office.waiting("你好"))
    path = f"{PAGE}/{call_back.id}/number"
    async with office.browser("li") as client, office.browser("wang") as other:
        assert "我来打" not in (await other.get(PAGE)).text
        await client.post(path)
        late = await other.post(path)  # her page is from before
        assert late.status_code == 409
        assert "同事刚看了这个号码，可能正在打" in late.text
        assert "138 0000 0000" not in late.text
        assert "我来打" not in cards((await client.get(PAGE)).text)[0]
        (card,) = cards((await other.get(PAGE)).text)
        assert "我来打，看号码 李晓梅" in card
        shown = await other.post(path, data={"take_over": "true"})
        assert "138 0000 0000" in shown.text
        assert "王姐" in cards((await client.get(PAGE)).text)[0]
        await called(other, call_back, "again")
        assert "我来打" not in cards((await client.get(PAGE)).text)[0]
    assert await office.audited(call_back.id) == [
        (li.id, "call_back.reveal"),
        (wang.id, "call_back.reveal"),
        (wang.id, "call_back.try"),
    ]


async def test_programs_learn_who_is_dialling(office: Office) -> None:
    li = await office.hire("li")
    await office.hire("wang")
    call_back = await asked(office, await office.waiting("你好"))
    path = f"/api/v1/call-backs/{call_back.id}/number"
    async with office.program("li") as client, office.program("wang") as other:
        assert (await client.post(path)).status_code == 200
        assert (await other.post(path)).status_code == 409
        (row,) = (await other.get("/api/v1/call-backs")).json()["open"]
        assert row["dialling"] == li.id
        assert (await other.post(f"{path}?take_over=true")).json()["phone"] == NUMBER
        office.clock.advance(timedelta(minutes=15))
        (row,) = (await client.get("/api/v1/call-backs")).json()["open"]
    assert row["dialling"] is None


async def test_a_call_in_vain_is_counted_and_the_third_may_be_the_last(office: Office) -> None:
    li = await office.hire("li")
    call_back = await asked(office, await office.waiting("你好"))
    async with office.browser("li") as client:
        first = await called(client, call_back, "again")
        second = await called(client, call_back, "again", "她妹妹接的")
        third = await called(client, call_back, "not_reached")
    assert "打过 1 次" in cards(first.text)[0]
    assert "不再打" not in cards(first.text)[0]
    assert "没打通，不再打" in cards(second.text)[0]
    assert cards(third.text) == []
    assert "没打通，不再打 来访者" in words(third.text)
    assert await office.audited(call_back.id) == [(li.id, "call_back.try")] * 2 + [(li.id, "call_back.not_reached")]


@pytest.mark.parametrize(("how", "told"), [("reached", "打通了"), ("wrong_number", "号码不对")])
async def test_what_is_settled_is_folded_below_for_thirty_days(office: Office, how: str, told: str) -> None:
    await office.hire("li", name="李晓梅")
    call_back = await asked(office, await office.waiting("你好"))
    async with office.browser("li") as client:
        page = (await called(client, call_back, how)).text
        settled = words(page.partition('<details class="settled">')[2])
        assert settled.startswith(f"最近30天的 1 个 {told} 来访者")
        assert "李晓梅" in settled
        assert "现在没有要打的电话" in page
        refused = await called(client, call_back, "again")
        shown = await client.post(f"{PAGE}/{call_back.id}/number")
    assert (refused.status_code, shown.status_code) == (409, 409)
    assert NUMBER not in shown.text
    office.clock.advance(timedelta(days=31))
    await office.hire("wang")
    assert told not in words(await page_of(office, "wang"))


async def test_who_changed_her_mind_is_not_called(office: Office) -> None:
    await office.hire("li")
    talk = await office.waiting("你好")
    call_back = await asked(office, talk)
    async with office.units() as uow:
        await handoff.withdraw_call_back(uow, talk.contact_id, office.clock.now())
        await uow.commit()
    async with office.browser("li") as client:
        assert (await called(client, call_back, "reached")).status_code == 409
        page = (await client.get(PAGE)).text
    assert cards(page) == []
    assert "她取消了" in words(page)
    assert "她自己" in words(page)


async def test_the_note_stands_beside_the_conversation(office: Office) -> None:
    talk = await taken(office, "你好")
    call_back = await asked(office, talk)
    async with office.browser("li") as client:
        await called(client, call_back, "reached", "约了周五上午面谈")
    page = words(await opened(office, talk))
    assert "回电第1次：打通了。约了周五上午面谈" in page


async def test_the_open_one_stands_beside_the_chat_without_its_number(office: Office) -> None:
    talk = await taken(office, "你好")
    call_back = await asked(office, talk, when="中午，打13900000000也行")
    page = await opened(office, talk)
    section = words(page.partition('<section class="call-back">')[2].partition("</section>")[0])
    assert section.startswith("要回电 138****0000 时间 中午，打139****0000也行 别人接 不说是谁，只说打错了")
    assert NUMBER not in page
    async with office.browser("li") as client:
        await called(client, call_back, "reached")
    assert "call-back" not in (await opened(office, talk)).partition('id="file-')[2]


async def test_others_regions_calls_are_not_hers(office: Office) -> None:
    await office.hire("far", scope=Scope(regions=frozenset({"430300"})))
    call_back = await asked(office, await office.waiting("你好", account_id="changsha"))
    async with office.browser("far") as client:
        assert cards((await client.get(PAGE)).text) == []
        assert (await client.get(f"{PAGE}/count")).text == ""
        assert (await client.post(f"{PAGE}/{call_back.id}/number")).status_code == 404
        assert (await called(client, call_back, "reached")).status_code == 404
    assert await office.audited(call_back.id) == []


async def test_the_rooms_tell_how_many_are_to_be_made(office: Office) -> None:
    await office.hire("li")
    async with office.browser("li") as client:
        assert (await client.get(f"{PAGE}/count")).text == ""
        await asked(office, await office.waiting("你好"))
        await asked(office, await office.waiting("你好"))
        assert (await client.get(f"{PAGE}/count")).text == "2"


async def test_her_words_are_words(office: Office) -> None:
    await office.hire("li", Role.SUPERVISOR)
    await asked(office, await office.waiting("你好"), when="<script>alert(1)</script>", words="<b>")
    page = await page_of(office)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


async def test_a_note_that_is_too_long_counts_no_call(office: Office) -> None:
    await office.hire("li")
    call_back = await asked(office, await office.waiting("你好"))
    async with office.browser("li") as client:
        refused = await called(client, call_back, "reached", "长" * 2001)
        assert (await called(client, call_back, "withdrawn")).status_code == 422
    assert refused.status_code == 422
    assert len(cards(await page_of(office))) == 1


async def test_programs_read_and_note_them_too(office: Office) -> None:
    li = await office.hire("li")
    call_back = await asked(office, await office.waiting("你好"))
    async with office.program("li") as client:
        listed = await client.get("/api/v1/call-backs")
        number = await client.post(f"/api/v1/call-backs/{call_back.id}/number")
        path = f"/api/v1/call-backs/{call_back.id}/calls"
        early = await client.post(path, json={"outcome": "not_reached"})
        hers = await client.post(path, json={"outcome": "withdrawn"})
        done = await client.post(path, json={"outcome": "reached", "words": "讲了半小时"})
        after = (await client.get("/api/v1/call-backs")).json()
    (row,) = listed.json()["open"]
    assert (row["id"], row["when"], row["discreet"], row["masked_phone"]) == (call_back.id, WHEN, True, "138****0000")
    assert NUMBER not in listed.text
    assert number.json() == {"phone": NUMBER, "when": WHEN, "words": ""}
    assert (early.status_code, hers.status_code, done.json()["outcome"]) == (409, 422, "reached")
    assert (after["open"], [one["settled_by"] for one in after["settled"]]) == ([], [li.id])
    assert await office.audited(call_back.id) == [(li.id, "call_back.reveal"), (li.id, "call_back.reached")]
