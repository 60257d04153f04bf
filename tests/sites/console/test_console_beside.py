"""Beside the chat: notes for colleagues, numbers that are hidden until somebody asks, her name, canned replies."""

from __future__ import annotations

import re

from bot.conversation.content import Link, Transcript, Voice
from bot.conversation.conversations import Conversation
from bot.conversation.events import EventKind
from bot.conversation.flows import Flow, FlowState
from bot.conversation.messages import Message, new_id
from bot.conversation.staff import Role, Scope
from tests.doubles.office import Office
from tests.sites.console.pages import lines, opened, taken, words

PHONE, SHOWN = "13812345678", "138****5678"


def beside(talk: Conversation, rest: str) -> str:
    return f"/desk/conversations/{talk.id}/{rest}"


async def said(office: Office, talk: Conversation) -> list[Message]:
    async with office.units() as uow:
        return await uow.messages.recent(talk.id, 20)


# --- notes ---


async def test_a_note_stands_among_the_lines_for_colleagues_and_is_not_sent(office: Office) -> None:
    talk = await taken(office, "你好")
    await office.hire("wang", name="王芳")
    async with office.browser("wang") as colleague:
        answer = await colleague.post(beside(talk, "notes"), data={"note": "她妈妈知道\r\n先别打电话"})
        assert answer.headers["location"].endswith(talk.id)
    assert [line for line in lines(await opened(office, talk)) if "备注" in line] == [
        "王芳 今天 09:05 备注，不会发给她 她妈妈知道 先别打电话"
    ]
    assert [message.author for message in await said(office, talk)] == ["contact"]
    assert office.feed.kept[-1].kind is EventKind.NOTE_ADDED


async def test_a_note_is_written_on_a_closed_conversation_and_read_there(office: Office) -> None:
    talk = await taken(office, "你好")
    async with office.browser("li") as client:
        await client.post(beside(talk, "close"), data={"disposition": "answered"})
        box = await client.post(beside(talk, "notes"), data={"note": "材料寄到了"}, headers={"HX-Request": "true"})
        assert box.headers["HX-Trigger"] == "stale"
        assert "材料寄到了" not in box.text
    assert "我 今天 09:05 备注，不会发给她 材料寄到了" in words(await opened(office, talk))


async def test_a_note_without_words_stays_in_the_box_with_the_reason(office: Office) -> None:
    talk = await taken(office, "你好")
    async with office.browser("li") as client:
        answer = await client.post(beside(talk, "notes"), data={"note": "  "})
        endless = await client.post(beside(talk, "notes"), data={"note": "长" * 2001})
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (422, "#note")
    assert "备注须为 1 到 2000 字" in words(endless.text)
    assert "长" * 2001 in endless.text


async def test_a_note_is_only_words(office: Office) -> None:
    talk = await taken(office, "你好")
    async with office.browser("li") as client:
        await client.post(beside(talk, "notes"), data={"note": "</li><script>alert(1)</script>"})
    assert "<script>alert" not in await opened(office, talk)


# --- numbers ---


async def test_numbers_are_hidden_in_list_and_chat_until_somebody_asks_and_that_is_written_down(office: Office) -> None:
    talk = await taken(office, f"我电话{PHONE}，身份证430102199003078123")
    page = await opened(office, talk)
    assert PHONE not in page
    assert "430102199003078123" not in page
    assert page.count(f"我电话{SHOWN}，身份证430****8123") == 2
    [message] = await said(office, talk)
    async with office.browser("li") as client:
        shown = await client.post(beside(talk, f"lines/{message.id}/reveal"))
    assert f"我电话{PHONE}，身份证430102199003078123" in words(shown.text)
    assert "看号码" not in shown.text
    assert [action for _, action in await office.audited(message.id)] == ["message.reveal"]
    assert PHONE not in await opened(office, talk)


async def test_a_number_in_a_voice_message_is_hidden_too(office: Office) -> None:
    talk = await taken(office, Voice("m1", "amr"))
    [spoken] = await said(office, talk)
    await office.hears(talk, Transcript(spoken.id, f"打{PHONE}找我"))
    page = await opened(office, talk)
    assert PHONE not in page
    assert f"打{SHOWN}找我" in words(page)
    async with office.browser("li") as client:
        shown = await client.post(beside(talk, f"lines/{spoken.id}/reveal"))
    assert f"打{PHONE}找我" in words(shown.text)


