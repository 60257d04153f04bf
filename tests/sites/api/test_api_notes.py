"""Notes and quoted articles over the API."""

from __future__ import annotations

from bot import handoff
from tests.doubles.office import Office


async def test_a_program_notes_and_reads_what_was_noted(office: Office) -> None:
    await office.hire("li")
    talk = await office.waiting("你好")
    where = f"/api/v1/conversations/{talk.id}/notes"
    async with office.program("li") as client:
        added = await client.post(where, json={"text": " 她妈妈知道 "})
        assert added.status_code == 201
        assert added.json()["text"] == "她妈妈知道"
        assert (await client.get(where)).json() == [added.json()]
        assert (await client.post(where, json={"text": " "})).status_code == 422
        shown = (await client.get(f"/api/v1/conversations/{talk.id}")).json()
    assert [line["author"] for line in shown["messages"]] == ["contact"]
    assert [action for _, action in await office.audited(talk.id)] == ["note.open", "conversation.open"]


async def test_a_reply_keeps_the_articles_whose_words_are_in_it(office: Office) -> None:
    li = await office.hire("li")
    talk = await office.waiting("电话")
    await handoff.claim(talk.id, li, office.ports.handoff)
    words = {"text": "您好。打12338，湖南省的。", "articles": ["other/helpline", "other/human_joined"]}
    async with office.program("li") as client:
        said = await client.post(f"/api/v1/conversations/{talk.id}/messages", json=words)
    assert office.ports.knowledge.article("other/helpline").reference in said.json()["articles"]
