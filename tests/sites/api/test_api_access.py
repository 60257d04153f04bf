"""Every route of the API, tried as every role and as nobody, and on what lies outside one's scope."""

from __future__ import annotations

from typing import Any

import pytest

from bot import handoff
from bot.conversation.case_work import Visit
from bot.conversation.content import Image
from bot.conversation.deadlines import day_of
from bot.conversation.media import Body, MediaKind
from bot.conversation.messages import new_id
from bot.conversation.notes import Note
from bot.conversation.staff import Role, Scope
from tests.doubles.office import Office
from tests.doubles.office_letters import LETTER, send_on
from tests.doubles.office_shares import lets_read

LETTERS = "cases/{case}/letters/{entry}.{kind}"
FILES = ("cases", "cases/{case}", LETTERS, "media/{media}", "call-backs")
READS = ("queue", "colleagues", "conversations/{talk}", *FILES, "checks", "shares/{share}", "dead-letters", "events")
ARTICLES = ("articles", "articles/domestic_violence/disclosed")
QUESTIONS = ("safety", "law", "promises", "deadlines", "tone")
MOVES: dict[str, Any] = {
    "presence": {"on_duty": True},
    "queue/claim": None,
    "conversations/{talk}/claim": None,
    "conversations/{talk}/messages": {"text": "你好"},
    "conversations/{talk}/typing": None,
    "conversations/{talk}/notes": {"text": "你好"},
    "conversations/{talk}/messages/{message}/reveal": None,
    "conversations/{talk}/notes/{note}/reveal": None,
    "conversations/{talk}/person/reveal": None,
    "conversations/{talk}/release": None,
    "conversations/{talk}/transfer": None,
    "conversations/{talk}/assign": {"staff_id": "0" * 32},
    "conversations/{talk}/step-in": None,
    "conversations/{talk}/close": {"disposition": "answered"},
    "cases/{case}/steps": {"status": "accepted"},
    "cases/{case}/notes": {"text": "你好"},
    "cases/{case}/visits": {"day": "2030-01-01", "words": "她说上午"},
    "cases/{case}/visits/{visit}": {"status": "refused"},
    "cases/{case}/letters": LETTER,
    "cases/{case}/entries/{entry}/reveal": None,
    "cases/{case}/handler": {"staff_id": "nobody"},
    "cases/{case}/referrals": {"kind": "legal_aid"},
    "cases/{case}/risk": {"marks": ["choking"]},
    "cases/{case}/report-needed": {"words": "孩子有伤"},
    "cases/{case}/report": {"agency": "police", "day": "2026-11-21", "number": "接警7"},
    "cases/{case}/report-lifted": {"words": "没有孩子"},
    "cases/{case}/extension": {"words": "主任批准"},
    "cases/{case}/check": {"verdicts": dict.fromkeys(QUESTIONS, "good"), "passed": True},
    "call-backs/{call}/number": None,
    "call-backs/{call}/calls": {"outcome": None},
    "dead-letters/retry": {"keys": ["changsha:1"]},
    "dead-letters/drop": {"keys": ["changsha:1"]},
}
PICTURES = "conversations/{talk}/pictures"
PICTURE = Body("image/png", b"\x89PNG\r\n\x1a\n and so on")


async def _try_all(office: Office, client: Any, account_id: str = "changsha") -> dict[str, int]:
    """The status of every route on a waiting conversation and its file."""
    talk = await office.waiting("你好", account_id=account_id)
    picture = await office.hears(talk, Image("m1"))
    media = await office.brings(picture, MediaKind.IMAGE, PICTURE)
    await office.buries(f"{account_id}:1")
    case, now = await office.file_of(talk), office.clock.now()
    visit = Visit(new_id(), case.id, talk.contact_id, day_of(now))
    note = Note(new_id(), talk.id, talk.contact_id, None, now, "她的电话是13800000000")
    async with office.units() as uow:
        await uow.notes.add(note)
        await uow.visits.add(visit)
        call = await handoff.ask_call_back(uow, talk, {"phone": "13800000000", "when": "明天上午"}, now)
        await uow.commit()
    assert call is not None
    names = {"talk": talk.id, "case": case.id, "media": media.id, "visit": visit.id, "call": call.id}
    names |= {"message": picture.id, "note": note.id, "share": (await lets_read(office, talk)).id}
    names |= {"entry": (await send_on(office.units, case, now)).id, "kind": "docx"}
    got = {path: (await client.get(f"/api/v1/{path.format(**names)}")).status_code for path in READS}
    for path, body in MOVES.items():
        if path.endswith("release"):  # before it is given back
            files = {"picture": ("a.png", PICTURE.data, PICTURE.content_type)}
            got[PICTURES] = (await client.post(f"/api/v1/{PICTURES.format(**names)}", files=files)).status_code
        got[path] = (await client.post(f"/api/v1/{path.format(**names)}", json=body)).status_code
    return got


