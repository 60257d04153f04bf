"""Pictures, voice and video as evidence: shown with their state, served safely, and every opening written down."""

from __future__ import annotations

import re
from hashlib import sha256

import pytest

from bot.conversation.content import Content, Image, Picture, Transcript, Video, Voice
from bot.conversation.media import Body, Media, MediaKind, MediaStatus
from bot.conversation.messages import Author
from tests.doubles.office import Office
from tests.sites.console.pages import lines, opened, taken, words

JPG = Body("image/jpeg", b"\xff\xd8\xff a picture" + b"." * 2030)
AMR, MP3 = Body("audio/amr", b"#!AMR\n as it came"), Body("audio/mpeg", b"ID3 for browsers")
MP4 = Body("video/mp4", b"\0\0\0\x18ftypmp42")


async def sent(office: Office, content: Content, kind: MediaKind, *args: Body, **about: object) -> tuple[Media, str]:
    """She sends it to a conversation that li holds: the file, and the page."""
    talk = await taken(office, "你好")
    media = await office.brings(await office.hears(talk, content), kind, *args, **about)  # type: ignore[arg-type]
    return media, await opened(office, talk)


async def test_a_picture_is_shown_with_its_state_size_time_and_digest(office: Office) -> None:
    media, page = await sent(office, Image("m1", "https://mmbiz.qpic.cn/a"), MediaKind.IMAGE, JPG)
    digest = sha256(JPG.data).hexdigest()
    assert f'<img src="/media/{media.id}"' in page
    assert f'data-copy="{digest}"' in page
    assert f"已保存 2 KB 今天 09:05 存入 SHA-256 {digest[:8]}… 存原件" in lines(page)[1]
    assert f'href="/media/{media.id}?original=true" download' in page
    assert "qpic.cn" not in page


@pytest.mark.parametrize(
    ("content", "kind", "body", "tag"),
    [(Voice("v1"), MediaKind.VOICE, AMR, "audio"), (Video("v1"), MediaKind.VIDEO, MP4, "video")],
)
async def test_voice_and_video_have_a_player_that_loads_only_when_played(
    office: Office, content: Content, kind: MediaKind, body: Body, tag: str
) -> None:
    media, page = await sent(office, content, kind, body)
    player = re.search(rf"<{tag}[^>]*>", page)
    assert player
    assert f'src="/media/{media.id}"' in player[0]
    assert 'controls preload="none"' in player[0]


@pytest.mark.parametrize(
    ("status", "reason", "told"),
    [
        (MediaStatus.PENDING, None, "［图片］ 正在保存"),
        (MediaStatus.REFUSED, "too_large", "［图片］ 没能保存： 文件太大 到微信那边看看"),
        (MediaStatus.REFUSED, "wrong_type", "［图片］ 没能保存： 不是能辨认的图片、语音或视频 到微信那边看看"),
        (MediaStatus.LOST, "gone", "［图片］ 没能取到： 微信那边已经没有这个文件 到微信那边看看"),
        (MediaStatus.LOST, "expired", "［图片］ 没能取到： 微信只留三天，三天里一直没有取到 到微信那边看看"),
        (MediaStatus.LOST, "unforeseen", "［图片］ 没能取到： 原因代码 unforeseen 到微信那边看看"),
        (MediaStatus.ERASED, None, "［图片］ 已删除"),
    ],
)
async def test_what_is_not_there_says_why(office: Office, status: MediaStatus, reason: str | None, told: str) -> None:
    media, page = await sent(
        office, Image("m1", "https://mmbiz.qpic.cn/a"), MediaKind.IMAGE, status=status, reason=reason
    )
    assert lines(page)[1].endswith(told)
    assert f"/media/{media.id}" not in page


async def test_an_odd_address_of_the_platform_becomes_no_link(office: Office) -> None:
    _, page = await sent(
        office, Image("m1", "javascript:alert(1)"), MediaKind.IMAGE, status=MediaStatus.LOST, reason="gone"
    )
    assert "javascript:" not in page
    assert "到微信那边看看" not in page


