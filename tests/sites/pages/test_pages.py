"""What she opens by a link: once, by a tap, with nothing that betrays it; papers, a bill, her record."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator

import docx
import pytest

from bot.conversation.flows import LINK_LASTS, VISIT_LASTS, Flow
from bot.web.body import STRANGER_BYTES
from tests.sites.pages.conftest import PagesWorld

ALIPAY = """支付宝交易记录明细查询
账号:[138****0000]
起始日期:[2026-10-01 00:00:00]    终止日期:[2026-10-31 23:59:59]
---------------------------------交易记录明细列表------------------------------------
交易时间,交易分类,交易对方,对方账号,商品说明,收/支,金额,收/付款方式,交易状态,交易订单号,商家订单号,备注,
2026-10-03 21:14:05,文化休闲,深圳市腾讯计算机系统有限公司,ten***@qq.com,王者荣耀 点券充值,支出,648.00,花呗,交易成功,20261003001,T1,,
2026-10-03 21:16:40,文化休闲,深圳市腾讯计算机系统有限公司,ten***@qq.com,王者荣耀 点券充值,支出,328.00,花呗,交易成功,20261003002,T2,,
2026-10-05 12:01:00,餐饮美食,沙县小吃,sha***@qq.com,午餐,支出,23.00,余额宝,交易成功,20261005001,T3,,
"""  # noqa: E501


async def test_looking_at_a_link_does_not_use_it_up_and_a_tap_does(site: PagesWorld) -> None:
    token = await site.link()
    for _ in range(3):
        looked = await site.client.get(f"/p/{token}")
        assert (looked.status_code, "打开" in looked.text) == (200, True)
    entered = await site.client.post(f"/p/{token}")
    assert (entered.status_code, entered.headers["location"]) == (303, "/p/")
    again = await site.client.post(f"/p/{token}")
    assert again.status_code == 404
    assert "已经用过" in again.text


async def test_no_page_betrays_what_it_is_about(site: PagesWorld) -> None:
    token = await site.link()
    for answer in (
        await site.client.get(f"/p/{token}"),
        await site.client.post(f"/p/{token}", follow_redirects=True),
        await site.client.get("/p/nothing"),
    ):
        assert re.search(r"<title>(.*?)</title>", answer.text)[1] == "页面"  # type: ignore[index]
        assert "马上离开" in answer.text
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "script-src 'self'" in answer.headers["content-security-policy"]


async def test_the_visit_is_this_browsers_alone_and_ends(site: PagesWorld) -> None:
    token = await site.link()
    entered = await site.client.post(f"/p/{token}")
    cookie = entered.headers["set-cookie"].lower()
    assert all(word in cookie for word in ("httponly", "samesite=strict", "path=/p/"))
    assert token.lower() not in cookie
    site.world.clock.advance(VISIT_LASTS)
    assert (await site.client.get("/p/")).status_code == 404


async def test_a_link_of_yesterday_is_dead(site: PagesWorld) -> None:
    token = await site.link()
    site.world.clock.advance(LINK_LASTS)
    assert (await site.client.post(f"/p/{token}")).status_code == 404


async def test_leaving_ends_the_visit_and_leads_to_a_page_that_everybody_opens(site: PagesWorld) -> None:
    await site.enter()
    left = await site.client.post("/p/leave")
    assert (left.status_code, left.headers["location"]) == (303, "https://www.baidu.com/")
    assert (await site.client.get("/p/")).status_code == 404


async def test_the_papers_are_handed_over_as_word_and_pdf(site: PagesWorld) -> None:
    page = await site.enter()
    names = re.findall(r"<li><span>(.*?)</span>", page)
    assert len(names) >= 3
    for number in range(1, len(names) + 1):
        word = await site.client.get(f"/p/{number}.docx")
        assert word.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
        assert docx.Document(io.BytesIO(word.content)).paragraphs
    pdf = await site.client.get("/p/1.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert (await site.client.get(f"/p/{len(names) + 1}.docx")).status_code == 404


async def test_a_bill_is_read_confirmed_and_stands_in_the_papers(site: PagesWorld) -> None:
    await site.enter()
    found = await site.client.post("/p/bill", files={"bill": ("账单.csv", ALIPAY.encode("gbk"))}, data={"password": ""})
    assert found.status_code == 200
    assert "沙县小吃" not in found.text
    assert found.text.count('type="checkbox"') == 2
    (sealed,) = re.findall(r'name="sealed" value="(.*?)"', found.text)
    kept = await site.client.post("/p/payments", data={"sealed": sealed, "chosen": ["0"]}, follow_redirects=True)
    assert "记下了 1 笔" in kept.text
    (flow,) = site.world.kept(Flow)
    assert [payment.amount for payment in flow.payments] == [64800]
    texts = [await _text(site, number) for number in range(1, 5)]
    assert any("648.00" in text for text in texts)
    assert not any("328.00" in text for text in texts)


async def test_a_bill_with_very_many_payments_can_be_confirmed(site: PagesWorld) -> None:
    await site.enter()
    row = next(line for line in ALIPAY.splitlines() if "648.00" in line)
    many = [row.replace("20261003001", f"2026{number:07d}") for number in range(1_200)]
    bill = "\n".join([*ALIPAY.splitlines()[:5], *many, ""])
    found = await site.client.post("/p/bill", files={"bill": ("账单.csv", bill.encode("gbk"))}, data={"password": ""})
    (sealed,) = re.findall(r'name="sealed" value="(.*?)"', found.text)
    chosen = [str(number) for number in range(1_200)]
    kept = await site.client.post("/p/payments", data={"sealed": sealed, "chosen": chosen}, follow_redirects=True)
    assert "记下了 1200 笔" in kept.text


@pytest.mark.parametrize("sealed", ["", "gAAAAA", "x" * 900])
async def test_payments_that_we_did_not_find_are_refused(site: PagesWorld, sealed: str) -> None:
    await site.enter()
    answer = await site.client.post("/p/payments", data={"sealed": sealed, "chosen": ["0"]})
    assert answer.status_code == 422
    assert site.world.kept(Flow)[0].payments == ()


async def test_what_is_no_bill_is_refused_in_words(site: PagesWorld) -> None:
    await site.enter()
    answer = await site.client.post("/p/bill", files={"bill": ("a.csv", b"hello")}, data={"password": ""})
    assert answer.status_code == 422
    assert "账单没读出来" in answer.text


@pytest.mark.parametrize("visit", ["", "v=made-up"])
async def test_a_bill_of_who_opened_no_link_is_not_read(site: PagesWorld, visit: str) -> None:
    read = 0

    async def large() -> AsyncIterator[bytes]:
        nonlocal read
        head = b'--XX\r\nContent-Disposition: form-data; name="bill"; filename="a.csv"\r\n\r\n'
        for piece in (head, *[b"x" * 10_000] * 100, b"\r\n--XX--\r\n"):
            read += len(piece)
            yield piece

    form = {"Content-Type": "multipart/form-data; boundary=XX", "Cookie": visit}
    answer = await site.client.post("/p/bill", content=large(), headers=form)
    assert answer.status_code == 404
    assert read < 2 * STRANGER_BYTES


async def test_a_bill_belongs_to_a_refund_only(site: PagesWorld) -> None:
    page = await site.enter("protection_order", {"relation": "husband", "happened": "他打我"})
    assert "上传" not in page
    answer = await site.client.post("/p/bill", files={"bill": ("a.csv", b"hello")}, data={"password": ""})
    assert answer.status_code == 404


async def test_her_record_is_shown_escaped_and_can_be_taken_along(site: PagesWorld) -> None:
    page = await site.enter(None)
    assert "&lt;b&gt;你好&lt;/b&gt;" in page
    kept = await site.client.get("/p/record.txt")
    assert "您：<b>你好</b>" in kept.content.decode("utf-8-sig")
    assert (await site.client.get("/p/1.docx")).status_code == 404


async def test_without_a_visit_nothing_is_shown(site: PagesWorld) -> None:
    for path in ("/p/", "/p/1.docx", "/p/record.txt"):
        assert (await site.client.get(path)).status_code == 404


async def _text(site: PagesWorld, number: int) -> str:
    document = docx.Document(io.BytesIO((await site.client.get(f"/p/{number}.docx")).content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