async def test_every_route_is_tried_here(office: Office) -> None:
    names = {"talk": "{conversation_id}", "case": "{case_id}", "media": "{media_id}", "visit": "{visit_id}"}
    names |= {"message": "{message_id}", "note": "{note_id}", "share": "{share_id}"}
    names |= {"entry": "{entry_id}", "kind": "{kind}", "call": "{call_back_id}"}
    paths = {path.format(**names) for path in (*READS, *MOVES, PICTURES)}
    paths |= {"tokens", "reports", "articles", "articles/{topic}/{name}"}
    assert set(office.site.openapi()["paths"]) == {f"/api/v1/{path}" for path in paths}


@pytest.mark.parametrize("path", ARTICLES)
async def test_all_of_the_office_read_articles_and_nobody_else_does(office: Office, path: str) -> None:
    for role in Role:
        await office.hire(role.value, role)
        async with office.program(role.value) as client:
            assert (await client.get(f"/api/v1/{path}", params={"q": "家暴"})).status_code == 200
    async with office.visitor() as client:
        assert (await client.get(f"/api/v1/{path}", params={"q": "家暴"})).status_code == 401


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}])
async def test_nobody_gets_anything(office: Office, headers: dict[str, str]) -> None:
    async with office.visitor(headers=headers) as client:
        assert set((await _try_all(office, client)).values()) == {401}


async def test_a_browsers_cookie_is_no_sign_in_here(office: Office) -> None:
    await office.hire("li")
    async with office.browser("li") as client:
        assert set((await _try_all(office, client)).values()) == {401}


@pytest.mark.parametrize(("role", "letters"), [(Role.OPERATOR, 403), (Role.SUPERVISOR, 200), (Role.ADMIN, 200)])
async def test_all_who_take_chats_may_read_and_claim_and_some_look_after_the_whole(
    office: Office, role: Role, letters: int
) -> None:
    await office.hire("she", role)
    await office.feed.end()
    async with office.program("she") as client:
        got = await _try_all(office, client)
    overseen = ("dead-letters", "dead-letters/retry", "checks", "cases/{case}/extension")
    assert {got.pop(path) for path in overseen} == {letters}
    assert got.pop("dead-letters/drop") == (404 if letters == 200 else 403)  # retried before
    assert {path: status for path, status in got.items() if status != 200} == {
        "presence": 204,
        "conversations/{talk}/claim": 409,  # `queue/claim` took it before
        "conversations/{talk}/messages": 201,
        "conversations/{talk}/pictures": 201,
        "cases/{case}/visits": 201,
        "cases/{case}/letters": 201,
        "cases/{case}/handler": 422,  # there is no such colleague
        "cases/{case}/report-lifted": 409 if letters == 200 else 403,  # reported before
        "cases/{case}/check": 403,  # she had a hand in it
        "conversations/{talk}/notes": 201,
        "conversations/{talk}/typing": 204,
        "conversations/{talk}/transfer": 403,  # given back before
        "conversations/{talk}/assign": 409 if letters == 200 else 403,
        "conversations/{talk}/step-in": 409 if letters == 200 else 403,
        "conversations/{talk}/close": 403,
    }


async def test_content_staff_get_403(office: Office) -> None:
    await office.hire("zhou", Role.CONTENT)
    async with office.program("zhou") as client:
        got = await _try_all(office, client)
    assert set(got.values()) <= {403, 404}
    for path in ("queue", "queue/claim", "events", "conversations/{talk}", "media/{media}", "dead-letters"):
        assert got[path] == 403


@pytest.mark.parametrize("scope", [Scope(regions=frozenset({"430300"})), Scope(accounts=frozenset({"xiangtan"}))])
async def test_what_is_outside_the_scope_does_not_exist(office: Office, scope: Scope) -> None:
    await office.hire("far", Role.SUPERVISOR, scope)
    await office.feed.end()
    async with office.program("far") as client:
        got = await _try_all(office, client)
        queue = (await client.get("/api/v1/queue")).json()
        letters = (await client.get("/api/v1/dead-letters")).json()
    assert queue["waiting"] == letters == []
    hers = {
        "queue": 200,
        "colleagues": 200,
        "presence": 204,
        "dead-letters": 200,
        "events": 200,
        "cases": 200,
        "checks": 200,
        "call-backs": 200,
        "queue/claim": 204,
    }
    assert {path: got.pop(path) for path in hers} == hers
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
