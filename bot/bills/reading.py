"""Rows of a bill become payments; what is no payment is set aside with the reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from bot.bills.bill import Bill, Skipped
from bot.bills.layouts import Layout, Role, find_layout
from bot.bills.refunds import Entry, settle
from bot.bills.sheets import Row, read_rows
from bot.bills.values import fen, moment
from bot.conversation.errors import InvalidData
from bot.conversation.payments import PayChannel, Payment, SpendingKind

NO_PAYMENT = "账单里一笔花出去的钱也没有找到。请看看是不是选错了时间，或者传错了文件。"
NO_DATE = "没有日期，像是合计或说明"
NO_SUM = "金额看不懂"
INCOME = "是收进来的钱"
NEUTRAL = "不是花钱（提现、还款、存取或理财）"
FAILED = "没有付成"
CLOSED = "交易关闭，没有付款"
FOREIGN = "不是人民币，金额请另外核对"

_FAILED = re.compile(r"失败|等待付款|待付款|未支付|已取消|支付中")
_BACK = re.compile(r"退款|退货|退回|冲正|撤销|冲销")
_PAID_BACK = re.compile(r"还款|退款|退货")
_RETURNED = re.compile(r"已退款\D{0,4}([\d.,]+)")
_YUAN = re.compile(r"人民币|CNY|RMB|156|^01$", re.IGNORECASE)
_PROCESSOR = re.compile(r"(财付通|支付宝|微信支付|抖音支付|京东支付|美团支付|网银在线|银联|云闪付)\W.")
_HIDDEN = re.compile(r"\*{2,}|^(.{0,10}(财付通|支付宝).{0,12}|\d[\d/*]*(财付通|支付宝)?|消费|快捷支付|电子商务)$")

_NUMBERS = re.compile(r"^[A-Z0-9]{8,}(?=[\u4e00-\u9fff])|\s*\d{8,}$")
"""Numbers of accounts and orders that banks glue to a name."""

_OWNER = re.compile(r"(?:微信昵称|姓名|户名|客户名称|客户姓名|账户名称|用户)[：:]?\s*\[?([^\],：:\s]{1,30})")
_PERIOD = re.compile(
    r"(?:起始|开始)(?:时间|日期)[：:]?\s*\[?\s*(\d{4}-?\d{2}-?\d{2}).{0,20}?(?:终止|结束)(?:时间|日期)[：:]?\s*\[?\s*"
    r"(\d{4}-?\d{2}-?\d{2})"
)

type Outcome = Entry | str
"""A row that counts, or why it does not."""


def read_bill(name: str, data: bytes, password: str | None = None) -> Bill:
    """The bill in a file as it was exported: CSV, Excel, or the zip it came in; `name` tells whose if columns miss.

    Raises InvalidData in words meant for her: wrong or missing password, a PDF, a picture, too large, no table.
    """
    rows = read_rows(data, password)
    layout = find_layout(rows, name)
    body = rows[layout.top + 1 :]
    outcomes = [(row.line, outcome) for row, outcome in zip(body, _read(layout, body), strict=True)]
    kept, unpaid = settle([outcome for _, outcome in outcomes if isinstance(outcome, Entry)])
    if not kept:
        raise InvalidData(NO_PAYMENT)
    skipped = [Skipped(line, outcome) for line, outcome in outcomes if isinstance(outcome, str)]
    skipped += [Skipped(entry.line, CLOSED) for entry in unpaid]
    owner, first, last = _about([*rows[: layout.top], *rows[-30:]])
    days = [entry.at.date() for entry in kept]
    return Bill(
        source=layout.source,
        owner=owner,
        first=first or min(days),
        last=last or max(days),
        payments=tuple(_payment(entry, layout.source) for entry in kept),
        skipped=tuple(sorted(skipped, key=lambda row: row.line)),
    )


def _read(layout: Layout, body: Sequence[Row]) -> Iterable[Outcome]:
    judge: Mapping[PayChannel, Callable[[Layout, Row], Outcome]] = {
        PayChannel.WECHAT: _wechat,
        PayChannel.ALIPAY: _alipay,
        PayChannel.BANK: _bank_card if _spends_positive(layout, body) else _bank,
    }
    return (judge[layout.source](layout, row) for row in body)


def _payment(entry: Entry, channel: PayChannel) -> Payment:
    amount = -entry.fen if entry.refund else entry.fen
    return Payment(entry.at, amount, entry.merchant, entry.item, channel, entry.number, SpendingKind.OTHER)


def _entry(layout: Layout, row: Row, amount: int, merchant: str, item: str) -> Outcome:
    day, clock = layout.cell(row, Role.DAY), layout.cell(row, Role.CLOCK)
    at = moment(day, clock) if day else moment(layout.cell(row, Role.AT))
    if at is None:
        return NO_DATE
    number, order = layout.cell(row, Role.NUMBER), layout.cell(row, Role.ORDER)
    return Entry(row.line, at, abs(amount), merchant, item, number, order)


def _ledger(layout: Layout, row: Row) -> Outcome:
    """A row of WeChat or Alipay, its sign not looked at yet."""
    amount = fen(layout.cell(row, Role.AMOUNT))
    if amount is None:
        return NO_SUM if moment(layout.cell(row, Role.AT)) else NO_DATE
    return _entry(layout, row, amount, layout.cell(row, Role.PARTY), layout.cell(row, Role.ITEM))


def _wechat(layout: Layout, row: Row) -> Outcome:
    outcome, state, kind = _ledger(layout, row), layout.cell(row, Role.STATE), layout.cell(row, Role.KIND)
    if isinstance(outcome, str):
        return outcome
    if kind.endswith("退款"):
        return replace(outcome, refund=True)
    match layout.cell(row, Role.SIGN):
        case "支出":
            pass
        case "收入":
            return INCOME
        case _:
            return NEUTRAL
    if _FAILED.search(state):
        return FAILED
    part = _RETURNED.search(state)
    if part:
        return replace(outcome, returned=fen(part[1]) or 0)
    return replace(outcome, returned=outcome.fen if "全额退" in state or "已退还" in state else 0)


def _alipay(layout: Layout, row: Row) -> Outcome:
    outcome, state, sign = _ledger(layout, row), layout.cell(row, Role.STATE), layout.cell(row, Role.SIGN)
    if isinstance(outcome, str):
        return outcome
    if state == "退款成功" or layout.cell(row, Role.KIND) == "退款":
        return replace(outcome, refund=True)
    if _FAILED.search(state):
        return FAILED
    if sign == "收入":
        return INCOME
    if "关闭" in state:
        return replace(outcome, returned=_column_returned(layout, row), doubtful=True)
    return replace(outcome, returned=_column_returned(layout, row)) if sign == "支出" else NEUTRAL


def _column_returned(layout: Layout, row: Row) -> int:
    return fen(layout.cell(row, Role.RETURNED)) or 0


def _bank(layout: Layout, row: Row) -> Outcome:
    """A row of an account: what went out is negative, or stands in the column of what went out."""
    amount = _posted(layout, row)
    if amount is None:
        return NO_SUM if moment(layout.cell(row, Role.DAY) or layout.cell(row, Role.AT)) else NO_DATE
    return _posting(layout, row, -amount)


def _bank_card(layout: Layout, row: Row) -> Outcome:
    """A row of a credit card's bill, where what was spent is positive."""
    amount = fen(layout.cell(row, Role.AMOUNT))
    if amount is None:
        return NO_DATE
    return _posting(layout, row, -abs(amount) if _paid_back(row) else amount)