async def test_a_number_at_a_fold_is_hidden(office: Office) -> None:
    talk = await taken(office, "长" * 1495 + PHONE)
    assert not re.search(r"1381|2345678", await opened(office, talk))


async def test_a_number_in_the_title_of_a_page_is_hidden_too(office: Office) -> None:
    talk = await taken(office, Link(f"找{PHONE}", "https://example.com/"))
    [passed_on] = await said(office, talk)
    assert PHONE not in await opened(office, talk)
    async with office.browser("li") as client:
        shown = await client.post(beside(talk, f"lines/{passed_on.id}/reveal"))
    assert f"找{PHONE}" in words(shown.text)


async def test_a_number_in_a_note_is_shown_on_record(office: Office) -> None:
    talk = await taken(office, "你好")
    async with office.browser("li") as client:
        await client.post(beside(talk, "notes"), data={"note": f"她妈妈{PHONE}"})
        page = await opened(office, talk)
        assert PHONE not in page
        found = re.search(r"/lines/(\w{32})/reveal", page)
        assert found
        shown = await client.post(beside(talk, f"lines/{found[1]}/reveal"))
    assert f"她妈妈{PHONE}" in words(shown.text)
    assert [action for _, action in await office.audited(found[1])] == ["note.write", "note.reveal"]


async def test_a_number_in_an_answer_of_hers_is_shown_on_record(office: Office) -> None:
    talk = await taken(office, "你好")
    now = office.clock.now()
    answers = {"county": "长沙县", "call": f"打{PHONE}"}
    flow = Flow(new_id(), talk.id, talk.contact_id, "referral", FlowState.FINISHED, answers, now, now)
    async with office.units() as uow:
        await uow.flows.add(flow)
        await uow.commit()
    page = await opened(office, talk)
    assert PHONE not in page
    assert f"打{SHOWN}" in words(page)
    async with office.browser("li") as client:
        shown = await client.post(beside(talk, f"answers/{flow.id}/reveal"))
    assert f"打{PHONE}" in words(shown.text)
    assert [action for _, action in await office.audited(flow.id)] == ["flow.reveal"]


async def test_nothing_of_another_conversation_or_outside_the_scope_is_shown(office: Office) -> None:
    talk, other = await taken(office, f"打{PHONE}"), await office.waiting("你好")
    await office.hire("far", scope=Scope(regions=frozenset({"430300"})))
    [message] = await said(office, talk)
    async with office.browser("li") as client:
        assert (await client.post(beside(other, f"lines/{message.id}/reveal"))).status_code == 404
    async with office.browser("far") as client:
        assert (await client.post(beside(talk, f"lines/{message.id}/reveal"))).status_code == 404
        assert (await client.post(beside(talk, "person/reveal"))).status_code == 404
        assert (await client.post(beside(talk, "person"), data={"name": "王"})).status_code == 404
    assert await office.audited(message.id) == await office.audited(talk.contact_id) == []


# --- her name ---


async def test_her_name_and_number_are_kept_hidden_shown_on_record_and_forgotten(office: Office) -> None:
    talk = await taken(office, "你好")
    async with office.browser("li") as client:
        await client.post(beside(talk, "person"), data={"name": "王晓梅", "phone": PHONE})
        page = await opened(office, talk)
        assert f"姓名 王** 电话 {SHOWN}" in words(page)
        assert "王晓梅" not in page
        assert PHONE not in page
        assert "来访者" in page
        shown = await client.post(beside(talk, "person/reveal"))
        assert 'value="王晓梅"' in shown.text
        assert f'value="{PHONE}"' in shown.text
        saved = await client.post(
            beside(talk, "person"), data={"name": "", "phone": ""}, headers={"HX-Request": "true"}
        )
        assert "记下姓名、电话" in saved.text
    deeds = [action for _, action in await office.audited(talk.contact_id)]
    assert deeds == ["contact.write", "contact.reveal", "contact.write"]


async def test_what_is_no_number_stays_in_the_box_with_the_reason(office: Office) -> None:
    talk = await taken(office, "你好")
    async with office.browser("li") as client:
        answer = await client.post(beside(talk, "person"), data={"name": "王", "phone": "打给我妈"})
    assert answer.status_code == 422
    assert "电话只能有数字" in answer.text
    assert 'value="打给我妈"' in answer.text


