"""Exports of WeChat Pay, Alipay and banks become payments; what is no payment says why."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from bot.bills import read_bill
from bot.bills.layouts import NO_TABLE
from bot.bills.reading import CLOSED, FAILED, FOREIGN, INCOME, NEUTRAL, NO_DATE, NO_PAYMENT, NO_SUM
from bot.conversation.clock import HUNAN
from bot.conversation.errors import InvalidData
from bot.conversation.payments import PayChannel, Payment, SpendingKind
from tests.bills.exports import LAYOUTS
from tests.bills.families import Family, Paid
from tests.bills.old_excel import xls

AT = datetime(2026, 3, 1, 22, 15, 9)  # noqa: DTZ001 - an export prints no time zone
WECHAT = "交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注"
ALIPAY = "交易时间,交易分类,交易对方,对方账号,商品说明,收/支,金额,收/付款方式,交易状态,交易订单号,商家订单号,备注,"


def a_payment(fen: int = 64_800, refunded: int = 0, merchant: str = "财付通-腾讯天游") -> Paid:
    return Paid(AT, merchant, "点券", fen, "game", "purchase", "文化休闲", refunded, "2026030100001")


def a_bill(layout: str, *paid: Paid) -> bytes:
    return LAYOUTS[layout][1](Family("w00", layout, date(2026, 3, 1), date(2026, 3, 31), None, paid))


def wechat(*rows: str) -> list[Payment]:
    return list(read_bill("微信.csv", "\n".join((WECHAT, *rows)).encode("utf-8-sig")).payments)


def reasons(head: str, *rows: str) -> list[str]:
    sound = "2026-03-01 10:00:00,x,店,货,支出,1.00,零钱,支付成功,1,1,/"
    if head == ALIPAY:
        sound = "2026-03-01 10:00:00,x,店,/,货,支出,1.00,零钱,交易成功,1,1,,"
    bill = read_bill("账单.csv", "\n".join((head, sound, *rows)).encode())
    assert len(bill.payments) == 1
    return [skipped.reason for skipped in bill.skipped]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_layout_gives_the_payment_as_it_was(layout: str) -> None:
    bill = read_bill("账单", a_bill(layout, a_payment()))
    [payment] = bill.payments
    assert payment.amount == 64_800
    assert payment.at.date() == date(2026, 3, 1)
    assert payment.merchant == "财付通-腾讯天游"
    assert payment.kind is SpendingKind.OTHER
    assert payment.channel is bill.source


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_layout_tells_a_refund_once_and_negative(layout: str) -> None:
    bill = read_bill("账单", a_bill(layout, a_payment(refunded=64_800), a_payment(fen=600)))
    assert sorted(payment.amount for payment in bill.payments) == [-64_800, 600, 64_800]


@pytest.mark.parametrize("layout", [layout for layout in LAYOUTS if layout != "bocom_csv"])
def test_part_of_a_payment_may_come_back(layout: str) -> None:
    bill = read_bill("账单", a_bill(layout, a_payment(refunded=3_000)))
    assert sorted(payment.amount for payment in bill.payments) == [-3_000, 64_800]


def test_a_bill_tells_whose_it_is_and_its_period_and_hides_the_name() -> None:
    bill = read_bill("账单", a_bill("wechat_csv", a_payment()))
    assert (bill.source, bill.owner) == (PayChannel.WECHAT, "湘**")
    assert (bill.first, bill.last) == (date(2026, 3, 1), date(2026, 3, 31))
    assert read_bill("账单", a_bill("alipay_csv", a_payment())).owner == "王**"
    assert read_bill("账单", a_bill("abc_csv", a_payment())).owner is None


def test_the_time_is_chinese_time() -> None:
    [payment] = read_bill("账单", a_bill("wechat_xlsx", a_payment())).payments
    assert payment.at == AT.replace(tzinfo=HUNAN)
    assert payment.reference == "42002026030100001"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2026-03-01 11:00:00,微信红包,二舅,/,收入,¥66.00,/,已存入零钱,2,/,/", INCOME),
        ("2026-03-01 11:00:00,零钱提现,工商银行,/,/,¥500.00,零钱,提现已到账,2,/,/", NEUTRAL),
        ("2026-03-01 11:00:00,商户消费,店,货,支出,¥5.00,零钱,支付失败,2,2,/", FAILED),
        ("2026-03-01 11:00:00,商户消费,店,货,支出,五元,零钱,支付成功,2,2,/", NO_SUM),
        ("共2笔,合计,6.00", NO_DATE),
        ("=cmd|' /C calc'!A0,商户消费,店,货,支出,1,零钱,支付成功,2,2,/", NO_DATE),
    ],
)
def test_a_wechat_row_that_is_no_payment_says_why(row: str, reason: str) -> None:
    assert reasons(WECHAT, row) == [reason]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2026-03-01 11:00:00,退,店,/,货,不计收支,8.00,,交易关闭,2,2,,", CLOSED),
        ("2026-03-01 11:00:00,投资理财,余额宝,/,收益,不计收支,0.30,,交易成功,2,2,,", NEUTRAL),
        ("2026-03-01 11:00:00,转账红包,二舅,/,红包,收入,8.00,,交易成功,2,2,,", INCOME),
        ("2026-03-01 11:00:00,日用,店,/,货,支出,8.00,,等待付款,2,2,,", FAILED),
    ],
)
def test_an_alipay_row_that_is_no_payment_says_why(row: str, reason: str) -> None:
    assert reasons(ALIPAY, row) == [reason]


def test_a_skipped_row_has_the_number_of_its_line() -> None:
    bill = read_bill("账单", a_bill("wechat_csv", a_payment()))
    assert [(row.line, row.reason) for row in bill.skipped] == [(18, NEUTRAL), (19, NEUTRAL), (20, INCOME)]


def test_a_transfer_that_was_sent_back_cost_nothing() -> None:
    payments = wechat("2026-03-01 10:00:00,转账,网友,转账备注:皮肤,支出,¥88.00,零钱,对方已退还,1,/,/")
    assert [payment.amount for payment in payments] == [8_800, -8_800]


def test_columns_may_stand_in_any_order_and_excel_may_have_spoilt_the_dates() -> None:
    head = "金额(元),交易对方,交易时间,商品,收/支,当前状态"
    rows = "￥1,048.00,腾讯天游,2026/3/1 8:05,点券,支出,支付成功".replace("￥1,048.00", '"￥1,048.00"')
    [payment] = read_bill("x.csv", f"{head}\n{rows}".encode("gb18030")).payments
    assert (payment.amount, payment.at.hour, payment.at.minute) == (104_800, 8, 5)


def test_a_bank_nobody_knows_is_read_by_the_names_of_its_columns() -> None:
    text = "某某农商银行\n户名：李四\n入账日期\t摘要\t借方发生额\t贷方发生额\t余额\t对方名称\n"
    text += "20260301\t消费\t68.00\t\t9.1\t微信支付-快手科技\n"
    bill = read_bill("账单.xls", text.encode("gb18030"))
    [payment] = bill.payments
    assert (bill.source, bill.owner) == (PayChannel.BANK, "李*")
    assert (payment.merchant, payment.amount) == ("微信支付-快手科技", 6_800)


def test_on_a_credit_card_what_was_spent_is_positive() -> None:
    text = "交易日期,记账日期,交易说明,入账币种/金额\n2026-01-11,2026-01-12,消费 米哈游,CNY 648.00\n"
    text += "2026-01-13,2026-01-13,消费 美团,CNY 12.00\n2026-01-15,2026-01-15,信用卡还款,CNY -900.00\n"
    text += "2026-01-16,2026-01-16,退货 米哈游,CNY -648.00\n2026-01-17,2026-01-17,消费 店,JPY 1000\n"
    bill = read_bill("交通银行.csv", text.encode())
    assert [payment.amount for payment in bill.payments] == [64_800, 1_200, -64_800]
    assert [row.reason for row in bill.skipped] == [INCOME, NO_DATE]


def test_foreign_money_is_left_to_her() -> None:
    text = "交易日,交易描述,存入,支出,币种\n2026-01-01,APPLE.COM/BILL,,68.00,CNY\n2026-01-02,STEAM,,3.72,USD\n"
    bill = read_bill("x.csv", text.encode())
    assert len(bill.payments) == 1
    assert [row.reason for row in bill.skipped] == [FOREIGN]


def test_the_old_excel_of_a_bank_is_read() -> None:
    head = [
        "记账日 ",
        "交易日期 ",
        "交易时间 ",
        "支出 ",
        "收入 ",
        "账户余额 ",
        "币种 ",
        "摘要 ",
        "对方户名 ",
        "交易地点 ",
    ]
    row = ["20260301", "20260301", "22:15:09", 648.0, 0.0, 9.5, "人民币", "消费", "腾***", "财付通-腾讯天游"]
    bill = read_bill("交易明细.xls", xls([["China Construction Bank"], head, row]))
    [payment] = bill.payments
    assert (payment.amount, payment.merchant, payment.at) == (64_800, "财付通-腾讯天游", AT.replace(tzinfo=HUNAN))


@pytest.mark.parametrize("text", ["今天天气很好\n明天也好", "姓名,电话\n王,1", "a" * 5_000])
def test_what_holds_no_table_is_refused(text: str) -> None:
    with pytest.raises(InvalidData, match=NO_TABLE):
        read_bill("x.csv", text.encode())


def test_a_bill_without_a_payment_is_refused() -> None:
    with pytest.raises(InvalidData, match=NO_PAYMENT):
        read_bill("x.csv", f"{WECHAT}\n".encode())


@pytest.mark.parametrize(
    ("name", "source"), [("支付宝交易明细.csv", PayChannel.ALIPAY), ("微信支付账单.csv", PayChannel.WECHAT)]
)
def test_a_file_that_lost_columns_is_whose_its_name_says(name: str, source: PayChannel) -> None:
    bill = read_bill(name, "交易时间,交易对方,收/支,金额\n2026-03-01 10:00:00,腾讯天游,支出,6.00\n".encode())
    assert bill.source is source


def test_many_refunds_are_paired_without_trying_each_with_each() -> None:
    rows = [
        row
        for n in range(1_500)
        for row in (
            f"2026-03-01 10:00:00,商户消费,店,货,支出,¥6.00,零钱,已全额退款,{n},,/",
            "2026-02-01 10:00:00,店-退款,店,货,收入,¥6.00,零钱,已全额退款,,,/",
        )
    ]
    payments = wechat(*rows)
    assert len(payments) == 4_500, "a refund that came before is of another payment"


def test_a_credit_card_without_signs_tells_by_its_words() -> None:
    text = "交易日期,交易说明,入账币种/金额\n2026-01-10,退货 虎牙,CNY 68.00\n2026-01-11,消费 虎牙,CNY 98.00\n"
    text += "2026-01-12,信用卡还款 王,CNY 500.00\n2026-01-13,退货 店,CNY 9.00\n"
    assert [payment.amount for payment in read_bill("x.csv", text.encode()).payments] == [-6_800, 9_800, -900]


def test_the_numbers_of_accounts_are_not_shown_as_names() -> None:
    text = "记账日期,交易金额,联机余额,交易摘要,对手信息\n2026-01-01,-3.00,8.00,快捷支付,虎牙直播6222020200112233\n"
    [payment] = read_bill("x.csv", text.encode()).payments
    assert payment.merchant == "虎牙直播"
