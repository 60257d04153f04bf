"""The phone page in a real browser: it lives without reloading, and hostile words stay words."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator

import httpx
import pytest
import uvicorn
from playwright.async_api import Page, async_playwright, expect
from simulator_fakes import FakeGateway, account, text_reply

from simulator.app import create_app

CHROMIUM = shutil.which("chromium")
HOSTILE = '<img src=x onerror="document.title=1"><a href="javascript:alert(1)">坏</a> ]]>'

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")]


@pytest.fixture
async def gateway() -> FakeGateway:
    """Answers `success` unless told otherwise."""
    return FakeGateway()


@pytest.fixture
async def url(gateway: FakeGateway) -> AsyncIterator[str]:
    """The address of a served platform."""
    app = create_app([account("bj")], "http://gateway", transport=httpx.MockTransport(gateway))
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", ws="none"))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    await serving


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    """A page the size of a phone; whatever the browser complains about fails the test."""
    complaints: list[str] = []
    async with async_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-background-networking"]
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        opened = await browser.new_page(viewport={"width": 390, "height": 844})
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        opened.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        yield opened
        await browser.close()
    assert complaints == []


async def test_a_chat_from_following_to_a_tapped_menu_item(url: str, page: Page, gateway: FakeGateway) -> None:
    await page.goto(url)
    await page.get_by_role("button", name="关注").click()
    await page.wait_for_url("**/phone/*")
    openid = page.url.rsplit("/", 1)[1]
    link = '<a href="weixin://bizmsgmenu?msgmenucontent=申请保护令&msgmenuid=7">怎么申请</a>'
    gateway.answers = [(200, text_reply(openid, HOSTILE)), (200, text_reply(openid, link))]

    await page.locator("#words").fill(HOSTILE)
    await page.locator("#words").press("Enter")
    await expect(page.locator(".line.me .face")).to_have_text(HOSTILE)
    await expect(page.locator(".line:not(.me) .face")).to_contain_text("<img src=x")
    assert await page.locator(".face img, .face a").count() == 0

    async with httpx.AsyncClient(base_url=url, trust_env=False) as api:
        await api.post(f"/phones/{openid}/messages", json={"type": "text", "text": "别处发的"})
    await page.get_by_role("button", name="怎么申请").click()
    await expect(page.locator(".line.me").last).to_have_text("申请保护令已送达，无即时答复")
    assert gateway.pushed()[-1]["bizmsgmenuid"] == "7"
    assert await page.title() == "bj妇联"


async def test_unfollowing_takes_the_input_away(url: str, page: Page) -> None:
    await page.goto(url)
    await page.get_by_role("button", name="关注").click()
    await page.wait_for_url("**/phone/*")
    await page.get_by_role("button", name="更多", exact=True).click()
    await page.get_by_role("button", name="取消关注").click()
    await expect(page.locator("#words")).to_be_hidden()
    await page.get_by_role("button", name="关注公众号").click()
    await expect(page.locator("#words")).to_be_visible()
