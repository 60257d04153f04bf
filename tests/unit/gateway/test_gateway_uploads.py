"""Pictures and sounds of ours on their way to the platform."""

from __future__ import annotations

from datetime import timedelta

import pytest
from wechat_api import Platform, calling

from bot.conversation.media import Body, MediaKind
from bot.conversation.messages import DeliveryStatus
from bot.conversation.ports import SendResult, Uploaded
from bot.gateway.client import WeChatSender
from bot.gateway.sounds import amr_seconds, mp3_seconds
from tests.doubles.clock import SettableClock

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
JPG = b"\xff\xd8\xff\xe0" + bytes(64)
GIF = b"GIF89a" + bytes(64)
UPLOAD = "media/upload"


def amr(seconds: float) -> bytes:
    """Silence at 12.2 kbit/s."""
    return b"#!AMR\n" + (b"\x3c" + bytes(31)) * round(seconds * 50)


def mp3(seconds: float, tag: bytes = b"") -> bytes:
    """Silence at 32 kHz and 64 kbit/s: 288 bytes a frame of 36 ms."""
    return tag + (b"\xff\xfb\x58\x00" + bytes(284)) * round(seconds / 0.036)


def mp3_of_low_rate(seconds: float) -> bytes:
    """Silence at 16 kHz and 16 kbit/s (MPEG 2): 72 bytes a frame of 36 ms."""
    return (b"\xff\xf3\x28\x00" + bytes(68)) * round(seconds / 0.036)


def id3(size: int) -> bytes:
    """A tag of this many bytes behind its header."""
    return b"ID3\x04\x00\x00" + bytes([0, 0, size >> 7, size & 127]) + bytes(size)


@pytest.mark.wechat("7.1", "7.2", "7.3", "7.4")
@pytest.mark.parametrize(
    ("kind", "data", "name", "content_type"),
    [
        (MediaKind.IMAGE, PNG, "image.png", "image/png"),
        (MediaKind.IMAGE, JPG, "image.jpg", "image/jpeg"),
        (MediaKind.IMAGE, GIF, "image.gif", "image/gif"),
        (MediaKind.IMAGE, JPG + bytes((2 << 20) - len(JPG)), "image.jpg", "image/jpeg"),
        (MediaKind.VOICE, amr(60), "voice.amr", "audio/amr"),
        (MediaKind.VOICE, mp3(59.9), "voice.mp3", "audio/mpeg"),
    ],
)
async def test_a_file_is_brought_as_the_platform_wants_it(
    kind: MediaKind, data: bytes, name: str, content_type: str
) -> None:
    platform, clock = Platform(), SettableClock()
    async with calling(platform, clock) as api:
        uploaded = await WeChatSender(api).upload("hunan", kind, Body("application/octet-stream", data))
    assert uploaded == Uploaded("m-1", clock.now() + timedelta(days=3) - timedelta(hours=2))
    [request] = platform.asked(UPLOAD)
    assert dict(request.url.params) == {"type": kind.value, "access_token": "token-1"}
    head, _, rest = request.content.partition(b"\r\n\r\n")
    assert f'name="media"; filename="{name}"'.encode() in head
    assert f"Content-Type: {content_type}".encode() in head
    assert rest.startswith(data)


@pytest.mark.wechat("7.3", "7.4")
@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (MediaKind.IMAGE, b""),
        (MediaKind.IMAGE, b"BM" + bytes(64)),
        (MediaKind.IMAGE, b"<svg/>"),
        (MediaKind.IMAGE, amr(1)),
        (MediaKind.IMAGE, PNG + bytes((2 << 20) + 1 - len(PNG))),
        (MediaKind.VOICE, PNG),
        (MediaKind.VOICE, b"#!AMR-WB\n" + bytes(64)),
        (MediaKind.VOICE, b"#!AMR\n"),
        (MediaKind.VOICE, amr(60.1)),
        (MediaKind.VOICE, mp3(60.1)),
        (MediaKind.VOICE, id3(200)),
        (MediaKind.VIDEO, b"\x00\x00\x00\x18ftypmp42"),
    ],
)
async def test_what_the_platform_would_not_take_is_refused_here(kind: MediaKind, data: bytes) -> None:
    platform = Platform()
    async with calling(platform) as api:
        uploaded = await WeChatSender(api).upload("hunan", kind, Body("image/png", data))
    assert uploaded == SendResult(DeliveryStatus.REFUSED)
    assert platform.requests == []


@pytest.mark.wechat("9.3")
async def test_an_account_without_customer_service_may_bring_files() -> None:
    async with calling(Platform()) as api:
        assert isinstance(await WeChatSender(api).upload("poor", MediaKind.IMAGE, Body("image/png", PNG)), Uploaded)


async def test_an_unknown_account_brings_nothing() -> None:
    async with calling(Platform()) as api:
        result = await WeChatSender(api).upload("unheard-of", MediaKind.IMAGE, Body("image/png", PNG))
    assert result == SendResult(DeliveryStatus.HELD)


async def test_after_a_refused_token_the_whole_file_goes_again() -> None:
    platform = Platform(errcodes=[42001])
    async with calling(platform) as api:
        assert isinstance(await WeChatSender(api).upload("hunan", MediaKind.IMAGE, Body("", PNG)), Uploaded)
    assert [PNG in request.content for request in platform.asked(UPLOAD)] == [True, True]
    assert platform.tokens(UPLOAD) == ["token-1", "token-2"]


@pytest.mark.parametrize(("errcode", "status"), [(40009, DeliveryStatus.REFUSED), (45009, DeliveryStatus.PENDING)])
async def test_a_refused_upload_says_what_becomes_of_the_message(errcode: int, status: DeliveryStatus) -> None:
    async with calling(Platform(errcodes=[errcode])) as api:
        result = await WeChatSender(api).upload("hunan", MediaKind.IMAGE, Body("", PNG))
    assert result == SendResult(status, errcode, account_fault=errcode == 45009)


@pytest.mark.parametrize("seconds", [0.02, 1.0, 61.0])
def test_the_length_of_an_amr_is_counted_by_its_frames(seconds: float) -> None:
    assert amr_seconds(amr(seconds)) == pytest.approx(seconds)


def test_pauses_of_an_amr_count() -> None:
    comfort_noise, nothing = b"\x44" + bytes(5), b"\x7c"
    assert amr_seconds(amr(1) + comfort_noise * 50 + nothing * 50) == pytest.approx(3)


@pytest.mark.parametrize("sound", [mp3(7.2), mp3(7.2, id3(300)), mp3_of_low_rate(7.2)])
def test_the_length_of_an_mp3_is_counted_by_its_frames(sound: bytes) -> None:
    assert mp3_seconds(sound) == pytest.approx(7.2)


@pytest.mark.parametrize("data", [b"", b"\xff", b"\xff\xfb\xff\xff", b"ID3", b"RIFF", PNG])
def test_what_is_no_sound_has_no_length(data: bytes) -> None:
    assert amr_seconds(data) is None
    assert mp3_seconds(data) is None
