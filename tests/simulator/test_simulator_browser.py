"""The phone page in a real browser: it lives without reloading, and hostile words stay words."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from playwright.async_api import Page, Response, async_playwright, expect
from simulator_fakes import PNG, FakeGateway, account, text_reply
from simulator_server import served

from simulator.app import create_app

CHROMIUM = shutil.which("chromium")
HOSTILE = '<img src=x onerror="document.title=1"><a href="javascript:alert(1)">坏</a> ]]>'

SILENT = "已送达，无即时答复"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(240),  # a slow day is no failure
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here"),
]


@pytest.fixture
async def gateway() -> FakeGateway:
    """Answers `success` unless told otherwise."""
    return FakeGateway()


@pytest.fixture
async def url(gateway: FakeGateway) -> AsyncIterator[str]:
    """The address of a served platform."""
    app = create_app([account("bj")], "http://gateway", transport=httpx.MockTransport(gateway))
    async with served(app) as address:
        yield address


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


def is_stream(answer: Response) -> bool:
    """From then on the page hears of what is not kept for who comes later: that somebody types, or follows no more."""
    return answer.request.resource_type == "eventsource"


async def follow(page: Page, url: str) -> str:
    """Follow the account on the list; the OpenID of the new phone, whose page is open."""
    await page.goto(url)
    async with page.expect_response(is_stream):
        await page.get_by_role("button", name="关注").click()
    await page.wait_for_url("**/phone/*")
    return page.url.rsplit("/", 1)[1]


async def open_phone(page: Page, url: str, openid: str) -> None:
    """Its page, which hears of what happens."""
    async with page.expect_response(is_stream):
        await page.goto(f"{url}/phone/{openid}")


async def test_a_chat_from_following_to_a_tapped_menu_item(url: str, page: Page, gateway: FakeGateway) -> None:
    openid = await follow(page, url)
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
    await expect(page.locator(".line.me").last).to_have_text(f"申请保护令{SILENT}")
    assert gateway.pushed()[-1]["bizmsgmenuid"] == "7"
    assert await page.title() == "bj妇联"


async def test_unfollowing_takes_the_input_away(url: str, page: Page) -> None:
    await follow(page, url)
    await page.get_by_role("button", name="更多", exact=True).click()
    await page.get_by_role("button", name="取消关注").click()
    await expect(page.locator("#words")).to_be_hidden()
    await page.get_by_role("button", name="关注公众号").click()
    await expect(page.locator("#words")).to_be_visible()


class Office:
    """Calls the platform as the account does."""

    def __init__(self, url: str) -> None:
        self.api = httpx.AsyncClient(base_url=url, trust_env=False)
        self.token = ""

    async def call(self, path: str, body: dict[str, Any]) -> None:
        """One call that must be taken."""
        if not self.token:
            query = {"grant_type": "client_credential", "appid": "wxbj", "secret": "bj-secret"}
            self.token = (await self.api.get("/cgi-bin/token", params=query)).json()["access_token"]
        answer = await self.api.post(f"/cgi-bin/{path}", params={"access_token": self.token}, json=body)
        assert answer.json()["errcode"] == 0, answer.text

    async def send(self, openid: str, kind: str, **fields: Any) -> None:
        """A customer-service message."""
        await self.call("message/custom/send", {"touser": openid, "msgtype": kind, kind: fields})


@pytest.fixture
async def office(url: str) -> AsyncIterator[Office]:
    """The account's side."""
    made = Office(url)
    yield made
    await made.api.aclose()


async def new_phone(office: Office) -> str:
    """The OpenID of a phone."""
    answer = await office.api.post("/phones", json={"account": "bj", "name": "小林"})
    return str(answer.json()["openid"])


