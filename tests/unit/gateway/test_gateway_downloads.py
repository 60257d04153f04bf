"""What people send, fetched from the platform; and from nowhere else, whoever says so."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import pytest
from wechat_api import TROUBLES, UNTYPED_BYTES, Platform, calling, failing

from bot.conversation.errors import InvalidData, NotFound, PlatformUnavailable
from bot.conversation.media import Body
from bot.gateway.api import WeChatApi
from bot.gateway.downloads import WeChatMedia, resolve

JPG = b"\xff\xd8\xff\xe0" + bytes(1000)
MP4 = b"\x00\x00\x00\x18ftypmp42" + bytes(1000)
CDN = "http://vweixinp.tc.qq.com/1007_x.mp4?vkey=1"
ADDRESSES = {
    "vweixinp.tc.qq.com": ["203.205.137.89", "2402:4e00::1"],
    "mmbiz.qpic.cn": ["203.205.137.90"],
    "inside.qq.com": ["203.205.137.89", "10.0.0.1"],
    "loop.qq.com": ["127.0.0.1"],
    "mapped.qq.com": ["::ffff:169.254.169.254"],
    "linklocal.qq.com": ["fe80::1%eth0"],
    "nowhere.qq.com": [],
}


async def resolved(host: str, port: int) -> list[str]:
    """DNS as these tests have it."""
    assert port in (80, 443, 8080)
    if not ADDRESSES[host]:
        raise PlatformUnavailable("gaierror")
    return ADDRESSES[host]


def media(api: WeChatApi) -> WeChatMedia:
    return WeChatMedia(api, resolved)


def video_at(url: str) -> httpx.Response:
    return httpx.Response(200, json={"video_url": url})


class WithVideos(Platform):
    """A platform and the places where its videos lie; `visited` are the addresses asked for."""

    def __init__(self, url: str, *answers: httpx.Response) -> None:
        super().__init__(files={"v": video_at(url)})
        self.visited: list[str] = []
        self._answers = list(answers) or [httpx.Response(200, content=MP4, headers={"Content-Type": "video/mp4"})]

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.startswith("/cgi-bin/"):
            return await super().__call__(request)
        self.visited.append(str(request.url))
        return self._answers.pop(0)


async def test_a_picture_comes_with_its_type() -> None:
    answer = httpx.Response(200, content=JPG, headers={"Content-Type": "image/JPEG; charset=x"})
    platform = Platform(files={"m": answer})
    async with calling(platform) as api:
        assert await media(api).download("hunan", "m") == Body("image/jpeg", JPG)
    [request] = platform.asked("media/get")
    assert dict(request.url.params) == {"media_id": "m", "access_token": "token-1"}


async def test_a_file_without_a_type_is_just_bytes() -> None:
    async with calling(Platform(files={"m": httpx.Response(200, content=JPG)})) as api:
        assert (await media(api).download("hunan", "m")).content_type == "application/octet-stream"


@pytest.mark.wechat("7.8")
@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "image/jpeg"])
async def test_an_error_is_found_out_whatever_type_it_has(content_type: str) -> None:
    answer = httpx.Response(200, content=b'{"errcode":40007,"errmsg":"x"}', headers={"Content-Type": content_type})
    async with calling(Platform(files={"m": answer})) as api:
        with pytest.raises(NotFound):
            await media(api).download("hunan", "m")


async def test_what_the_platform_no_longer_has_is_not_found() -> None:
    async with calling(Platform()) as api:
        with pytest.raises(NotFound):
            await media(api).download("hunan", "gone")
        with pytest.raises(NotFound):
            await media(api).download("unheard-of", "m")


async def test_a_refused_token_is_renewed_once() -> None:
    platform = Platform(errcodes=[42001], files={"m": httpx.Response(200, content=JPG)})
    async with calling(platform) as api:
        assert (await media(api).download("hunan", "m")).data == JPG
    assert platform.tokens("media/get") == ["token-1", "token-2"]


@pytest.mark.parametrize("errcode", [-1, 40001, 45009, 48001, 50007])
async def test_other_refusals_may_pass(errcode: int) -> None:
    async with calling(Platform(errcodes=[errcode, errcode])) as api:
        with pytest.raises(PlatformUnavailable, match=str(errcode)):
            await media(api).download("hunan", "m")


@pytest.mark.parametrize("trouble", [each for each in TROUBLES if each is not UNTYPED_BYTES], ids=repr)
async def test_trouble_on_the_way_may_pass(trouble: Exception | httpx.Response) -> None:
    async with calling(failing(trouble)) as api:
        with pytest.raises(PlatformUnavailable):
            await media(api).download("hunan", "m")


async def endless() -> AsyncIterator[bytes]:
    while True:
        yield bytes(1 << 20)


@pytest.mark.wechat("7.10")
@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, content=endless()),
        httpx.Response(200, content=b"x", headers={"Content-Length": str((12 << 20) + 1)}),
    ],
    ids=["endless", "declared"],
)
async def test_a_file_that_is_too_large_is_not_read_to_its_end(answer: httpx.Response) -> None:
    async with calling(Platform(files={"m": answer})) as api:
        with pytest.raises(InvalidData, match="large"):
            await media(api).download("hunan", "m")


@pytest.mark.wechat("7.7")
@pytest.mark.parametrize(
    "url",
    [
        CDN,
        "https://mmbiz.qpic.cn/x.mp4",
        "http://203.205.137.89/vweixinp.tc.qq.com/1007_x.mp4?vkey=1",
        "http://vweixinp.tc.qq.com:8080/x.mp4",
        "https://api.test/files/1",
    ],
)
async def test_a_video_is_fetched_from_where_the_platform_keeps_it(url: str) -> None:
    platform = WithVideos(url)
    async with calling(platform) as api:
        assert await media(api).download("hunan", "v") == Body("video/mp4", MP4)
    assert platform.visited == [url]


@pytest.mark.wechat("7.9")
@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x",
        "http://[::1]/x",
        "http://[::ffff:127.0.0.1]/x",
        "http://10.1.2.3/x",
        "http://169.254.169.254/latest/meta-data",
        "http://0.0.0.0/x",
        "http://224.0.0.1/x",
        "http://2130706433/x",
        "http://localhost/x",
        "http://api.test:6379/x",
        "http://evil.test/x",
        "http://evilqq.com/x",
        "http://qq.com.evil.test/x",
        "http://user:word@vweixinp.tc.qq.com/x",
        "http://inside.qq.com/x",
        "http://loop.qq.com/x",
        "http://mapped.qq.com/x",
        "http://linklocal.qq.com/x",
        "ftp://vweixinp.tc.qq.com/x",
        "file:///etc/passwd",
        "//vweixinp.tc.qq.com/x",
        "x",
        "",
        "http://[",
        "http://\x00.qq.com",
    ],
)
async def test_nothing_is_fetched_from_anywhere_else(url: str) -> None:
    platform = WithVideos(url)
    async with calling(platform) as api:
        with pytest.raises(InvalidData) as caught:
            await media(api).download("hunan", "v")
    assert platform.visited == []
    assert len(url) < 4 or url not in str(caught.value)


@pytest.mark.wechat("7.9")
async def test_a_video_that_is_passed_on_is_followed_and_each_step_checked() -> None:
    further = httpx.Response(302, headers={"Location": "http://203.205.137.89/x.mp4"})
    platform = WithVideos(CDN, further, httpx.Response(200, content=MP4))
    async with calling(platform) as api:
        assert (await media(api).download("hunan", "v")).data == MP4
    inside = httpx.Response(302, headers={"Location": "http://127.0.0.1:6379/"})
    platform = WithVideos(CDN, inside)
    async with calling(platform) as api:
        with pytest.raises(InvalidData):
            await media(api).download("hunan", "v")
    assert platform.visited == [CDN]


async def test_a_video_that_is_passed_on_for_ever_is_given_up() -> None:
    platform = WithVideos(CDN, *(httpx.Response(302, headers={"Location": CDN}) for _ in range(9)))
    async with calling(platform) as api:
        with pytest.raises(PlatformUnavailable, match="often"):
            await media(api).download("hunan", "v")


@pytest.mark.parametrize(
    "answer", [httpx.Response(404), httpx.Response(500), httpx.Response(302), httpx.Response(200, text="<html>")]
)
async def test_a_video_that_is_not_there_may_come(answer: httpx.Response) -> None:
    async with calling(WithVideos(CDN, answer)) as api:
        with pytest.raises(PlatformUnavailable):
            await media(api).download("hunan", "v")


async def test_a_video_that_is_too_large_is_not_read_to_its_end() -> None:
    async with calling(WithVideos(CDN, httpx.Response(200, content=endless()))) as api:
        with pytest.raises(InvalidData, match="large"):
            await media(api).download("hunan", "v")


@pytest.mark.parametrize("answer", [{}, {"video_url": 3}, {"errcode": 0}])
async def test_an_answer_that_is_neither_file_nor_address_may_pass(answer: dict[str, object]) -> None:
    files = {"m": httpx.Response(200, content=json.dumps(answer).encode())}
    async with calling(Platform(files=files)) as api:
        with pytest.raises(PlatformUnavailable):
            await media(api).download("hunan", "m")


async def test_a_host_that_has_no_address_may_get_one() -> None:
    async with calling(WithVideos("http://nowhere.qq.com/x")) as api:
        with pytest.raises(PlatformUnavailable):
            await media(api).download("hunan", "v")
    with pytest.raises(PlatformUnavailable):
        await resolve("a" * 70 + ".invalid", 80)


async def test_names_of_this_machine_are_resolved() -> None:
    assert "127.0.0.1" in await resolve("127.0.0.1", 80)


async def test_a_platform_that_never_ends_is_given_up() -> None:
    async def silent(request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    async with calling(silent) as api:
        with pytest.raises(PlatformUnavailable):
            await WeChatMedia(api, resolved, total_s=0.02).download("hunan", "m")
