"""Every page and move, tried as every role and as nobody, and on what lies outside one's scope."""

from __future__ import annotations

from typing import Any

import pytest

from bot.conversation.content import Image
from bot.conversation.conversations import Conversation, Mode
from bot.conversation.media import Body, MediaKind
from bot.conversation.staff import Role, Scope
from tests.doubles.office import Office

ARTICLES = "/desk/articles?account=hunan&region=430100&q=家暴"
READS = ("/desk", "/desk/lists", "/desk/conversations/{talk}", "/media/{media}", "/events", ARTICLES)
OVERSIGHT = ("/desk/alarms", "/desk/dead-letters")
MOVES = (
    "/desk/next",
    "/desk/duty",
    "/desk/conversations/{talk}/claim",
    "/desk/conversations/{talk}/messages",
    "/desk/conversations/{talk}/pictures",
    "/desk/conversations/{talk}/typing",
    "/desk/conversations/{talk}/reminder",
    "/desk/conversations/{talk}/release",
    "/desk/conversations/{talk}/transfer",
    "/desk/conversations/{talk}/close",
    "/desk/cases/{case}/steps",
)
LETTERS = ("/desk/dead-letters/retry", "/desk/dead-letters/drop")
FORM = {"text": "你好", "disposition": "answered", "status": "accepted", "duty": "on", "key": "changsha:1"}
PICTURE = Body("image/png", b"\x89PNG\r\n\x1a\n and so on")


async def addresses(office: Office, account_id: str = "hunan") -> tuple[Conversation, dict[str, str]]:
    """Somebody who waits and sent a picture, and what the paths are filled in with."""
    talk = await office.waiting("你好", account_id=account_id)
    media = await office.brings(await office.hears(talk, Image("m1")), MediaKind.IMAGE, PICTURE)
    return talk, {"talk": talk.id, "case": (await office.file_of(talk)).id, "media": media.id}


def forms(path: str, talk: Conversation) -> dict[str, Any]:
    """What a form sends there."""
    files = {"picture": ("a.png", PICTURE.data, PICTURE.content_type)} if path.endswith("/pictures") else None
    return {"data": {**FORM, "conversation_id": talk.id}, "files": files}


@pytest.mark.parametrize("path", READS + OVERSIGHT)
async def test_nobody_reads_nothing(office: Office, path: str) -> None:
    _, names = await addresses(office)
    async with office.visitor() as client:
        answer = await client.get(path.format(**names))
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("path", MOVES + LETTERS)
async def test_nobody_moves_nothing(office: Office, path: str) -> None:
    talk, names = await addresses(office)
    async with office.visitor() as client:
        answer = await client.post(path.format(**names), **forms(path, talk))
    assert answer.headers["location"] == "/sign-in"
    assert await office.audited(talk.id) == await office.audited(names["case"]) == []


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR, Role.ADMIN])
async def test_all_who_take_chats_may_do_it_all(office: Office, role: Role) -> None:
    await office.hire("she", role)
    await office.feed.end()
    talk, names = await addresses(office)
    refused = {"/desk/conversations/{talk}/reminder": 409}  # she can still be written to
    async with office.browser("she") as client:
        for path in READS:
            assert (await client.get(path.format(**names))).status_code == 200
        for path in MOVES[1:7] + MOVES[9:]:
            answer = await client.post(path.format(**names), **forms(path, talk))
            assert answer.status_code == refused.get(path, 204 if path.endswith("/typing") else 303), path


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADMIN])
async def test_supervisors_and_administrators_look_after_the_whole(office: Office, role: Role) -> None:
    await office.hire("boss", role)
    await office.buries("changsha:1")
    await office.buries("changsha:2")
    async with office.browser("boss") as client:
        for path in OVERSIGHT:
            assert (await client.get(path)).status_code == 200
        for path, key in zip(LETTERS, ("changsha:1", "changsha:2"), strict=True):
            assert (await client.post(path, data={"key": key})).status_code == 303


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.CONTENT])
async def test_nobody_else_does(office: Office, role: Role) -> None:
    await office.hire("she", role)
    await office.buries("changsha:1")
    async with office.browser("she") as client:
        for path in OVERSIGHT:
            assert (await client.get(path)).status_code == 404
        for path in LETTERS:
            assert (await client.post(path, data={"key": "changsha:1"})).status_code == 404
    assert len(await office.inbox.dead()) == 1
    assert await office.audited("changsha:1") == []


@pytest.mark.parametrize("path", READS)
async def test_content_staff_read_no_conversations(office: Office, path: str) -> None:
    await office.hire("zhou", Role.CONTENT)
    _, names = await addresses(office)
    async with office.browser("zhou") as client:
        assert (await client.get(path.format(**names))).status_code == 404
    assert await office.audited(names["media"]) == []


@pytest.mark.parametrize("path", MOVES)
@pytest.mark.parametrize("who", ["zhou", "far"])
async def test_content_staff_and_other_regions_move_nothing(office: Office, path: str, who: str) -> None:
    await office.hire("zhou", Role.CONTENT)
    await office.hire("far", scope=Scope(regions=frozenset({"430300"})))
    talk, names = await addresses(office, "changsha")
    async with office.browser(who) as client:
        answer = await client.post(path.format(**names), **forms(path, talk), headers={"HX-Request": "true"})
    if who == "far" and path in ("/desk/next", "/desk/duty"):
        assert answer.status_code in (200, 303)
    else:
        assert answer.status_code in (404, 409)
        assert "你好" not in answer.text
    async with office.units() as uow:
        assert (await uow.conversations.get(talk.id)).mode is Mode.WAITING
    assert await office.audited(talk.id) == await office.audited(names["case"]) == []
    assert office.sender.typed_to == office.sender.reminded == []


@pytest.mark.parametrize("path", LETTERS)
async def test_dead_letters_of_other_regions_are_not_there(office: Office, path: str) -> None:
    await office.hire("far", Role.SUPERVISOR, Scope(regions=frozenset({"430300"})))
    await office.buries("changsha:1")
    await office.buries("closed-account:1")
    async with office.browser("far") as client:
        page = await client.get("/desk/dead-letters")
        alarms = await client.get("/desk/alarms")
        for key in ("changsha:1", "closed-account:1"):
            assert (await client.post(path, data={"key": key})).status_code == 404
    assert "没有这样的消息" in page.text
    assert "没能处理" not in alarms.text
    assert len(await office.inbox.dead()) == 2


@pytest.mark.parametrize("scope", [Scope(regions=frozenset({"430300"})), Scope(accounts=frozenset({"hunan"}))])
async def test_a_conversation_of_another_scope_looks_like_none(office: Office, scope: Scope) -> None:
    await office.hire("far", scope=scope)
    talk = await office.waiting("你好", account_id="changsha")
    media = await office.brings(await office.hears(talk, Image("m1")), MediaKind.IMAGE, PICTURE)
    async with office.browser("far") as client:
        for room, one in (("/desk/conversations", talk.id), ("/media", media.id)):
            outside = await client.get(f"{room}/{one}")
            nothing = await client.get(f"{room}/{'0' * 32}")
            assert outside.status_code == nothing.status_code == 404
            assert outside.text == nothing.text
    assert await office.audited(media.id) == []


async def test_a_move_without_the_csrf_token_is_refused(office: Office) -> None:
    await office.hire("boss", Role.SUPERVISOR)
    talk, names = await addresses(office)
    async with office.browser("boss") as client:
        del client.headers["X-CSRF-Token"]
        for path in MOVES + LETTERS:
            answer = await client.post(path.format(**names), **forms(path, talk))
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
