"""The form by which a conversation is passed on, what each may do with it, and what is said when it cannot be."""

from __future__ import annotations

import re

import pytest

from bot import handoff
from bot.conversation.handoffs import Skill
from bot.conversation.levels import Level, Topic
from bot.conversation.staff import Role, Scope
from bot.handoff import Target
from tests.doubles.office import Office
from tests.sites.console.pages import cards, opened, taken, words

HTMX = {"HX-Request": "true"}


def options(page: str) -> list[str]:
    """The words of what can be chosen."""
    return [words(option) for option in re.findall(r"<option.*?</option>", page)]


async def test_an_operator_chooses_among_everybody_colleagues_skills_and_regions(office: Office) -> None:
    talk = await taken(office, "你好", account_id="changsha")
    busy = await office.hire("zhao", name="赵姐", max_chats=1)
    await handoff.claim((await office.waiting("你好")).id, busy, office.ports.handoff)
    wang = await office.hire("wang", name="王姐", skills=frozenset({Skill.LAW, Skill.PARENTING}))
    await office.hire("far", name="远处", scope=Scope(regions=frozenset({"430300"})))
    await office.hire("writer", Role.CONTENT, name="编辑")
    for one in (wang, busy):
        await office.queue.arrive(one.id)
    await office.hire("new", name="新来的")
    async with office.browser("li") as client:
        form = (await client.get(f"/desk/conversations/{talk.id}/passing", headers=HTMX)).text
    assert "<html" not in form
    assert options(form)[:8] == [
        "所有同事（放回等候）",
        "王姐 · 在岗 · 手上 0 个 · 法律、亲子教育",
        "赵姐 · 在岗 · 手上 1 个，已满",
        "新来的 · 不在岗 · 手上 0 个",
        "法律",
        "心理咨询",
        "亲子教育",
        "湖南省",
    ]
    assert "远处" not in form
    assert "编辑" not in form


async def test_without_scripts_the_form_is_a_page(office: Office) -> None:
    talk = await taken(office, "你好")
    async with office.browser("li") as client:
        page = await client.get(f"/desk/conversations/{talk.id}/passing")
    assert page.status_code == 200
    assert "<html" in page.text
    assert f'action="/desk/conversations/{talk.id}/transfer"' in page.text


async def test_a_colleague_sees_what_was_handed_to_her_on_top_and_the_note_in_the_chat(office: Office) -> None:
    talk = await taken(office, "我想问问", minutes=1)
    wang = await office.hire("wang", name="王姐")
    await office.hire("zhao")
    await office.waiting("等了很久", minutes=60)
    passed = {"target": f"staff:{wang.id}", "note": "她丈夫在家，说话小心"}
    async with office.browser("li") as client:
        done = await client.post(f"/desk/conversations/{talk.id}/transfer", data=passed, follow_redirects=True)
    assert "已转出，等同事接入。" in done.text
    async with office.browser("wang") as client:
        first, second = cards((await client.get("/desk")).text)
    assert "转给您 ：她丈夫在家，说话小心" in first
    assert "我想问问" in first
    assert "转给" not in second
    page = await opened(office, talk, "wang")
    assert "转给了 您 ，还没有接入" in words(page)
    assert "她丈夫在家，说话小心" in words(page)
    async with office.browser("zhao") as client:
        mine = next(card for card in cards((await client.get("/desk")).text) if "我想问问" in card)
    assert "转给了同事" in mine
    assert "转给了 王姐 ，还没有接入" in words(await opened(office, talk, "zhao"))


async def test_a_card_and_the_chat_tell_the_skill(office: Office) -> None:
    await office.hire("li")
    talk = await office.waiting("你好", topic=Topic.DIVORCE)
    async with office.browser("li") as client:
        [card] = cards((await client.get("/desk")).text)
    assert "离婚 法律" in card
    assert "离婚 法律" in words(await opened(office, talk))


@pytest.mark.parametrize("target", ["staff:nobody", "region:110000", "skill:cooking", "anything"])
async def test_a_target_that_does_not_see_it_is_refused_and_her_note_stays(office: Office, target: str) -> None:
    talk = await taken(office, "你好")
    form = {"target": target, "note": "别丢了这句"}
    async with office.browser("li") as client:
        fragment = await client.post(f"/desk/conversations/{talk.id}/transfer", data=form, headers=HTMX)
        page = await client.post(f"/desk/conversations/{talk.id}/transfer", data=form)
        still = (await client.get(f"/desk/conversations/{talk.id}")).text
    assert fragment.status_code == page.status_code == 422
    assert fragment.headers["hx-retarget"] == "#passing"
    assert ("别丢了这句" in fragment.text, "没有做成" in fragment.text) == (True, True)
    assert "<html" in page.text
    assert 'data-state="mine"' in still


async def test_a_supervisor_assigns_one_that_waits(office: Office) -> None:
    boss, li = await office.hire("boss", Role.SUPERVISOR), await office.hire("li", name="李姐")
    talk = await office.waiting("你好")
    address = f"/desk/conversations/{talk.id}"
    async with office.browser("boss") as client:
        form = (await client.get(f"{address}/passing", headers=HTMX)).text
        assert options(form) == ["李姐 · 不在岗 · 手上 0 个"]
        kept = await client.post(f"{address}/assign", data={"target": f"staff:{li.id}"}, follow_redirects=True)
        assert "转给了 李姐 ，还没有接入" in words(kept.text)
        given = {"target": f"staff:{li.id}", "at_once": "true", "note": "请您接"}
        done = await client.post(f"{address}/assign", data=given, follow_redirects=True)
        again = await client.post(f"{address}/assign", data=given, headers=HTMX)
    assert 'data-state="other"' in done.text
    assert again.status_code == 409
    assert 'data-state="mine"' in await opened(office, talk, "li")
    assigned = [who for who, action in await office.audited(talk.id) if action == "conversation.assign"]
    assert assigned == [boss.id, boss.id]


