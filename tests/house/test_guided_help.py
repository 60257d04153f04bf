"""Each flow of guided help, walked on the phone page in a real browser; its papers fetched by their link and read."""

from __future__ import annotations

import io
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import docx
import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, expect

from bot.conversation.clock import HUNAN
from tests.house.house import PATIENCE_S, House

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
PICTURES = Path(__file__).parents[2] / "docs" / "images"
TODAY = datetime.now(HUNAN).date()
SPENT_FROM, SPENT_TO = TODAY - timedelta(days=140), TODAY - timedelta(days=48)
BILL = f"""支付宝交易记录明细查询
账号:[138****0000]
起始日期:[{SPENT_FROM} 00:00:00]    终止日期:[{TODAY} 00:00:00]
---------------------------------交易记录明细列表------------------------------------
交易时间,交易分类,交易对方,对方账号,商品说明,收/支,金额,收/付款方式,交易状态,交易订单号,商家订单号,备注,
{SPENT_FROM} 21:14:05,文化休闲,深圳市腾讯计算机系统有限公司,t**@qq.com,王者荣耀 点券充值,支出,648.00,花呗,交易成功,20260703001,T1,,
{SPENT_TO} 22:16:40,文化休闲,深圳市腾讯计算机系统有限公司,t**@qq.com,王者荣耀 点券充值,支出,328.00,花呗,交易成功,20261005002,T2,,
{SPENT_TO} 12:01:00,餐饮美食,沙县小吃,s**@qq.com,午餐,支出,23.00,余额宝,交易成功,20261005003,T3,,
"""  # noqa: E501


@pytest.fixture
def phone(house: House, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, device_scale_factor=2, locale="zh-CN", accept_downloads=True)
    page = context.new_page()
    page.goto(f"{house.phone_site}/phone/{house.new_phone()}")
    yield page
    context.close()


Say = Callable[..., str]


@pytest.fixture
def say(house: House, phone: Page) -> Say:
    """Writes these messages one after the other; returns what the account said since the last one."""
    openid = phone.url.rpartition("/")[2]
    theirs = phone.locator("#chat li.line:not(.me)")

    def write(words: str) -> str:
        before = theirs.count()
        if phone.locator("#to-words").is_visible():
            phone.locator("#to-words").click()
        phone.locator("#words").fill(words)
        phone.locator("#words").press("Enter")
        expect(theirs).not_to_have_count(before)
        # What does not fit the first bubble follows in others.
        house.until(lambda: nothing_on_its_way(house), PATIENCE_S, "not all of the answer was sent")
        expect(theirs).to_have_count(sum(bubble["from"] == "account" for bubble in house.chat(openid)))
        return "\n".join(theirs.all_inner_texts()[before:])

    return lambda *said: [write(words) for words in said][-1]


def nothing_on_its_way(house: House) -> bool:
    """Whether all that was to be said to who came last was sent."""
    waiting = """
        SELECT count(*) FROM deliveries WHERE status IN ('offered', 'pending', 'sending')
        AND contact_id = (SELECT id FROM contacts ORDER BY first_seen_at DESC LIMIT 1)
    """
    with closing(sqlite3.connect(f"file:{house.home / 'niangjia.db'}?mode=ro", uri=True)) as store:
        (count,) = store.execute(waiting).fetchone()
    return int(count) == 0


def told_as(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}号"


