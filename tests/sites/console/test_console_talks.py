"""Who of the team talks with whom: for supervisors alone, within their scope, with the way to read along."""

from __future__ import annotations

from datetime import timedelta

from bot import handoff
from bot.conversation.levels import Level, Topic
from bot.conversation.staff import Role, Scope
from bot.turns.reply import reply
from tests.doubles.office import Office
from tests.sites.console.pages import words

PAGE = "/desk/talks"


async def test_a_supervisor_sees_who_holds_what_and_who_is_free(office: Office) -> None:
    li, wang = await office.hire("li", name="李晓梅"), await office.hire("wang", name="王芳")
    await office.hire("zhao", name="赵敏")
    await office.hire("boss", Role.SUPERVISOR)
    mild = await office.waiting("你好", level=Level.NORMAL, topic=Topic.DIVORCE)
    grave = await office.waiting("救命", level=Level.CRITICAL, account_id="changsha")
    for talk in (mild, grave):
        await handoff.claim(talk.id, li, office.ports.handoff)
    await reply(mild.id, "您好", li, office.ports.reply)
    for one in (li, wang):
        await office.queue.arrive(one.id)
    office.clock.advance(timedelta(minutes=4))
    await office.queue.arrive(li.id)
    await office.queue.arrive(wang.id)
    async with office.browser("boss") as client:
        page = (await client.get(PAGE)).text
    shown = words(page)
    assert "正在接 2 条会话" in shown
    assert "李晓梅 在岗 · 手上 2 个 紧急 家庭暴力" in shown
    assert "长沙市 · 长沙市妇联 还没回第一句 接了4分钟 一般 离婚" in shown
    assert shown.count("还没回第一句") == 1
    assert "王芳 在岗 · 手上 0 个 手上没有会话" in shown
    assert "赵敏" not in shown
    assert f'href="/desk/conversations/{grave.id}"' in page


async def test_what_is_outside_of_her_scope_is_not_there(office: Office) -> None:
    li = await office.hire("li", name="李晓梅")
    await office.hire("boss", Role.SUPERVISOR, Scope(regions=frozenset({"430300"})))
    talk = await office.waiting("你好", account_id="changsha")
    await handoff.claim(talk.id, li, office.ports.handoff)
    async with office.browser("boss") as client:
        shown = words((await client.get(PAGE)).text)
    assert "正在接 0 条会话" in shown
    assert "现在没有人在接" in shown
    assert "李晓梅" not in shown


async def test_operators_do_not_look_over_each_others_shoulder(office: Office) -> None:
    await office.hire("li")
    async with office.browser("li") as client:
        assert (await client.get(PAGE)).status_code == 404
        assert PAGE not in (await client.get("/desk")).text


async def test_the_pages_beside_the_desk_tell_how_many_urgent_ones_wait(office: Office) -> None:
    await office.hire("li")
    async with office.browser("li") as client:
        assert (await client.get("/desk/lists/count")).text == ""
        await office.waiting("救命", level=Level.CRITICAL)
        await office.waiting("你好", level=Level.HIGH)
        assert (await client.get("/desk/lists/count")).text == "1"
        assert "data-urgent-count" in (await client.get("/desk/cases")).text
        assert "data-urgent-count" not in (await client.get("/desk")).text