async def test_a_supervisor_steps_in_and_the_colleague_is_a_bystander(office: Office) -> None:
    talk = await taken(office, "你好")
    await office.hire("boss", Role.SUPERVISOR, name="刘督导")
    address = f"/desk/conversations/{talk.id}"
    async with office.browser("boss") as client:
        assert "接过来" in (await client.get(address)).text
        assert "李晓梅" in words((await client.get(f"{address}/passing", headers=HTMX)).text)
        done = await client.post(f"{address}/step-in", data={"note": "我来"}, follow_redirects=True)
    assert 'data-state="mine"' in done.text
    page = await opened(office, talk)
    assert 'data-state="other"' in page
    assert "这是 刘督导 正在接的会话" in words(page)
    assert 'id="reply"' not in page
    async with office.browser("li") as client:
        sent = await client.post(f"{address}/messages", data={"text": "还在写"}, headers=HTMX)
    assert sent.status_code == 409


@pytest.mark.parametrize("waits", [True, False])
async def test_an_operator_is_offered_no_supervisors_move(office: Office, waits: bool) -> None:
    if waits:
        await office.hire("li")
        talk = await office.waiting("你好")
    else:
        talk = await taken(office, "你好")
    await office.hire("wang")
    address = f"/desk/conversations/{talk.id}"
    async with office.browser("wang") as client:
        page = (await client.get(address)).text
        form = await client.get(f"{address}/passing", headers=HTMX)
        tried = [await client.post(f"{address}/{move}", headers=HTMX) for move in ("assign", "step-in")]
    moves = page.partition('<dialog id="help"')[0]  # which tells everybody what supervisors do
    assert ("指派给" in moves, "接过来" in moves, f"{address}/passing" in moves) == (False, False, False)
    assert form.status_code == 409
    assert [answer.status_code for answer in tried] == [404, 404]


async def test_with_full_hands_she_is_told_plainly(office: Office) -> None:
    li = await office.hire("li", max_chats=1)
    await handoff.claim((await office.waiting("你好")).id, li, office.ports.handoff)
    asked = await office.waiting("你好")
    async with office.browser("li") as client:
        told = [
            await client.post(address, headers=HTMX)
            for address in ("/desk/next", f"/desk/conversations/{asked.id}/claim")
        ]
        await office.waiting("救命", level=Level.CRITICAL)
        urgent = await client.post("/desk/next")
    assert [answer.status_code for answer in told] == [409, 409]
    assert all("您手里已有 1 个会话，满了" in answer.text for answer in told)
    assert urgent.status_code == 303


async def test_while_redis_is_away_the_form_still_comes(office: Office) -> None:
    talk = await taken(office, "你好")
    await office.hire("wang", name="王姐")
    office.queue.available = False
    async with office.browser("li") as client:
        form = (await client.get(f"/desk/conversations/{talk.id}/passing", headers=HTMX)).text
    assert "王姐 · 不在岗 · 手上 0 个" in form


async def test_what_went_to_another_region_is_gone_from_her_list(office: Office) -> None:
    li = await office.hire("li", scope=Scope(regions=frozenset({"430100"})))
    await office.hire("far", scope=Scope(regions=frozenset({"430300"})))
    talk = await office.waiting("你好", account_id="changsha")
    await handoff.claim(talk.id, li, office.ports.handoff)
    await handoff.transfer(talk.id, li, office.ports.handoff, Target(region="430300"))
    async with office.browser("li") as client:
        assert cards((await client.get("/desk")).text) == []
    async with office.browser("far") as client:
        [card] = cards((await client.get("/desk")).text)
    assert "湘潭市" in card


async def test_her_file_goes_along_and_its_history_says_so(office: Office) -> None:
    li = await office.hire("li", name="李晓梅", scope=Scope(regions=frozenset({"430100"})))
    await office.hire("far", scope=Scope(regions=frozenset({"430300"})))
    talk = await office.waiting("你好", account_id="changsha")
    case = await office.file_of(talk)
    await handoff.claim(talk.id, li, office.ports.handoff)
    async with office.browser("li") as client:
        passed = await client.post(f"/desk/conversations/{talk.id}/transfer", data={"target": "region:430300"})
        gone = await client.get(f"/desk/cases/{case.id}")
        listed = words((await client.get("/desk/cases")).text)
    async with office.browser("far") as client:
        page = words((await client.get(f"/desk/cases/{case.id}")).text)
        beside = words((await client.get(f"/desk/conversations/{talk.id}")).text)
    assert (passed.status_code, gone.status_code) == (303, 404)
    assert case.number not in listed
    assert "跟会话转到别的地区 长沙市 → 湘潭市 李晓梅" in page
    assert f"办件 {case.number}" in beside
    assert (li.id, "case.moved") in await office.audited(case.id)
