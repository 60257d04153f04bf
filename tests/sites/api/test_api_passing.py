"""The API where a conversation is passed on: to a person, a skill, a region; by a supervisor; and with full hands."""

from __future__ import annotations

from typing import Any

import pytest

from bot import handoff
from bot.conversation.handoffs import Skill
from bot.conversation.levels import Level, Topic
from bot.conversation.staff import Role, Scope
from tests.doubles.office import Office

API = "/api/v1/conversations"


async def test_what_is_handed_to_a_colleague_is_kept_for_her_with_the_note(office: Office) -> None:
    await office.hire("li")
    wang = await office.hire("wang")
    talk = await office.waiting("你好")
    async with office.program("li") as client, office.program("wang") as colleague:
        await client.post(f"{API}/{talk.id}/claim")
        office.clock.advance(office.clock.now() - talk.opened_at)
        moved = (await client.post(f"{API}/{talk.id}/transfer", json={"to_staff": wang.id, "note": "她怕他"})).json()
        [waiting] = (await colleague.get("/api/v1/queue")).json()["waiting"]
        [note] = (await colleague.get(f"{API}/{talk.id}/notes")).json()
    assert (moved["mode"], moved["handoff"]["to_staff"]) == ("waiting", wang.id)
    assert moved["handoff"]["queued_at"] > moved["handoff"]["requested_at"]
    assert waiting["to_staff"] == wang.id
    assert note["text"] == "她怕他"


async def test_the_queue_tells_what_skill_is_asked_for(office: Office) -> None:
    await office.hire("li")
    await office.waiting("你好", topic=Topic.DIVORCE)
    async with office.program("li") as client:
        [waiting] = (await client.get("/api/v1/queue")).json()["waiting"]
    assert (waiting["skill"], waiting["to_staff"]) == ("law", None)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"skill": "law"}, 200),
        ({}, 200),
        ({"region": "430300"}, 204),
        ({"region": "110000"}, 422),
        ({"region": "湘潭"}, 422),
        ({"to_staff": "nobody"}, 422),
        ({"to_staff": "nobody", "skill": "law"}, 422),
        ({"skill": "cooking"}, 422),
        ({"note": "长" * 2001}, 422),
    ],
)
async def test_handing_on_goes_to_where_somebody_sees_it(office: Office, body: dict[str, Any], status: int) -> None:
    await office.hire("li", scope=Scope(regions=frozenset({"430100"})))
    await office.hire("xiangtan", scope=Scope(regions=frozenset({"430300"})))
    talk = await office.waiting("你好", account_id="changsha")
    async with office.program("li") as client:
        await client.post(f"{API}/{talk.id}/claim")
        moved = await client.post(f"{API}/{talk.id}/transfer", json=body)
        assert moved.status_code == status, moved.text
        seen = await client.get(f"{API}/{talk.id}")
    assert seen.status_code == (404 if status == 204 else 200)
    if status == 422:
        assert seen.json()["mode"] == "human"


async def test_her_file_goes_to_the_region_to_which_she_is_handed(office: Office) -> None:
    await office.hire("li", scope=Scope(regions=frozenset({"430100"})))
    await office.hire("xiangtan", scope=Scope(regions=frozenset({"430300"})))
    talk = await office.waiting("你好", account_id="changsha")
    case = await office.file_of(talk)
    address = f"/api/v1/cases/{case.id}"
    async with office.program("li") as client, office.program("xiangtan") as colleague:
        await client.post(f"{API}/{talk.id}/claim")
        assert (await colleague.get(address)).status_code == 404
        await client.post(f"{API}/{talk.id}/transfer", json={"region": "430300"})
        assert (await client.get(address)).status_code == 404
        file = (await colleague.get(address)).json()
    assert (file["case"]["region"], file["case"]["number"], file["case"]["handler"]) == ("430300", case.number, None)
    assert [(one["kind"], one["marks"]) for one in file["entries"]] == [("moved", ["430100", "430300"])]


async def test_a_supervisor_assigns_and_steps_in(office: Office) -> None:
    li, boss = await office.hire("li"), await office.hire("boss", Role.SUPERVISOR)
    talk = await office.waiting("你好")
    async with office.program("li") as client, office.program("boss") as supervisor:
        kept = (await supervisor.post(f"{API}/{talk.id}/assign", json={"staff_id": li.id})).json()
        assert (kept["mode"], kept["handoff"]["to_staff"]) == ("waiting", li.id)
        given = {"staff_id": li.id, "at_once": True, "note": "请您接"}
        assert (await supervisor.post(f"{API}/{talk.id}/assign", json=given)).json()["owner"] == li.id
        assert (await supervisor.post(f"{API}/{talk.id}/assign", json=given)).status_code == 409
        assert (await client.post(f"{API}/{talk.id}/messages", json={"text": "您好"})).status_code == 201
        assert (await supervisor.post(f"{API}/{talk.id}/step-in")).json()["owner"] == boss.id
        assert (await client.post(f"{API}/{talk.id}/messages", json={"text": "还在吗"})).status_code == 403
        assert (await supervisor.post(f"{API}/{talk.id}/step-in", json={"note": "again"})).status_code == 409
    actions = [action for _, action in await office.audited(talk.id)]
    assert actions == ["conversation.assign", "conversation.assign", "conversation.step_in"]


async def test_with_full_hands_only_those_in_danger_are_given(office: Office) -> None:
    li = await office.hire("li", max_chats=1, skills=frozenset({Skill.LAW}))
    await handoff.claim((await office.waiting("你好")).id, li, office.ports.handoff)
    asked = await office.waiting("你好")
    async with office.program("li") as client:
        assert (await client.post("/api/v1/queue/claim")).status_code == 409
        assert (await client.post(f"{API}/{asked.id}/claim")).status_code == 409
        in_danger = await office.waiting("救命", level=Level.CRITICAL)
        assert (await client.post("/api/v1/queue/claim")).json()["id"] == in_danger.id
