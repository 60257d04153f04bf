"""What is sent twice because no answer came is done once; and what was not seen is not settled."""

from __future__ import annotations

import asyncio
import re

import httpx
import sqlalchemy as sa

from bot import handoff
from bot.conversation.case_work import EntryKind
from bot.conversation.cases import Case
from bot.conversation.conversations import Conversation, Mode
from bot.conversation.messages import Author
from bot.conversation.staff import Staff
from bot.store.tables import messages
from tests.doubles.office import Office

PNG = ("a.png", b"\x89PNG\r\n\x1a\n and so on", "image/png")
BY_HTMX = {"HX-Request": "true"}


async def talking(office: Office) -> tuple[Staff, Conversation]:
    staff, talk = await office.hire("li"), await office.waiting("他又打我了")
    await handoff.claim(talk.id, staff, office.ports.handoff)
    return staff, talk


def hidden(html: str, form: str, name: str) -> str:
    """The hidden field of this name in the first form with these words in it."""
    found = re.search(rf'<form[^>]*{form}.*?name="{name}" value="([^"]*)"', html, re.DOTALL)
    assert found is not None
    return found[1]


async def said(office: Office, talk: Conversation) -> int:
    """How many messages of operators stand in the conversation."""
    ours = sa.and_(messages.c.conversation_id == talk.id, messages.c.author == Author.OPERATOR)
    async with office.engine.connect() as connection:
        return int((await connection.execute(sa.select(sa.func.count()).where(ours))).scalar_one())


async def opened(client: httpx.AsyncClient, talk: Conversation) -> str:
    return (await client.get(f"/desk/conversations/{talk.id}")).text


async def test_words_sent_twice_from_one_box_are_said_once(office: Office) -> None:
    _, talk = await talking(office)
    async with office.browser("li") as client:
        page = await opened(client, talk)
        form = {"text": "我在", "key": hidden(page, 'id="reply"', "key")}
        path = f"/desk/conversations/{talk.id}/messages"
        answers = await asyncio.gather(*(client.post(path, data=form, headers=BY_HTMX) for _ in range(3)))
        assert [answer.status_code for answer in answers] == [200, 200, 200]
        assert await said(office, talk) == 1
        fresh = hidden(answers[0].text, 'id="reply"', "key")
        assert fresh != form["key"]
        await client.post(path, data={"text": "我在", "key": fresh}, headers=BY_HTMX)
    assert await said(office, talk) == 2


async def test_a_picture_sent_twice_from_one_form_is_sent_once(office: Office) -> None:
    _, talk = await talking(office)
    async with office.browser("li") as client:
        key = hidden(await opened(client, talk), 'id="picture"', "key")
        path = f"/desk/conversations/{talk.id}/pictures"
        for _ in range(2):
            answer = await client.post(path, data={"key": key}, files={"picture": PNG}, headers=BY_HTMX)
            assert answer.status_code == 200
    assert await said(office, talk) == 2  # the introduction and the picture


async def test_a_note_sent_twice_from_one_box_is_kept_once(office: Office) -> None:
    _, talk = await talking(office)
    path = f"/desk/conversations/{talk.id}/notes"
    async with office.browser("li") as client, office.program("li") as program:
        noted = {"note": "她妈妈知道", "key": hidden(await opened(client, talk), 'id="note"', "key")}
        answers = await asyncio.gather(*(client.post(path, data=noted, headers=BY_HTMX) for _ in range(3)))
        assert [answer.status_code for answer in answers] == [200, 200, 200]
        assert hidden(answers[0].text, 'id="note"', "key") != noted["key"]
        for header in ({"Idempotency-Key": "a"}, {"Idempotency-Key": "a"}, {}):
            answer = await program.post(f"/api/v1{path[5:]}", json={"text": "她妹妹也知道"}, headers=header)
            assert answer.status_code == 201
    async with office.units() as uow:
        assert [note.text for note in await uow.notes.of(talk.id)] == ["她妈妈知道"] + ["她妹妹也知道"] * 2


async def test_a_program_says_once_what_it_repeats_under_one_key(office: Office) -> None:
    _, talk = await talking(office)
    path = f"/api/v1/conversations/{talk.id}"
    async with office.program("li") as client:
        for header in ({"Idempotency-Key": "a"}, {"Idempotency-Key": "a"}, {"Idempotency-Key": "b"}, {}):
            answer = await client.post(f"{path}/messages", json={"text": "我在"}, headers=header)
            assert answer.status_code == 201
        for _ in range(2):
            answer = await client.post(f"{path}/pictures", files={"picture": PNG}, headers={"Idempotency-Key": "p"})
            assert answer.status_code == 201
    assert await said(office, talk) == 4


