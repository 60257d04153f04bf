"""What names a person or leads to her is masked over the API as on the desk, until it is asked for and written down."""

from __future__ import annotations

import pytest

from bot import handoff
from bot.conversation.content import Content, Link, Text, Transcript, Voice
from bot.turns.note import write_note
from bot.turns.person import write_person
from tests.doubles.office import Office

API = "/api/v1"
WORDS = "我叫小梅，打13812345678，家住韶山北路12号3栋502室，他每月给3500元"
MASKED = "我叫小梅，打138****5678，家住韶山北路****号3栋****室，他每月给3500元"
SECRETS = ("13812345678", "12号", "502室")


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (Text(WORDS), "text"),
        (Transcript("0" * 32, WORDS), "text"),
        (Voice("m1", recognition=WORDS), "recognition"),
        (Link("给你看", "https://example.com/a", WORDS), "description"),
        (Link(WORDS, "https://example.com/a"), "title"),
    ],
)
async def test_a_message_is_masked_whatever_its_kind_until_it_is_asked_for(
    office: Office, content: Content, field: str
) -> None:
    li = await office.hire("li")
    talk = await office.waiting("你好")
    said = await office.hears(talk, content)
    address = f"{API}/conversations/{talk.id}"
    async with office.program("li") as client:
        whole = await client.get(address)
        queue = await client.get(f"{API}/queue")
        first, line = whole.json()["messages"]
        shown = (await client.post(f"{address}/messages/{said.id}/reveal")).json()
    assert (line["content"][field], line["hides"], first["hides"]) == (MASKED, True, False)
    assert (shown["content"][field], shown["hides"]) == (WORDS, False)
    assert not [secret for secret in SECRETS for answer in (whole, queue) if secret in answer.text]
    assert await office.audited(said.id) == [(li.id, "message.reveal")]


async def test_what_every_move_answers_is_masked_too(office: Office) -> None:
    await office.hire("li")
    talk = await office.waiting(WORDS)
    address = f"{API}/conversations/{talk.id}"
    async with office.program("li") as client:
        moves = [
            await client.post(f"{address}/claim"),
            await client.post(f"{address}/messages", json={"text": "您的电话是13812345678吗"}),
            await client.post(f"{address}/release"),
        ]
    assert [move.status_code for move in moves] == [200, 201, 200]
    assert not [secret for secret in SECRETS for move in moves if secret in move.text]


async def test_a_note_is_masked_until_it_is_asked_for(office: Office) -> None:
    li = await office.hire("li")
    talk = await office.waiting("你好")
    note = await write_note(talk.id, WORDS, li, office.ports.beside)
    where = f"{API}/conversations/{talk.id}/notes"
    async with office.program("li") as client:
        [listed] = (await client.get(where)).json()
        shown = (await client.post(f"{where}/{note.id}/reveal")).json()
    assert (listed["text"], listed["hides"]) == (MASKED, True)
    assert (shown["text"], shown["hides"]) == (WORDS, False)
    assert await office.audited(note.id) == [(li.id, "note.write"), (li.id, "note.reveal")]


async def test_her_name_and_number_are_masked_until_they_are_asked_for(office: Office) -> None:
    li = await office.hire("li")
    talk = await office.waiting("你好")
    address = f"{API}/conversations/{talk.id}"
    async with office.program("li") as client:
        unknown = (await client.get(address)).json()
        await write_person(talk.id, "王小梅", "13812345678", li, office.ports.beside)
        known = (await client.get(address)).json()
        asked = (await client.post(f"{address}/person/reveal")).json()
    assert (unknown["masked_name"], unknown["masked_phone"]) == (None, None)
    assert (known["masked_name"], known["masked_phone"]) == ("王**", "138****5678")
    assert asked == {"name": "王小梅", "phone": "13812345678"}
    assert await office.audited(talk.contact_id) == [(li.id, "contact.write"), (li.id, "contact.reveal")]


async def test_her_words_about_a_call_are_masked_until_the_number_is_asked_for(office: Office) -> None:
    await office.hire("li")
    talk = await office.waiting("你好")
    wish = {"phone": "13800000000", "when": "晚上，或者打我妈13912345678", "words": "QQ12345678"}
    async with office.units() as uow:
        asked = await handoff.ask_call_back(uow, talk, wish, office.clock.now())
        await uow.commit()
    assert asked is not None
    async with office.program("li") as client:
        [listed] = (await client.get(f"{API}/call-backs")).json()["open"]
        whole = (await client.post(f"{API}/call-backs/{asked.id}/number")).json()
    assert (listed["masked_phone"], listed["when"]) == ("138****0000", "晚上，或者打我妈139****5678")
    assert listed["words"] == ("QQ1****78" if asked.words else "")
    assert whole == {"phone": "13800000000", "when": asked.when, "words": asked.words}


@pytest.mark.parametrize("what", ["messages", "notes"])
async def test_what_is_not_of_this_conversation_is_not_told(office: Office, what: str) -> None:
    li = await office.hire("li")
    talk, other = await office.waiting("你好"), await office.waiting("您好")
    ids = {
        "messages": (await office.hears(other, WORDS)).id,
        "notes": (await write_note(other.id, WORDS, li, office.ports.beside)).id,
    }
    async with office.program("li") as client:
        answer = await client.post(f"{API}/conversations/{talk.id}/{what}/{ids[what]}/reveal")
    assert answer.status_code == 404
    assert "note.reveal" not in dict(await office.audited(ids[what])).values()
    assert "message.reveal" not in [action for _, action in await office.audited(ids[what])]


async def test_nothing_is_told_that_the_audit_trail_cannot_take(office: Office) -> None:
    await office.hire("li")
    talk = await office.waiting("你好")
    said = await office.hears(talk, WORDS)
    async with office.program("li") as client:
        office.lose_database()
        answer = await client.post(f"{API}/conversations/{talk.id}/messages/{said.id}/reveal")
    assert answer.status_code == 503
    assert "13812345678" not in answer.text
