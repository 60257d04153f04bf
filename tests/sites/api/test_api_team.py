"""The API of the team: who may be handed a conversation, and being on duty by a program."""

from __future__ import annotations

from bot.conversation.handoffs import Skill
from bot.conversation.staff import Role, Scope
from tests.doubles.office import Office


async def test_who_shares_a_place_is_named_with_the_id_for_passing_on(office: Office) -> None:
    await office.hire("li")
    await office.hire("far", scope=Scope(regions=frozenset({"430200"})))
    await office.hire("writer", Role.CONTENT)
    wang = await office.hire("wang", skills=frozenset({Skill.LAW}))
    talk = await office.waiting("你好")
    async with office.program("li") as client, office.program("wang") as colleague:
        await colleague.post("/api/v1/presence", json={"on_duty": True})
        await client.post(f"/api/v1/conversations/{talk.id}/claim")
        team = {one["name"]: one for one in (await client.get("/api/v1/colleagues")).json()}
        moved = await client.post(f"/api/v1/conversations/{talk.id}/transfer", json={"to_staff": team["wang"]["id"]})
    assert "writer" not in team
    assert team["wang"] == {
        "id": wang.id,
        "name": "wang",
        "role": "operator",
        "skills": ["law"],
        "at_desk": True,
        "in_hand": 0,
        "chat_limit": wang.chat_limit,
    }
    assert (team["li"]["at_desk"], team["li"]["in_hand"]) == (False, 1)
    assert moved.status_code == 200


async def test_colleagues_of_other_places_are_not_told_of(office: Office) -> None:
    await office.hire("li", scope=Scope(regions=frozenset({"430100"})))
    await office.hire("far", scope=Scope(regions=frozenset({"430200"})))
    async with office.program("li") as client:
        assert [one["name"] for one in (await client.get("/api/v1/colleagues")).json()] == ["li"]


async def test_who_works_by_a_program_is_there_until_it_says_otherwise(office: Office) -> None:
    li = await office.hire("li")
    async with office.program("li") as client:
        assert li.id not in await office.queue.present()
        assert (await client.post("/api/v1/presence", json={"on_duty": True})).status_code == 204
        assert li.id in await office.queue.present()
        assert (await client.post("/api/v1/presence", json={"on_duty": False})).status_code == 204
        assert li.id not in await office.queue.present()
        assert (await client.post("/api/v1/presence", json={})).status_code == 422
