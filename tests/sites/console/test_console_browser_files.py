"""Pictures, voice and the banner in a real browser: shown, enlarged, played, sent, and typing told."""

from __future__ import annotations

import io
import struct
import wave
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.async_api import expect

from bot.conversation.alarms import AlarmKind
from bot.conversation.content import Image, Voice
from bot.conversation.media import Body, MediaKind
from bot.conversation.staff import Role
from tests.doubles.office import Office
from tests.sites.console.browsing import IN_A_BROWSER, desk, hears, served, width_of
from tests.sites.console.pages import taken

pytestmark = IN_A_BROWSER

NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)


def png(width: int, height: int) -> bytes:
    """A grey picture."""
    rows = b"".join(b"\0" + b"\x80" * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    packed = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def silence(seconds: int) -> bytes:
    """A sound in which nothing is heard."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"\0\0" * 8000 * seconds)
    return file.getvalue()


async def test_a_picture_opens_large_and_escape_closes_it(office: Office) -> None:
    talk = await taken(office, "你好")
    picture = await office.hears(talk, Image("m1"))
    media = await office.brings(picture, MediaKind.IMAGE, Body("image/png", png(600, 900)))
    async with served(office) as port, desk(port, 390, 844) as (page, complaints):
        await page.click(f"#card-{talk.id} > a")
        shown = page.locator(f"#picture-{media.id} img")
        await expect(shown).to_have_js_property("naturalWidth", 600)
        await shown.click()
        large = page.locator("#enlarged img")
        await expect(large).to_be_visible()
        await expect(large).to_have_js_property("naturalHeight", 900)
        assert await width_of(page) <= 390
        await page.keyboard.press("Escape")
        await expect(large).to_be_hidden()
        assert len(page.context.pages) == 1
    assert complaints == []


async def test_a_voice_message_plays_on_through_a_refresh(office: Office) -> None:
    talk = await taken(office, "你好")
    voice = await office.hears(talk, Voice("v1"))
    await office.brings(voice, MediaKind.VOICE, Body("audio/wav", silence(300)))
    async with served(office) as port, desk(port) as (page, complaints):
        await page.click(f"#card-{talk.id} > a")
        player = page.locator("audio")
        await player.evaluate("player => { player.muted = true; return player.play() }")
        assert await player.evaluate("player => player.duration") == 300
        await player.evaluate("player => { player.currentTime = 20 }")
        await hears(office, talk, "还在吗")
        await expect(page.locator(".line.hers")).to_have_count(3)
        assert await player.evaluate("player => !player.paused && player.currentTime >= 20")
    assert complaints == []


async def test_a_picture_is_looked_at_before_it_is_sent(office: Office, tmp_path: Path) -> None:
    talk = await taken(office, "你好")
    good, odd = tmp_path / "good.png", tmp_path / "odd.png"
    good.write_bytes(png(800, 400))
    odd.write_bytes(b"no picture")
    async with served(office) as port, desk(port) as (page, complaints):
        await page.click(f"#card-{talk.id} > a")
        async with page.expect_file_chooser() as choosing:
            await page.get_by_role("button", name="图片", exact=True).click()
        await (await choosing.value).set_files(odd)
        await expect(page.locator("#picture [data-trouble]")).to_have_text("这张图片打不开，请换一张。")
        await page.set_input_files("#picture input[type=file]", good)
        await expect(page.locator("#picture canvas")).to_have_js_property("width", 320)
        await expect(page.locator("[data-about]")).to_contain_text("800×400")
        await expect(page.locator("#picture [data-trouble]")).to_be_empty()
        await page.get_by_role("button", name="送出图片").click()
        await expect(page.locator(".line.ours .kept img")).to_have_js_property("naturalWidth", 800)
        await expect(page.locator("#picture [data-preview]")).to_be_hidden()
        await page.set_input_files("#picture input[type=file]", good)
        await page.get_by_role("button", name="不发了").click()
        await expect(page.locator("#picture [data-preview]")).to_be_hidden()
        await expect(page.locator(".line.ours .kept img")).to_have_count(1)
    assert complaints == []


async def test_typing_is_told_once_in_ten_seconds(office: Office) -> None:
    talk = await taken(office, "你好")
    async with served(office) as port, desk(port) as (page, complaints):
        await page.click(f"#card-{talk.id} > a")
        for told, words in enumerate(("您好，我在", "，您慢慢说"), 1):
            await page.clock.set_fixed_time(NOON + timedelta(seconds=10 * told))
            async with page.expect_response("**/typing"):
                await page.locator("#reply textarea").press_sequentially(words)
            assert len(office.sender.typed_to) == told
    assert complaints == []


async def test_the_banner_is_one_line_until_it_is_opened(office: Office) -> None:
    await office.hire("li", Role.SUPERVISOR)
    for account in ("hunan", "changsha", "xiangtan"):
        await office.raises_alarm(account, AlarmKind.SENDING, "40164")
    await office.buries("hunan:1")
    async with served(office) as port, desk(port, 390, 844) as (page, complaints):
        banner = page.locator("#alarms")
        await expect(banner).to_contain_text("有 4 件事要处理")
        box = await banner.bounding_box()
        assert box
        assert box["height"] < 60
        assert await width_of(page) <= 390
        await banner.locator("summary").click()
        await banner.get_by_role("link", name="打开").click()
        await page.locator(".letter summary").click()
        await page.get_by_role("button", name="确定删除").click()
        await expect(page.locator(".letters")).to_contain_text("没有这样的消息")
    assert complaints == []
