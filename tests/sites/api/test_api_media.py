"""Pictures, voice and video over the API: what is told of them, their bytes, and pictures sent."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

import pytest

from bot.conversation.content import Image, Voice
from bot.conversation.conversations import Conversation
from bot.conversation.media import Body, Media, MediaKind, MediaStatus
from bot.conversation.staff import Role
from bot.web.site import MAX_PICTURE_BYTES
from tests.doubles.office import Office

API = "/api/v1"
PNG = b"\x89PNG\r\n\x1a\n"
AMR, MP3 = Body("audio/amr", b"#!AMR\n as it came"), Body("audio/mpeg", b"ID3 for browsers")


async def voiced(office: Office) -> tuple[Conversation, Media]:
    """A conversation with a voice message that is kept."""
    talk = await office.waiting("你好")
    media = await office.brings(await office.hears(talk, Voice("v1", "amr")), MediaKind.VOICE, AMR, playable=MP3)
    return talk, media


async def test_a_message_tells_of_its_file(office: Office) -> None:
    await office.hire("li")
    talk, media = await voiced(office)
    lost = await office.hears(talk, Image("m2"))
    await office.brings(lost, MediaKind.IMAGE, status=MediaStatus.LOST, reason="gone")
    async with office.program("li") as client:
        words, voice, picture = (await client.get(f"{API}/conversations/{talk.id}")).json()["messages"]
    assert words["media"] is None
    stored_at = datetime.fromisoformat(voice["media"].pop("stored_at"))
    assert stored_at == office.clock.now()
    assert voice["media"] == {
        "id": media.id,
        "kind": "voice",
        "status": "stored",
        "content_type": "audio/amr",
        "size": len(AMR.data),
        "sha256": sha256(AMR.data).hexdigest(),
        "reason": None,
    }
    assert (picture["media"]["status"], picture["media"]["reason"]) == ("lost", "gone")


async def test_its_bytes_come_to_be_played_or_as_they_came_and_both_are_written_down(office: Office) -> None:
    li = await office.hire("li")
    _, media = await voiced(office)
    address = f"{API}/media/{media.id}"
    async with office.program("li") as client:
        playable = await client.get(address)
        part = await client.get(address, headers={"Range": "bytes=0-2"})
        original = await client.get(address, params={"original": True})
    assert (playable.content, playable.headers["content-type"]) == (MP3.data, "audio/mpeg")
    assert (part.status_code, part.content) == (206, b"ID3")
    assert original.content == AMR.data
    assert original.headers["content-disposition"] == f'attachment; filename="{media.id}.amr"'
    assert await office.audited(media.id) == [(li.id, "media.open"), (li.id, "media.open"), (li.id, "media.save")]


async def test_what_could_not_be_kept_has_no_bytes(office: Office) -> None:
    await office.hire("li")
    talk = await office.waiting("你好")
    media = await office.brings(await office.hears(talk, Image("m1")), MediaKind.IMAGE)
    async with office.program("li") as client:
        answer = await client.get(f"{API}/media/{media.id}")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert await office.audited(media.id) == []


async def test_a_picture_goes_out(office: Office) -> None:
    await office.hire("li")
    talk = await office.waiting("你好")
    address = f"{API}/conversations/{talk.id}"
    async with office.program("li") as client:
        await client.post(f"{address}/claim")
        sent = await client.post(f"{address}/pictures", files={"picture": ("伤情.png", PNG, "image/png")})
        shown = await client.get(f"{API}/media/{sent.json()['media']['id']}")
    assert sent.status_code == 201
    assert sent.json()["content"]["kind"] == "picture"
    assert [fate["status"] for fate in sent.json()["deliveries"]] == ["pending"]
    assert shown.content == PNG


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        (b"<svg/>", "image/svg+xml", 422),
        (b"GIF89a", "image/gif", 422),
        (b"no picture", "image/png", 422),
        (PNG, "text/html", 422),
        (PNG + b"x" * 2 * 1024 * 1024, "image/png", 422),
        (PNG + b"x" * MAX_PICTURE_BYTES, "image/png", 413),
    ],
)
async def test_what_the_platform_does_not_take_is_refused(office: Office, data: bytes, kind: str, status: int) -> None:
    await office.hire("li")
    talk = await office.waiting("你好")
    async with office.program("li") as client:
        await client.post(f"{API}/conversations/{talk.id}/claim")
        answer = await client.post(f"{API}/conversations/{talk.id}/pictures", files={"picture": ("a", data, kind)})
        page = (await client.get(f"{API}/conversations/{talk.id}")).json()
    assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert len(page["messages"]) == 1


async def test_only_who_holds_the_conversation_is_seen_typing(office: Office) -> None:
    await office.hire("li")
    await office.hire("wang")
    talk = await office.waiting("你好")
    address = f"{API}/conversations/{talk.id}"
    async with office.program("li") as client, office.program("wang") as other:
        await client.post(f"{address}/claim")
        assert (await client.post(f"{address}/typing")).status_code == 204
        assert (await other.post(f"{address}/typing")).status_code == 403
    assert len(office.sender.typed_to) == 1


async def test_dead_letters_are_listed_without_her_words_tried_again_and_deleted(office: Office) -> None:
    boss = await office.hire("boss", Role.SUPERVISOR)
    await office.buries("hunan:1", "救命", urgent=True)
    await office.buries("hunan:2")
    async with office.program("boss") as client:
        listed = await client.get(f"{API}/dead-letters")
        unknown = await client.post(f"{API}/dead-letters/drop", json={"keys": ["hunan:2", "hunan:3"]})
        again = await client.post(f"{API}/dead-letters/retry", json={"keys": ["hunan:1"]})
        gone = await client.post(f"{API}/dead-letters/drop", json={"keys": ["hunan:2"]})
        rest = await client.get(f"{API}/dead-letters")
    assert "救命" not in listed.text
    first, second = listed.json()
    assert (first["key"], first["kind"], first["urgent"], first["reason"]) == ("hunan:1", "text", True, "ValueError")
    assert second["urgent"] is False
    assert unknown.status_code == 404
    assert again.json() == gone.json() == {"moved": 1}
    assert rest.json() == []
    assert await office.inbox.depth() == 1
    assert await office.audited("hunan:1") == [(boss.id, "letter.revive")]
    assert await office.audited("hunan:2") == [(boss.id, "letter.drop")]
