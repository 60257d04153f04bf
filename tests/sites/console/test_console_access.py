"""Every page and move, tried as every role and as nobody, and on what lies outside one's scope."""

from __future__ import annotations

import pytest
from fastapi.routing import APIRoute

from bot.console import duty, moves, routes
from bot.conversation.conversations import Mode
from bot.conversation.staff import Role, Scope
from tests.doubles.office import Office

READS = ("/desk", "/desk/lists", "/desk/conversations/{talk}", "/events")
MOVES = (
    "/desk/next",
    "/desk/duty",
    "/desk/conversations/{talk}/claim",
    "/desk/conversations/{talk}/messages",
    "/desk/conversations/{talk}/release",
    "/desk/conversations/{talk}/transfer",
    "/desk/conversations/{talk}/close",
    "/desk/cases/{case}/status",
)
FORM = {"text": "你好", "disposition": "answered", "status": "accepted", "duty": "on"}


def test_every_route_of_the_desk_is_tried_here() -> None:
    tried = {path.replace("{talk}", "{conversation_id}").replace("{case}", "{case_id}") for path in (*READS, *MOVES)}
    found = {
        route.path for room in (routes, moves, duty) for route in room.routes.routes if isinstance(route, APIRoute)
    }
    # the fragment of the open conversation is tried in test_console_chat
    assert {path for path in found if path.startswith(("/desk", "/events"))} - tried == {
        "/desk/conversations/{conversation_id}/live"
    }


@pytest.mark.parametrize("path", READS)
async def test_nobody_reads_nothing(office: Office, path: str) -> None:
    talk = await office.waiting("你好")
    async with office.visitor() as client:
        answer = await client.get(path.format(talk=talk.id))
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("path", MOVES)
async def test_nobody_moves_nothing(office: Office, path: str) -> None:
    talk = await office.waiting("你好")
    case = await office.file_of(talk)
    async with office.visitor() as client:
        answer = await client.post(path.format(talk=talk.id, case=case.id), data={**FORM, "conversation_id": talk.id})
    assert answer.headers["location"] == "/sign-in"
    assert await office.audited(talk.id) == await office.audited(case.id) == []


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR, Role.ADMIN])
async def test_all_who_take_chats_may_do_it_all(office: Office, role: Role) -> None:
    await office.hire("she", role)
    await office.feed.end()
    talk = await office.waiting("你好")
    case = await office.file_of(talk)
    async with office.browser("she") as client:
        for path in READS:
            assert (await client.get(path.format(talk=talk.id))).status_code == 200
        for path in MOVES[1:4] + MOVES[6:]:
            answer = await client.post(
                path.format(talk=talk.id, case=case.id), data={**FORM, "conversation_id": talk.id}
            )
            assert answer.status_code == 303, path


@pytest.mark.parametrize("path", READS)
async def test_content_staff_read_no_conversations(office: Office, path: str) -> None:
    await office.hire("zhou", Role.CONTENT)
    talk = await office.waiting("你好")
    async with office.browser("zhou") as client:
        assert (await client.get(path.format(talk=talk.id))).status_code == 404


@pytest.mark.parametrize("path", MOVES)
@pytest.mark.parametrize("who", ["zhou", "far"])
async def test_content_staff_and_other_regions_move_nothing(office: Office, path: str, who: str) -> None:
    await office.hire("zhou", Role.CONTENT)
    await office.hire("far", scope=Scope(regions=frozenset({"430300"})))
    talk = await office.waiting("你好", account_id="changsha")
    case = await office.file_of(talk)
    async with office.browser(who) as client:
        answer = await client.post(
            path.format(talk=talk.id, case=case.id),
            data={**FORM, "conversation_id": talk.id},
            headers={"HX-Request": "true"},
        )
    if who == "far" and path in ("/desk/next", "/desk/duty"):
        assert answer.status_code in (200, 303)
    else:
        assert answer.status_code in (404, 409)
        assert "你好" not in answer.text
    async with office.units() as uow:
        assert (await uow.conversations.get(talk.id)).mode is Mode.WAITING
    assert await office.audited(talk.id) == await office.audited(case.id) == []


@pytest.mark.parametrize("scope", [Scope(regions=frozenset({"430300"})), Scope(accounts=frozenset({"hunan"}))])
async def test_a_conversation_of_another_scope_looks_like_none(office: Office, scope: Scope) -> None:
    await office.hire("far", scope=scope)
    talk = await office.waiting("你好", account_id="changsha")
    async with office.browser("far") as client:
        outside = await client.get(f"/desk/conversations/{talk.id}")
        nothing = await client.get(f"/desk/conversations/{'0' * 32}")
    assert outside.status_code == nothing.status_code == 404
    assert outside.text == nothing.text


async def test_a_move_without_the_csrf_token_is_refused(office: Office) -> None:
    await office.hire("li")
    talk = await office.waiting("你好")
    async with office.browser("li") as client:
        del client.headers["X-CSRF-Token"]
        for path in MOVES:
            answer = await client.post(
                path.format(talk=talk.id, case=talk.id), data={**FORM, "conversation_id": talk.id}
            )
            assert answer.status_code == 403, path
    assert await office.audited(talk.id) == []


async def test_the_stream_is_of_ones_own_scope(office: Office) -> None:
    await office.hire("near", scope=Scope(regions=frozenset({"430100"})))
    near = await office.waiting("你好", account_id="changsha")
    far = await office.waiting("你好", account_id="xiangtan")
    await office.feed.end()
    async with office.browser("near") as client:
        first = await client.get("/events")
        stream = (await client.get("/events", headers={"Last-Event-ID": office.feed.kept[0].id})).text
    assert near.id not in first.text  # from now on only
    assert far.id not in stream
    assert "event: ready" in stream