async def test_what_was_heard_stands_with_the_voice_message(office: Office) -> None:
    talk = await taken(office, "你好")
    voice = await office.hears(talk, Voice("v1"))
    await office.brings(voice, MediaKind.VOICE, AMR)
    await office.hears(talk, "还在吗")
    about = {"level": "critical", "intent": "domestic_violence_disclosed", "confidence": 0.9}
    await office.hears(talk, Transcript(voice.id, "他在砸门"), **about)
    first, spoken, last = lines(await opened(office, talk))
    assert "你好" in first
    assert "语音转文字 他在砸门 机器听的，可能有错，以录音为准。" in spoken
    assert "09:05 紧急" in spoken
    assert spoken.endswith("助手理解为：正在被家暴 90%")
    assert last.endswith("还在吗")


async def test_what_could_not_be_heard_is_told(office: Office) -> None:
    talk = await taken(office, "你好")
    voice = await office.hears(talk, Voice("v1"))
    await office.brings(voice, MediaKind.VOICE, AMR)
    await office.hears(talk, Transcript(voice.id, None))
    assert "语音转文字 没听出内容，请点开听。" in lines(await opened(office, talk))[1]


async def test_a_transcript_of_an_earlier_conversation_stands_by_itself(office: Office) -> None:
    talk = await taken(office, Transcript("0" * 32, "他在砸门"))
    assert "［语音转文字］他在砸门" in lines(await opened(office, talk))[0]


async def test_what_the_platform_heard_is_shown_too(office: Office) -> None:
    _, page = await sent(office, Voice("v1", recognition="<b>他来了"), MediaKind.VOICE, AMR)
    assert "语音转文字 <b>他来了" in lines(page)[1]


async def test_a_picture_of_ours_is_shown(office: Office) -> None:
    talk = await taken(office, "你好")
    message = await office.says(talk, Author.OPERATOR, Picture("x"))
    media = await office.brings(message, MediaKind.IMAGE, JPG)
    assert f'<img src="/media/{media.id}"' in await opened(office, talk)


# --- the bytes --------------------------------------------------------------------------------------------------


async def test_a_file_can_do_nothing_in_the_browser_and_is_kept_nowhere(office: Office) -> None:
    media, _ = await sent(office, Image("m1"), MediaKind.IMAGE, JPG)
    async with office.browser("li") as client:
        answer = await client.get(f"/media/{media.id}")
    assert answer.content == JPG.data
    told = {name: answer.headers[name] for name in ("content-type", "content-disposition", "cache-control")}
    assert told == {
        "content-type": "image/jpeg",
        "content-disposition": f'inline; filename="{media.id}.jpg"',
        "cache-control": "no-store",
    }
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


async def test_the_page_lets_in_files_from_here_only(office: Office) -> None:
    await office.hire("li")
    async with office.browser("li") as client:
        policy = (await client.get("/desk")).headers["content-security-policy"]
    assert "img-src 'self';" in policy
    assert "media-src 'self';" in policy


async def test_the_original_is_what_the_digest_is_of(office: Office) -> None:
    media, _ = await sent(office, Voice("v1"), MediaKind.VOICE, AMR, playable=MP3)
    async with office.browser("li") as client:
        playable = await client.get(f"/media/{media.id}")
        original = await client.get(f"/media/{media.id}", params={"original": "true"})
    assert (playable.content, playable.headers["content-type"]) == (MP3.data, "audio/mpeg")
    assert sha256(original.content).hexdigest() == media.sha256
    assert original.headers["content-disposition"] == f'attachment; filename="{media.id}.amr"'


async def test_every_opening_is_written_down_and_a_look_at_the_page_is_not_one(office: Office) -> None:
    media, _ = await sent(office, Image("m1"), MediaKind.IMAGE, JPG)
    async with office.units() as uow:
        li = await uow.staff.by_username("li")
    assert li
    assert await office.audited(media.id) == []
    async with office.browser("li") as client:
        await client.get(f"/media/{media.id}")
        await client.get(f"/media/{media.id}", params={"original": "true"})
        assert (await client.get(f"/media/{'0' * 32}")).status_code == 404
    assert await office.audited(media.id) == [(li.id, "media.open"), (li.id, "media.save")]


@pytest.mark.parametrize("odd", ["%2e%2e", "x" * 32, "0" * 31, "%00", "' OR 1=1"])
async def test_an_odd_name_is_no_file(office: Office, odd: str) -> None:
    await office.hire("li")
    async with office.browser("li") as client:
        answer = await client.get(f"/media/{odd}")
    assert answer.status_code in (404, 422)
    assert "没有" in words(answer.text)