# --- canned replies ---


async def test_canned_replies_are_at_hand_filled_for_this_person_hers_first(office: Office) -> None:
    talk = await taken(office, "你好")
    case = await office.file_of(talk)
    async with office.browser("li") as client:
        await client.post("/desk/replies", data={"title": "先说一句", "text": "{today}，我姓李"})
        page = await opened(office, talk)
        today = office.clock.now()
        at_hand = re.findall(r"data-insert title=\"[^\"]*\"><kbd>(\d)</kbd>([^<]*)</button><span hidden>([^<]*)<", page)
        assert at_hand == [
            ("1", "先说一句", f"{today.month}月{today.day}日，我姓李"),
            ("2", "问安全", "您现在安全吗？我是李晓梅。"),
            ("3", "已登记", f"您的事登记好了，编号{case.number}。湖南省妇联会跟进，急事打12338。"),
        ]
        found = await client.get("/desk/articles", params={"account": "hunan", "region": "430100", "q": "登记"})
    assert "常用语 已登记" in words(found.text)
    assert "编号【办件编号】。长沙市妇联会跟进" in words(found.text)


async def test_each_keeps_her_own_and_supervisors_keep_everybodys(office: Office) -> None:
    await office.hire("li")
    await office.hire("wang")
    await office.hire("chief", Role.SUPERVISOR)
    async with office.browser("li") as li, office.browser("wang") as wang, office.browser("chief") as chief:
        assert (await li.post("/desk/replies", data={"title": "甲", "text": "甲甲"})).status_code == 303
        shared = {"title": "乙", "text": "乙乙", "shared": "true"}
        assert (await li.post("/desk/replies", data=shared)).status_code == 404
        assert (await chief.post("/desk/replies", data=shared)).status_code == 303
        page = words((await li.get("/desk/replies")).text)
        assert "甲 甲甲 修改" in page
        assert "大家的 1 条，督导可以改 乙 乙乙 系统自带的 2 条" in page
        assert "甲甲" not in (await wang.get("/desk/replies")).text
        found = re.findall(r'action="/desk/replies/(\w{32})"', (await chief.get("/desk/replies")).text)
        assert len(found) == 1
        assert (await li.post(f"/desk/replies/{found[0]}/end")).status_code == 404
        assert (await chief.post(f"/desk/replies/{found[0]}/end")).status_code == 303
        assert "乙乙" not in (await li.get("/desk/replies")).text


async def test_the_page_shows_what_will_stand_in_each_place_and_marks_it(office: Office) -> None:
    await office.hire("li", name="李晓梅")
    async with office.browser("li") as client:
        await client.post("/desk/replies", data={"title": "甲", "text": "<b>{ office }</b>"})
        page = (await client.get("/desk/replies")).text
    assert "您现在安全吗？我是李晓梅。" in words(page).replace(" ", "")
    assert '<mark title="自动填上：您的名字">李晓梅</mark>' in page
    assert '&lt;b&gt;<mark title="自动填上：她那里的妇联">她那里的妇联</mark>&lt;/b&gt;' in page
    assert page.count("{ office }") == 1, "only in the form that changes it"


async def test_a_place_that_we_do_not_know_is_refused_with_words(office: Office) -> None:
    await office.hire("li")
    async with office.browser("li") as client:
        answer = await client.post(
            "/desk/replies", data={"title": "甲", "text": "{name}您好"}, headers={"HX-Request": "true"}
        )
        assert answer.status_code == 422
        assert "没有保存：不认识“{name}”，可以用的有：{account}、" in words(answer.text)
        assert "{name}" not in (await client.get("/desk/replies")).text


# --- what a reply was made of ---


async def test_the_article_that_was_put_into_a_reply_is_kept_with_its_version(office: Office) -> None:
    talk = await taken(office, "电话")
    text = "打12338，湖南省的。"
    async with office.browser("li") as client:
        await client.post(beside(talk, "messages"), data={"text": f"您好。\r\n{text}", "article": ["other/helpline"]})
        await client.post(beside(talk, "messages"), data={"text": "别的话", "article": ["other/helpline", "x"]})
    _, first, second = await said(office, talk)
    assert office.ports.knowledge.article("other/helpline").reference in first.articles
    assert second.articles == ()
