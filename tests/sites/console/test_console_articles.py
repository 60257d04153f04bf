"""The vetted answers beside the chat: found by a question, put into the reply by one key, with their sources."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.doubles.office import Office
from tests.sites.console.browsing import ASSETS, CHROMIUM, desk, served

HERE = {"account": "hunan", "region": "430100"}


async def found(office: Office, **asked: str) -> tuple[int, str]:
    await office.hire("li")
    async with office.browser("li") as client:
        answer = await client.get("/desk/articles", params={**HERE, **asked})
    return answer.status_code, answer.text


async def test_an_operator_finds_an_article_in_the_words_for_this_person_with_its_sources(office: Office) -> None:
    _, text = await found(office, q="电话是多少")
    first = text[: text.index("</li>")]
    assert "电话是多少" in first
    assert "打12338，长沙市的。" in text
    assert "晚上也可以写。" in text
    assert "《妇女权益保障法》第76条（2023-01-01起施行）" in text
    assert "2026-11-01复核" in text
    assert '<p class="snippet">打12338，长沙市的。</p>' in text


async def test_who_finds_nothing_is_told_and_who_asks_nothing_is_not(office: Office) -> None:
    assert "没有找到" in (await found(office, q="彩礼"))[1]


async def test_an_empty_question_shows_nothing(office: Office) -> None:
    assert (await found(office, q=" "))[1].strip() == ""


@pytest.mark.parametrize("asked", [{"account": "nobody"}, {"region": ""}])
async def test_an_unknown_account_is_not_found_and_an_unknown_region_does_no_harm(
    office: Office, asked: dict[str, str]
) -> None:
    status, text = await found(office, q="电话", **asked)
    assert (status, "打12338" in text) == ((404, False) if "account" in asked else (200, True))


async def test_what_was_asked_is_only_words(office: Office) -> None:
    status, text = await found(office, q="<script>alert(1)</script>电话")
    assert status == 200
    assert "<script>" not in text


@pytest.mark.skipif(CHROMIUM is None or not ASSETS.exists(), reason="no browser here")
@pytest.mark.browser
@pytest.mark.timeout(240)  # a slow day is no failure
async def test_an_article_goes_into_the_reply_by_one_key(office: Office) -> None:
    await office.hire("li")
    await office.waiting("你们电话是多少")
    async with served(office) as port, desk(port) as (page, complaints):
        await page.keyboard.press("n")
        await expect(page.locator("#conversation[data-state=mine]:not(.htmx-added)")).to_be_visible()
        await page.keyboard.press("r")
        await page.keyboard.type("您好。")
        await page.keyboard.press("Control+k")
        await page.keyboard.insert_text("电话")  # at once, as a method of input gives it
        found = page.locator("#found:not([data-stale]) > li").first  # what answers the words that stand there
        await expect(found).to_contain_text("电话是多少")
        await expect(page.locator("#found .sources").first).to_contain_text("《妇女权益保障法》第76条")
        await page.keyboard.press("Enter")
        reply = page.locator("#reply textarea")
        await expect(reply).to_have_value("您好。\n打12338，湖南省的。")
        await expect(reply).to_be_focused()
        await expect(page.locator("#found > li")).to_have_count(0)
        await page.keyboard.type("还有什么想问的？")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator(".line.ours .text")).to_contain_text("打12338，湖南省的。还有什么想问的？")
        await expect(reply).to_have_value("")
        await expect(reply).to_be_focused()  # the box has come back for the next words
        await page.locator("#conversation h2").first.click()
        await page.keyboard.press("/")
        await page.keyboard.insert_text("电话")
        await expect(found).to_contain_text("电话是多少")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await expect(reply).to_have_value("晚上也可以写。")
    assert complaints == []