async def test_what_the_account_sends_is_seen(url: str, page: Page, office: Office) -> None:
    openid = await new_phone(office)
    await office.api.post(f"/phones/{openid}/messages", json={"type": "text", "text": "x"})
    await open_phone(page, url, openid)
    title = page.locator("#title")
    await office.call("message/custom/typing", {"touser": openid, "command": "Typing"})
    await expect(title).to_have_text("对方正在输入…")
    text = {"touser": openid, "msgtype": "text", "text": {"content": "在的"}, "aimsgcontext": {"is_ai_msg": 1}}
    await office.call("message/custom/send", text)
    await expect(title).to_have_text("bj妇联")
    await expect(page.get_by_text("内容由第三方AI生成")).to_be_visible()
    await office.send(openid, "news", articles=[{"title": "保护令怎么申请", "url": "https://a.cn/1"}])
    await expect(page.get_by_role("link", name="保护令怎么申请")).to_have_attribute("href", "https://a.cn/1")
    menu = [{"id": "1", "content": "有帮助"}, {"id": "2", "content": "没帮助"}]
    await office.send(openid, "msgmenu", head_content="这个答复有用吗", list=menu, tail_content="")
    await page.get_by_role("button", name="没帮助").click()
    await expect(page.locator(".line.me .face").last).to_have_text("没帮助")
    data = {"事项": {"value": "回访"}}
    await office.call("message/template/send", {"touser": openid, "template_id": "预约提醒", "data": data})
    await expect(page.locator(".rows")).to_have_text("事项回访")
    await office.api.post(f"/phones/{openid}/messages", json={"type": "voice", "seconds": 7, "speech": "我怕"})
    await expect(page.locator(".sound")).to_have_text("7″")
    await expect(page.locator(".spoken small")).to_have_text("我怕")


async def test_a_person_can_send_each_kind(url: str, page: Page, office: Office, gateway: FakeGateway) -> None:
    openid = await new_phone(office)
    await open_phone(page, url, openid)

    async def open_panel() -> None:
        await page.get_by_role("button", name="更多功能").click()

    await open_panel()
    await page.get_by_role("button", name="语音").click()
    await page.get_by_label("说了什么").fill("他在门外")
    await page.locator("#voice").get_by_role("button", name="发送").click()
    await expect(page.locator(".sound")).to_be_visible()
    await open_panel()
    await page.get_by_role("button", name="链接").click()
    await page.get_by_label("标题").fill("新闻")
    await page.get_by_label("网址").fill("https://a.cn/2")
    await page.locator("#link").get_by_role("button", name="发送").click()
    await expect(page.get_by_role("link", name="新闻")).to_be_visible()
    files = {"picture": ("a.png", "image/png", PNG), "file": ("证据.pdf", "application/pdf", b"%PDF")}
    for name, (file, mime, content) in files.items():
        await page.locator(f"#{name}").set_input_files({"name": file, "mimeType": mime, "buffer": content})
    await expect(page.locator(".line.me .delivery")).to_have_text([SILENT] * 4)
    await expect(page.locator(".card").last).to_contain_text("证据.pdf")
    assert {push["MsgType"] for push in gateway.pushed()} == {"voice", "link", "image", "file"}


async def test_menu_buttons_do_what_their_type_says(url: str, page: Page, office: Office, gateway: FakeGateway) -> None:
    buttons = [
        {"type": "click", "name": "求助", "key": "help"},
        {"type": "scancode_waitmsg", "name": "扫码", "key": "code"},
        {"type": "location_select", "name": "位置", "key": "place"},
    ]
    await office.call("menu/create", {"button": buttons})
    openid = await new_phone(office)
    await open_phone(page, url, openid)
    menu = page.locator("#menu")
    await menu.get_by_role("button", name="求助").click()
    await until_pushed(gateway, "CLICK")
    await menu.get_by_role("button", name="扫码").click()
    await page.get_by_label("扫到的内容").fill("6901234567892")
    await page.locator("#code").get_by_role("button", name="扫码").click()
    await until_pushed(gateway, "CLICK", "scancode_waitmsg")
    await menu.get_by_role("button", name="位置").click()
    await page.locator("#place").get_by_role("button", name="发送").click()
    await expect(page.locator(".map")).to_be_visible()
    await until_pushed(gateway, "CLICK", "scancode_waitmsg", "location_select")


async def until_pushed(gateway: FakeGateway, *events: str) -> None:
    """Wait until just these have come to the gateway."""
    while (pushed := [push["Event"] for push in gateway.pushed() if push["MsgType"] == "event"]) != list(events):
        assert pushed == list(events)[: len(pushed)]
        await asyncio.sleep(0.01)