def open_page(phone: Page, told: str) -> Page:
    """Open the link that the account sent, as a tap on it does."""
    (address,) = re.findall(r"http://127\.0\.0\.1:\d+/p/\S{43}", told)
    page = phone.context.new_page()
    page.goto(address)
    expect(page).to_have_title("页面")
    page.locator("#open").click()
    expect(page.locator("#open")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_load_state("load")
    assert "/p/" in page.url
    assert not re.search(r"/p/\S{43}", page.url)
    return page


def papers(page: Page) -> dict[str, str]:
    """The words of each paper that the page offers, read from its Word file; its PDF must say the same amounts."""
    texts = {}
    expect(page.locator(".files li").first).to_be_visible()
    page.wait_for_load_state("load")
    for row in page.locator(".files li").all():
        name = row.locator("span").inner_text()
        texts[name] = _word(page, row.get_by_role("link", name="Word").get_attribute("href") or "")
        pdf = page.request.get(f"{_site(page)}{row.get_by_role('link', name='PDF').get_attribute('href')}")
        document = pypdfium2.PdfDocument(pdf.body())
        printed = "".join(document[index].get_textpage().get_text_bounded() for index in range(len(document)))
        assert len(printed) > 50, name
    return texts


def _word(page: Page, path: str) -> str:
    document = docx.Document(io.BytesIO(page.request.get(f"{_site(page)}{path}").body()))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def _site(page: Page) -> str:
    return page.url.partition("/p/")[0]


def test_a_refund_from_the_first_question_to_the_letter(phone: Page, say: Say) -> None:
    told = say("准备退款材料")
    assert "几岁" in told
    told = say(
        *("9岁", "都不知道", "游戏充值", "王者荣耀", "三千多块", f"{SPENT_FROM.year}年{SPENT_FROM.month}月"),
        *(told_as(SPENT_TO), "家长", told_as(SPENT_TO + timedelta(days=1)), "不肯退"),
    )
    assert "包退" in told
    page = open_page(phone, told)
    page.locator("[name=bill]").set_input_files(
        {"name": "alipay.csv", "mimeType": "text/csv", "buffer": BILL.encode("gb18030")}
    )
    page.get_by_role("button", name="上传，帮我找").click()
    expect(page.locator(".payments li")).to_have_count(2)
    page.screenshot(path=PICTURES / "pages-payments.png")
    page.get_by_role("button", name="选好了").click()
    expect(page.locator("main")).to_contain_text("记下了 2 笔")
    page.screenshot(path=PICTURES / "pages-papers.png")
    texts = "\n".join(papers(page).values())
    assert "976.00" in texts
    assert "王者荣耀" in texts
    assert "沙县小吃" not in texts
    page.reload()
    expect(page.locator("main")).to_contain_text("记下了 2 笔")
    again = phone.context.new_page()
    again.goto(re.findall(r"http://127\.0\.0\.1:\d+/p/\S{43}", told)[0])
    again.locator("#open").click()
    expect(again.locator("main")).to_contain_text("打不开了")


def test_a_protection_order_in_her_own_words(phone: Page, say: Say) -> None:
    told = say(
        *("写保护令申请书", "为我自己", "丈夫或妻子", "他喝了酒就骂人摔东西", "上个月", "去年起四五次", "没有"),
        *("没有", "没有", "1 4", "1 2 4", "岳麓区", "跳过", "跳过"),
    )
    texts = "\n".join(papers(open_page(phone, told)).values())
    assert "人身安全保护令申请书" in texts.replace(" ", "")
    assert "他喝了酒就骂人摔东西" in texts
    assert "____" in texts.replace("＿", "_")


def test_the_safety_check_ends_in_a_plan_and_never_in_a_number(phone: Page, say: Say) -> None:
    told = say("评估一下我的安全", *["没有"] * 6, "有", *["没有"] * 8)
    assert "110" in told
    assert not re.search(r"\d+\s*分(?!钟)", told)
    assert papers(open_page(phone, told)).keys() == {"材料清单"}


def test_the_safety_check_stops_at_an_answer_that_cannot_wait(phone: Page, say: Say) -> None:
    told = say("评估一下我的安全", "没有", "没有", "没有", "有")
    assert "110" in told
    assert "命会保不住" not in told


def test_a_divorce_is_sorted_out(phone: Page, say: Say) -> None:
    applied = TODAY - timedelta(days=20)
    told = say("理一理离婚的事", "没有", "都同意，去登记处办", told_as(applied), "8岁", "六千", "没有", "1 2")
    over = [applied + timedelta(days=days) for days in range(30, 42)]  # moved behind the holidays that it falls on
    assert any(f"{day.year}年{day.month}月{day.day}日" in told for day in over)
    (texts,) = papers(open_page(phone, told)).values()
    assert "房子" in texts
    assert "存款" in texts


def test_a_child_who_will_not_go_to_school(phone: Page, say: Say) -> None:
    told = say(
        "说说孩子的情况", "13岁", "不肯上学，天天抱着手机", "5", "就这些", "一两个月", "讲过道理也骂过", "岳麓区"
    )
    assert "医" in told
    assert "12355" in told or "12356" in told


def test_legal_aid_becomes_a_file_of_the_office(phone: Page, say: Say) -> None:
    told = say("申请法律援助或咨询", "免费律师（法律援助）", "工钱、工伤", "困难", "岳麓区", "不要打电话，在这里说")
    assert "已经记下" in told


def test_the_chat_turns_harmless_at_a_word_and_the_page_at_a_tap(phone: Page, say: Say) -> None:
    say("设暗号 白菜多少钱")
    told = say("白菜多少钱")
    assert "便民" in told
    assert "便民" in say("我的记录")
    assert "我在" in say("白菜多少钱")
    page = open_page(phone, say("我的记录"))
    expect(page.locator("main")).to_contain_text("白菜多少钱")
    page.route(
        "https://www.baidu.com/**",
        lambda route: route.fulfill(content_type="text/html; charset=utf-8", body="<title>百度一下</title>"),
    )
    page.locator("#leave").click()
    expect(page).to_have_title("百度一下")
    page.go_back()
    expect(page.locator("main")).not_to_contain_text("白菜多少钱")