def _posting(layout: Layout, row: Row, spent: int) -> Outcome:
    parties = list(layout.cells(row, Role.PARTY))
    words = list(layout.cells(row, Role.ITEM))
    merchant = _party([*parties, *words])
    item = " ".join(dict.fromkeys(word for word in words if word != merchant))
    currency = layout.cell(row, Role.CURRENCY)
    if currency and not _YUAN.search(currency):
        return FOREIGN
    back = any(_BACK.search(text) for text in (*parties, *words))
    if spent == 0 or (spent < 0 and not back):
        return INCOME
    outcome = _entry(layout, row, spent, merchant, item)
    return outcome if isinstance(outcome, str) else replace(outcome, refund=spent < 0)


def _posted(layout: Layout, row: Row) -> int | None:
    out, into = fen(layout.cell(row, Role.PAID_OUT)), fen(layout.cell(row, Role.PAID_IN))
    if out or into:
        return (into or 0) - abs(out or 0)
    amount = fen(layout.cell(row, Role.AMOUNT))
    if amount is None:
        return None if out is None and into is None else 0
    sign = layout.cell(row, Role.SIGN)
    return -abs(amount) if re.match(r"借|支|出|D", sign) else amount


def _spends_positive(layout: Layout, body: Sequence[Row]) -> bool:
    """Whether the sums are a credit card's: no column of a direction, no balance, and what comes back is negative."""
    if any(layout.columns[role] for role in (Role.PAID_OUT, Role.PAID_IN, Role.SIGN, Role.BALANCE)):
        return False
    sums = [(fen(layout.cell(row, Role.AMOUNT)) or 0, _paid_back(row)) for row in body]
    if all(amount >= 0 for amount, _ in sums):
        return True
    # Each row votes: money paid back should have the other sign than money spent.
    return sum((amount > 0) != back for amount, back in sums) * 2 > len(sums)


def _paid_back(row: Row) -> bool:
    return _PAID_BACK.search(" ".join(row.cells)) is not None


def _party(texts: Sequence[str]) -> str:
    """Of all cells that may name the other side, the one that does: banks often name the payment service instead."""
    named = next((text for text in texts if _PROCESSOR.search(text)), None)
    best = named or next((text for text in texts if not _HIDDEN.search(text)), texts[0] if texts else "")
    return _NUMBERS.sub("", best) or best


def _about(rows: Iterable[Row]) -> tuple[str | None, date | None, date | None]:
    """The owner, masked, and the period, from the lines above and below the table."""
    text = "\n".join(" ".join(row.cells) for row in rows if len([cell for cell in row.cells if cell]) <= 6)
    owner, period = _OWNER.search(text), _PERIOD.search(text)
    days = [moment(day) for day in period.groups()] if period else [None, None]
    first, last = (day.date() if day else None for day in days)
    return (owner[1][0] + "*" * min(len(owner[1]) - 1, 2) if owner else None), first, last
