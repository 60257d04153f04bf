"""Every route of the API, tried as every role and as nobody, and on what lies outside one's scope."""

from __future__ import annotations

from typing import Any

import pytest

from bot.conversation.staff import Role, Scope
from tests.doubles.office import Office

READS = ("queue", "conversations/{talk}", "cases/{case}", "events")
MOVES: dict[str, Any] = {
    "queue/claim": None,
    "conversations/{talk}/claim": None,
    "conversations/{talk}/messages": {"text": "你好"},
    "conversations/{talk}/release": None,
    "conversations/{talk}/transfer": None,
    "conversations/{talk}/close": {"disposition": "answered"},
    "cases/{case}/status": {"status": "accepted"},
}


async def _try_all(office: Office, client: Any, account_id: str = "changsha") -> dict[str, int]:
    """The status of every route on a waiting conversation and its file."""
    talk = await office.waiting("你好", account_id=account_id)
    names = {"talk": talk.id, "case": (await office.file_of(talk)).id}
    got = {path: (await client.get(f"/api/v1/{path.format(**names)}")).status_code for path in READS}
    for path, body in MOVES.items():
        got[path] = (await client.post(f"/api/v1/{path.format(**names)}", json=body)).status_code
    return got


async def test_every_route_is_tried_here(office: Office) -> None:
    paths = {path.replace("{talk}", "{conversation_id}").replace("{case}", "{case_id}") for path in (*READS, *MOVES)}
    assert set(office.site.openapi()["paths"]) == {f"/api/v1/{path}" for path in (*paths, "tokens")}


async def test_nobody_gets_anything(office: Office) -> None:
    async with office.visitor() as client:
        assert set((await _try_all(office, client)).values()) == {401}
        client.headers["Authorization"] = "Bearer wrong"
        assert set((await _try_all(office, client)).values()) == {401}


async def test_a_browsers_cookie_is_no_sign_in_here(office: Office) -> None:
    await office.hire("li")
    async with office.browser("li") as client:
        assert set((await _try_all(office, client)).values()) == {401}


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR, Role.ADMIN])
async def test_all_who_take_chats_may_read_and_claim(office: Office, role: Role) -> None:
    await office.hire("she", role)
    await office.feed.end()
    async with office.program("she") as client:
        got = await _try_all(office, client)
    assert {path: status for path, status in got.items() if status != 200} == {
        "conversations/{talk}/claim": 409,  # `queue/claim` took it before
        "conversations/{talk}/messages": 201,
        "conversations/{talk}/transfer": 403,  # given back before
        "conversations/{talk}/close": 403,
    }


async def test_content_staff_get_403(office: Office) -> None:
    await office.hire("zhou", Role.CONTENT)
    async with office.program("zhou") as client:
        got = await _try_all(office, client)
    assert set(got.values()) <= {403, 404}
    assert got["queue"] == got["queue/claim"] == got["events"] == got["conversations/{talk}"] == 403


@pytest.mark.parametrize("scope", [Scope(regions=frozenset({"430300"})), Scope(accounts=frozenset({"xiangtan"}))])
async def test_what_is_outside_the_scope_does_not_exist(office: Office, scope: Scope) -> None:
    await office.hire("far", scope=scope)
    await office.feed.end()
    async with office.program("far") as client:
        got = await _try_all(office, client)
        queue = (await client.get("/api/v1/queue")).json()
    assert queue["waiting"] == []
    assert {path: got.pop(path) for path in ("queue", "events", "queue/claim")} == {
        "queue": 200,
        "events": 200,
        "queue/claim": 204,
    }
    assert set(got.values()) == {404}


async def test_a_malformed_id_is_told_and_an_unknown_path_is_a_problem_too(office: Office) -> None:
    await office.hire("li")
    async with office.program("li") as client:
        malformed = await client.get("/api/v1/conversations/../../etc/passwd".replace("..", "%2e%2e"))
        short = await client.get("/api/v1/conversations/123")
        unknown = await client.get("/api/v1/nothing")
        wrong_way = await client.delete("/api/v1/queue")
    assert short.status_code == 422
    for answer, status in ((malformed, 404), (unknown, 404), (wrong_way, 405)):
        assert (answer.status_code, answer.json()["status"]) == (status, status)
