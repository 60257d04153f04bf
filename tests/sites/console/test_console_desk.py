"""The desk: who waits, in which order and how long, what is mine, and being on duty."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.conversation.levels import Level, Topic
from bot.conversation.staff import Role, Scope
from tests.doubles.office import Office
from tests.sites.console.pages import cards, words


async def test_the_waiting_are_listed_by_level_and_then_by_how_long_they_wait(office: Office) -> None:
    await office.hire("li")
    await office.waiting("第三", minutes=50)
    await office.waiting("第二", level=Level.CRITICAL, minutes=1)
    await office.waiting("第一", level=Level.CRITICAL, minutes=9)
    async with office.browser("li") as client:
        page = (await client.get("/desk")).text
    first, second, third = cards(page)
    assert "第一" in first
    assert "第二" in second
    assert "第三" in third
    assert page.index("紧急") < page.index("第一") < page.index('class="lane high"') < page.index("第三")
    assert "<title>(2) 工作台" in page


async def test_a_card_tells_what_an_operator_must_know(office: Office) -> None:
    await office.hire("li")
    talk = await office.waiting(
        "前一句",
        "字" * 80,
        level=Level.CRITICAL,
        topic=Topic.DOMESTIC_VIOLENCE,
        reasons=("提到刀具", "正在发生"),
        account_id="changsha",
        minutes=65,
    )
    async with office.browser("li") as client:
        [card] = cards((await client.get("/desk")).text)
    number = (await office.file_of(talk)).number
    for told in ("紧急", "家庭暴力", "提到刀具 · 正在发生", "等了1小时5分", "长沙市 · 长沙市妇联", number, " 2 "):
        assert told in card
    assert "字" * 60 in card
    assert "字" * 61 not in card


async def test_my_conversations_stand_below_and_those_of_others_do_not(office: Office) -> None:
    await office.hire("li")
    await office.hire("wang")
    mine, hers = await office.waiting("给我的"), await office.waiting("给她的")
    async with office.browser("li") as client, office.browser("wang") as other:
        await client.post(f"/desk/conversations/{mine.id}/claim")
        await other.post(f"/desk/conversations/{hers.id}/claim")
        page = (await client.get("/desk/lists")).text
    assert "给我的" in cards(page, "mine")[0]
    assert len(cards(page, "mine")) == 1
    assert cards(page) == []
    assert "现在没有人在等" in page


async def test_only_the_scope_is_listed(office: Office) -> None:
    await office.hire("li", scope=Scope(regions=frozenset({"430100"})))
    await office.waiting("长沙的", account_id="changsha")
    await office.waiting("湘潭的", account_id="xiangtan")
    async with office.browser("li") as client:
        page = (await client.get("/desk")).text
    assert len(cards(page)) == 1
    assert "湘潭" not in page


async def test_the_fragment_knows_which_conversation_is_open_beside_it(office: Office) -> None:
    await office.hire("li")
    talk = await office.waiting("你好")
    beside = {"HX-Request": "true", "HX-Current-URL": f"http://desk/desk/conversations/{talk.id}"}
    async with office.browser("li") as client:
        fragment = (await client.get("/desk/lists", headers=beside)).text
    assert 'aria-current="page"' in fragment
    assert "<html" not in fragment


async def test_an_operator_is_present_while_a_page_of_hers_is_open_and_she_is_on_duty(office: Office) -> None:
    member = await office.hire("li")
    await office.feed.end()
    async with office.browser("li") as client:
        await client.get("/events")
        assert not await office.queue.present(), "a connection outlives a computer that is shut"
        await client.get("/desk/here")
        assert await office.queue.present() == {member.id}
        office.clock.advance(timedelta(seconds=61))
        assert not await office.queue.present()


async def test_off_duty_she_is_not_present_however_long_her_page_is_open(office: Office) -> None:
    await office.hire("li")
    async with office.browser("li") as client:
        await client.get("/desk/here")
        answer = await client.post("/desk/duty", data={"duty": "off"}, follow_redirects=True)
        assert 'aria-checked="false"' in answer.text
        await client.get("/desk/here")
        assert not await office.queue.present()
        answer = await client.post("/desk/duty", data={"duty": "on"}, follow_redirects=True)
        assert 'aria-checked="true"' in answer.text
        assert await office.queue.present()


async def test_what_a_colleague_set_who_sat_here_before_says_nothing_of_her(office: Office) -> None:
    await office.hire("li")
    wang = await office.hire("wang")
    async with office.browser("li") as client:
        await client.post("/desk/duty", data={"duty": "off"})
        left_behind = client.cookies["niangjia_duty"]
    async with office.browser("wang") as client:
        client.cookies.set("niangjia_duty", left_behind)
        assert 'aria-checked="true"' in (await client.get("/desk")).text
        await client.get("/desk/here")
    assert await office.queue.present() == {wang.id}


async def test_supervisors_are_off_duty_until_they_say_otherwise(office: Office) -> None:
    await office.hire("chen", Role.SUPERVISOR)
    async with office.browser("chen") as client:
        assert 'aria-checked="false"' in (await client.get("/desk")).text
        await client.get("/desk/here")
    assert not await office.queue.present()


async def test_content_staff_see_that_their_studio_comes_later(office: Office) -> None:
    await office.hire("zhou", Role.CONTENT)
    async with office.browser("zhou") as client:
        page = await client.get("/")
    assert page.status_code == 200
    assert "内容工作室" in words(page.text)


@pytest.mark.parametrize("path", ["/desk", "/desk/lists"])
async def test_without_the_database_the_page_says_so(office: Office, path: str) -> None:
    await office.hire("li")
    async with office.browser("li") as client:
        office.lose_database()
        answer = await client.get(path)
    assert answer.status_code == 503
    assert "暂时连不上数据" in answer.text
