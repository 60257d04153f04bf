"""A woman on her phone, an operator at her desk: the whole way, in a real browser and real processes."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.house.house import House

pytestmark = pytest.mark.browser

CRY = "他掐我脖子，我锁在厕所里"
REPLY = "我是省妇联的接线员，我在。您现在门锁好了吗？我帮您报警，您把地址发给我。"
PICTURES = Path(__file__).parents[2] / "docs" / "images"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


def test_from_her_first_question_to_the_operators_answer(house: House, browser: Browser) -> None:
    phone = _open_phone(house, browser)
    desk = _open_desk(house, browser)

    desk.locator("[data-duty] [name=duty] + button").click()
    expect(desk.locator("[data-duty] [name=duty] + button")).to_have_attribute("aria-checked", "true")
    _say(phone, "协议离婚要带什么证件")
    expect(_from_account(phone).last).to_contain_text("身份证")
    _picture(phone, "phone-answer")

    desk.evaluate("window.neverReloaded = true")
    _say(phone, CRY)
    words = _from_account(phone).filter(has_text="先保平安")
    expect(words).to_contain_text("110")

    card = desk.locator("[data-waiting].critical").filter(has_text=CRY)
    expect(card).to_contain_text(CRY)
    assert desk.evaluate("window.neverReloaded") is True
    _picture(desk, "desk-waiting")

    card.get_by_role("button", name="接入").click()
    expect(desk.locator("#conversation[data-state=mine]:not(.htmx-added)")).to_be_visible()
    expect(desk.locator("#conversation")).to_contain_text("协议离婚要带什么证件")
    desk.locator("#reply textarea").fill(REPLY)
    desk.keyboard.press("Control+Enter")

    expect(_from_account(phone).last).to_contain_text(REPLY)
    expect(desk.locator(".fate").last).to_contain_text("已送达微信")
    _picture(phone, "phone-danger")
    _picture(desk, "desk")

    _say(phone, "门锁好了 我在望月湖小区3栋")
    expect(desk.locator("[data-lines]")).to_contain_text("望月湖小区")
    # The assistant keeps silent: what it said would have come to the desk with her words.
    expect(desk.locator("[data-lines] > li").last).to_contain_text("望月湖小区")
    expect(_from_account(phone).last).to_contain_text(REPLY)

    desk.on("dialog", lambda dialog: dialog.accept())
    desk.get_by_role("button", name="交还助手").click()
    expect(desk.locator("#notice")).to_contain_text("已交还智能助手")
    _say(phone, "离婚冷静期是多少天")
    expect(_from_account(phone).filter(has_text="30")).to_have_count(1)


def test_the_desk_on_a_phone_screen(house: House, browser: Browser) -> None:
    desk = _open_desk(house, browser, **PHONE)
    expect(desk.locator("#lists")).to_be_visible()
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the screen"
    _picture(desk, "desk-small")


def _open_phone(house: House, browser: Browser) -> Page:
    page = browser.new_context(viewport=PHONE, device_scale_factor=2, locale="zh-CN").new_page()
    page.goto(f"{house.phone_site}/phone/{house.new_phone()}")
    return page


def _open_desk(house: House, browser: Browser, width: int = DESK["width"], height: int = DESK["height"]) -> Page:
    page = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN").new_page()
    page.goto(house.desk_site)
    page.locator("[name=username]").fill("admin")
    page.locator("[name=password]").fill(house.first_password())
    page.keyboard.press("Enter")
    page.get_by_role("link", name="这次先不开，去工作台").click()  # an administrator is led to the second factor first
    page.locator("#lists").wait_for()
    return page


def _say(phone: Page, words: str) -> None:
    if phone.locator("#to-words").is_visible():
        phone.locator("#to-words").click()
    phone.locator("#words").fill(words)
    phone.locator("#words").press("Enter")


def _from_account(phone: Page) -> Locator:
    return phone.locator("#chat li.line:not(.me)")


def _picture(page: Page, name: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")