async def test_what_a_case_is_told_twice_from_one_page_it_keeps_once(office: Office) -> None:
    _, talk = await talking(office)
    case = await office.file_of(talk)
    path = f"/desk/cases/{case.id}"
    async with office.browser("li") as client:
        visit = {"words": "打她娘家", "day": "2030-01-01"}
        for what, form in (("notes", {"words": "联系了社区"}), ("visits", visit), ("risk", {"mark": "control"})):
            page = (await client.get(path)).text
            keyed = form | {"key": hidden(page, f'/{what}"', "key")}
            answers = await asyncio.gather(*(client.post(f"{path}/{what}", data=keyed) for _ in range(3)))
            assert [answer.status_code for answer in answers] == [303, 303, 303]
            fresh = hidden((await client.get(path)).text, f'/{what}"', "key")
            assert fresh != keyed["key"]
            await client.post(f"{path}/{what}", data=form | {"key": fresh})
    assert await kept(office, case) == (["联系了社区"] * 2, 2, 2)


async def test_a_program_tells_a_case_once_what_it_repeats_under_one_key(office: Office) -> None:
    _, talk = await talking(office)
    case = await office.file_of(talk)
    path = f"/api/v1/cases/{case.id}"
    visit = {"day": "2030-01-01", "words": "打她娘家"}
    async with office.program("li") as client:
        for header in ({"Idempotency-Key": "a"}, {"Idempotency-Key": "a"}, {}):
            assert (await client.post(f"{path}/notes", json={"text": "联系了社区"}, headers=header)).is_success
        again = {"Idempotency-Key": "a"}
        planned = [(await client.post(f"{path}/visits", json=visit, headers=again)).json() for _ in range(2)]
        for _ in range(2):
            assert (await client.post(f"{path}/risk", json={"marks": ["control"]}, headers=again)).is_success
    assert planned[0] == planned[1]
    assert await kept(office, case) == (["联系了社区"] * 2, 1, 1)


async def kept(office: Office, case: Case) -> tuple[list[str], int, int]:
    """The notes of the case, and how many visits and assessments of danger it has."""
    async with office.units() as uow:
        entries, visits = await uow.case_entries.of(case.id), await uow.visits.of(case.id)
    notes = [entry.words for entry in entries if entry.kind is EntryKind.NOTE]
    return notes, len(visits), sum(entry.kind is EntryKind.ASSESSED for entry in entries)


async def test_who_has_not_seen_her_last_words_does_not_end_the_conversation(office: Office) -> None:
    staff, talk = await talking(office)
    path = f"/desk/conversations/{talk.id}"
    async with office.browser("li") as client:
        page = await opened(client, talk)
        await writes_again(office, talk)
        for move, form in (("close", {"disposition": "answered"}), ("release", {})):
            seen = {"seen": hidden(page, f"/{move}", "seen")}
            answer = await client.post(f"{path}/{move}", data=form | seen, headers=BY_HTMX)
            assert (answer.status_code, answer.headers["HX-Trigger"]) == (409, "stale")
            assert "她刚刚又来信了" in answer.text
        assert (await now(office, talk)).owner == staff.id
        seen = {"seen": hidden(await opened(client, talk), "/close", "seen")}
        answer = await client.post(f"{path}/close", data={"disposition": "answered"} | seen)
    assert answer.status_code == 303
    assert (await now(office, talk)).mode is Mode.CLOSED


async def test_a_program_may_say_what_it_has_seen(office: Office) -> None:
    _, talk = await talking(office)
    path = f"/api/v1/conversations/{talk.id}"
    async with office.program("li") as client:
        seen = (await client.get(path)).json()["version"]
        await writes_again(office, talk)
        body = {"disposition": "answered"}
        assert (await client.post(f"{path}/release?seen={seen}")).status_code == 409
        assert (await client.post(f"{path}/close?seen={seen}", json=body)).status_code == 409
        seen = (await client.get(path)).json()["version"]
        assert (await client.post(f"{path}/close?seen={seen}", json=body)).status_code == 200


async def test_a_page_whose_browser_names_no_address_still_gets_its_lists(office: Office) -> None:
    await office.hire("li")
    async with office.browser("li") as client:
        for address in ("http://[", "", "about:blank", "http://desk/desk/conversations/../../x"):
            answer = await client.get("/desk/lists", headers={**BY_HTMX, "HX-Current-URL": address})
            assert answer.status_code == 200


async def writes_again(office: Office, talk: Conversation) -> None:
    """As a turn writes it: the message, and the conversation with it."""
    await office.hears(talk, "他回来了救命")
    async with office.units() as uow:
        await uow.conversations.save(await uow.conversations.get(talk.id))
        await uow.commit()


async def now(office: Office, talk: Conversation) -> Conversation:
    async with office.units() as uow:
        return await uow.conversations.get(talk.id)
