"""Which column of a bill means what, by the names that WeChat Pay, Alipay and the banks give their columns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from bot.bills.sheets import Row
from bot.conversation.errors import InvalidData
from bot.conversation.payments import PayChannel

NO_TABLE = (
    "在这个文件里没有找到账单的表格。请传微信、支付宝或银行导出的原文件；如果您改过它，请重新下载，不要删掉上面的表头。"
)
SEARCHED = 120
"""The table begins within these rows; Alipay's preamble takes about 25."""


class Role(StrEnum):
    """What a column is for."""

    AT = "at"
    DAY = "day"
    CLOCK = "clock"
    AMOUNT = "amount"
    PAID_OUT = "paid_out"
    PAID_IN = "paid_in"
    SIGN = "sign"
    PARTY = "party"
    ITEM = "item"
    KIND = "kind"
    STATE = "state"
    NUMBER = "number"
    ORDER = "order"
    RETURNED = "returned"
    CURRENCY = "currency"
    BALANCE = "balance"


# The names as they stand in exports of 2021 to 2026; within a role, the first that a bill has is read first.
NAMES: Mapping[Role, tuple[str, ...]] = {
    Role.AT: ("付款时间", "交易时间", "交易创建时间", "交易日期时间", "时间", "发生时间"),
    Role.DAY: ("交易日期", "交易日", "记账日期", "记账日", "入账日期", "银行记账日", "日期"),
    Role.CLOCK: ("交易时间", "记账时间", "时间"),
    Role.AMOUNT: (
        "金额(元)",
        "金额",
        "交易金额",
        "发生额",
        "交易金额(元)",
        "人民币金额",
        "入账金额",
        "发生金额",
        "入账币种/金额",
    ),
    Role.PAID_OUT: (
        "记账金额(支出)",
        "支出",
        "支出金额",
        "取出金额",
        "借方发生额",
        "借方金额",
        "支出金额(元)",
        "转出金额",
        "支出(元)",
        "借方",
        "支取金额",
        "借方(支出)",
    ),
    Role.PAID_IN: (
        "记账金额(收入)",
        "收入",
        "收入金额",
        "存入金额",
        "贷方发生额",
        "贷方金额",
        "收入金额(元)",
        "转入金额",
        "收入(元)",
        "贷方",
        "存入",
        "贷方(收入)",
    ),
    Role.SIGN: ("收/支", "收支", "借贷", "借贷标志", "收支类型", "收入/支出", "借/贷", "资金方向"),
    Role.PARTY: (
        "交易对方",
        "对方户名",
        "对方账户名",
        "对方名称",
        "对手信息",
        "交易对手名称",
        "交易对手",
        "对手户名",
        "对手名称",
        "交易对象",
        "商户名称",
        "交易场所",
        "交易地点",
        "交易地点/附言",
        "交易说明",
        "交易描述",
        "交易备注",
        "对方账号与户名",
    ),
    Role.ITEM: (
        "商品",
        "商品说明",
        "商品名称",
        "附言",
        "交易附言",
        "摘要",
        "交易摘要",
        "客户摘要",
        "交易详情",
        "交易名称",
        "用途",
        "备注",
        "交易类型",
    ),
    Role.KIND: ("交易类型", "交易分类", "类型"),
    Role.STATE: ("当前状态", "交易状态"),
    Role.NUMBER: ("交易单号", "交易订单号", "交易号", "交易流水号", "流水号", "日志号"),
    Role.ORDER: ("商户单号", "商家订单号", "商户订单号"),
    Role.RETURNED: ("成功退款(元)",),
    Role.CURRENCY: ("币种", "币别", "货币", "交易币种", "记账币种"),
    Role.BALANCE: ("余额", "账户余额", "本次余额", "联机余额", "可用余额"),
}


class Layout(NamedTuple):
    """A bill's table: whose it is, where it begins, and the columns of each role, the best first."""

    source: PayChannel
    top: int
    columns: Mapping[Role, tuple[int, ...]]

    def cell(self, row: Row, role: Role) -> str:
        """The first cell of this role that says something; empty if none does."""
        return next(self.cells(row, role), "")

    def cells(self, row: Row, role: Role) -> Iterator[str]:
        """All cells of this role that say something, the best column first."""
        held = (row.cells[column] for column in self.columns.get(role, ()) if column < len(row.cells))
        return (cell for cell in held if not _says_nothing(cell))


def find_layout(rows: Sequence[Row], name: str) -> Layout:
    """The first row that names a time and a sum is the head of the table; raises InvalidData if there is none.

    The file's name tells WeChat and Alipay apart only if somebody took columns away.
    """
    for top, row in enumerate(rows[:SEARCHED]):
        names = [_name(cell) for cell in row.cells]
        columns = {role: tuple(names.index(name) for name in known if name in names) for role, known in NAMES.items()}
        timed = columns[Role.AT] or columns[Role.DAY]
        if timed and (columns[Role.AMOUNT] or columns[Role.PAID_OUT]):
            return Layout(_source(set(names), name), top, columns)
    raise InvalidData(NO_TABLE)


def _source(names: set[str], name: str) -> PayChannel:
    if {"交易对方", "当前状态"} <= names:
        return PayChannel.WECHAT
    if "交易对方" in names and names & {"商品说明", "交易来源地", "收/付款方式", "交易分类", "商品名称"}:
        return PayChannel.ALIPAY
    if "交易对方" in names and "收/支" in names:
        return PayChannel.ALIPAY if "支付宝" in name or "alipay" in name.lower() else PayChannel.WECHAT
    return PayChannel.BANK


def _name(cell: str) -> str:
    return re.sub(r"[\s#*:]", "", unicodedata.normalize("NFKC", cell))


def _says_nothing(cell: str) -> bool:
    return not cell.strip("-/ ")
