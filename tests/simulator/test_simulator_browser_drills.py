"""A drill in a real browser: begun from the list, seen as it goes, looked back on at its end."""

from __future__ import annotations

import httpx
from playwright.async_api import Page, expect
from simulator_fakes import FakeClock, FakeGateway, account
from simulator_server import served
from test_simulator_browser import gateway as gateway
from test_simulator_browser import page as page
from test_simulator_browser import pytestmark as pytestmark

from simulator.app import create_app
from simulator.drill import shipped_drills

NAME, DRILL = next(iter(shipped_drills().items()))


async def _reply(api: httpx.AsyncClient, openid: str, words: str) -> None:
    query = {"grant_type": "client_credential", "appid": "wxlx", "secret": "lx-secret"}
    token = (await api.get("/cgi-bin/token", params=query)).json()["access_token"]
    body = {"touser": openid, "msgtype": "text", "text": {"content": words}}
    assert (await api.post("/cgi-bin/message/custom/send", params={"access_token": token}, json=body)).is_success


async def test_a_drill_from_the_list_to_its_end(page: Page, gateway: FakeGateway) -> None:
    transport = httpx.MockTransport(gateway)
    app = create_app([account("lx", drill=True)], "http://gateway", transport=transport, clock=FakeClock())
    async with served(app) as url, httpx.AsyncClient(base_url=url, trust_env=False) as api:
        await page.goto(url)
        await page.locator(f'[data-drill="{NAME}"] button').click()
        await page.wait_for_url("**/drill/1")
        turns, checks = page.locator("#turns > li"), page.locator("#checks li")
        openid = (await api.get("/drills/1")).json()["openid"]
        for number, turn in enumerate(DRILL.turns, 1):
            await expect(turns).to_have_count(number)
            await expect(page.locator("#state")).to_contain_text(f"第 {number} 问")
            hint = turns.last.get_by_text(turn.hint)
            await expect(hint).to_be_hidden()
            await _reply(api, openid, f"答第{number}段")
            await expect(turns.nth(number - 1)).to_contain_text(f"答第{number}段")
            await expect(turns.nth(number - 1).get_by_text(turn.hint)).to_be_visible()
        await expect(page.locator("#state")).to_have_text("练完了。")
        await expect(checks).to_have_count(len(DRILL.checks))
        await expect(page.get_by_role("button", name="结束演练")).to_be_hidden()


async def test_without_an_account_for_drills_none_is_offered(page: Page, gateway: FakeGateway) -> None:
    app = create_app([account("bj")], "http://gateway", transport=httpx.MockTransport(gateway))
    async with served(app) as url:
        await page.goto(url)
        await expect(page.get_by_role("heading", name="公众号")).to_be_visible()
        await expect(page.locator("[data-drill]")).to_have_count(0)
