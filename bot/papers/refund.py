"""The values of the papers by which a child's spending is asked back; none are made of what an adult spent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby

from bot.conversation.clock import HUNAN
from bot.conversation.errors import InvalidData
from bot.conversation.flows import Answer
from bot.conversation.payments import Payment, total
from bot.papers.wording import ACCOUNT_OF, ASKED_PLATFORM, CHANNELS, KNEW, SPENDING
from bot.papers.words import age, block, capitals, day, inline, limits, money, money_told, plain, words

OF_AGE = 18
CAPACITY_FROM = 8
"""民法典 19, 20: below, what the child bought is void; from here to 18 it needs consent where it is beyond its age."""

NOT_A_CHILDS = frozenset({"adult", "agreed"})
"""Answers to `knew` that end the matter: a grown-up paid, or agreed to it."""

ANSWER_WISHED_IN = timedelta(days=15)
"""A wish in the letter, no period of any law."""

MOST_PAYMENTS = 2000
_LONGEST_CELL = 200


def refund_values(answers: Mapping[str, Answer], on: date, payments: tuple[Payment, ...]) -> dict[str, object]:
    """The values under the templates' names.

    Raises InvalidData if a grown-up spent or agreed (law.md section 3.4: never help to pass that off as a child's), if
    there are more payments than a paper holds, or all of them came back.
    """
    _refuse(answers, payments)
    knew = words(answers, "knew")
    asked = words(answers, "asked_platform")
    account = words(answers, "account_of")
    return {
        "日期": day(on),
        "答复日期": day(on + ANSWER_WISHED_IN),
        "平台": inline(words(answers, "platform")),
        "事由": SPENDING.get(words(answers, "kind"), SPENDING["other"]),
        "网络服务": words(answers, "kind") in ("game", "live"),
        "年龄": inline(_age(answers)),
        "年龄段": _band(answers),
        "账号实名": inline(ACCOUNT_OF.get(account, account)),
        "发现日期": inline(words(answers, "found_on")),
        "知情": {"no": "不知道", "knew": "没有同意"}.get(knew, "其他"),
        "已退一部分": asked == "part" and all(one.amount > 0 for one in payments),
        "是否知道": inline(KNEW.get(knew, knew)),
        "联系平台": block(ASKED_PLATFORM.get(asked, asked)),
        "空行": block("", lines=3),
        "账单勾选": "√有　□没有" if payments else "□有　□没有",
        **_sums(answers, payments),
        **_tables(sorted(payments, key=lambda one: one.at)),
    }


def _refuse(answers: Mapping[str, Answer], payments: tuple[Payment, ...]) -> None:
    years = limits(answers.get("child_age"))
    if years and years[0] >= OF_AGE:
        raise InvalidData("child_age: of age; these papers are for what a child spent")
    if words(answers, "knew") in NOT_A_CHILDS:
        raise InvalidData("knew: a grown-up spent or agreed; these papers are for what a child spent")
    if len(payments) > MOST_PAYMENTS:
        raise InvalidData(f"payments: more than {MOST_PAYMENTS}")
    if payments and total(payments) <= 0:
        raise InvalidData("payments: all of it came back")


def _age(answers: Mapping[str, Answer]) -> str:
    years = limits(answers.get("child_age"))
    if years is None:
        return words(answers, "child_age")
    low, high = years
    return age(low) if low == high else f"{low:g}至{age(high)}"


def _band(answers: Mapping[str, Answer]) -> str:
    """Which articles hold; both where the age is not known or may lie on either side."""
    years = limits(answers.get("child_age"))
    if years and years[1] < CAPACITY_FROM:
        return "不满八周岁"
    return "八周岁以上" if years and years[0] >= CAPACITY_FROM else "不确定"


def _sums(answers: Mapping[str, Answer], payments: tuple[Payment, ...]) -> dict[str, object]:
    """What the bill says, otherwise what she said, otherwise blanks."""
    if payments:
        fen = total(payments)
        paid = [_day(one) for one in payments if one.amount > 0]
        first, last = min(paid), max(paid)
        span = day(first) if first == last else f"{day(first)}至{day(last)}"
        return {"笔数": _count(payments), "合计": money(fen), "合计大写": capitals(fen), "起止": span}
    told = limits(answers.get("sum"))
    exact = told is not None and told[0] == told[1]
    first_on, last_on = words(answers, "first_on"), words(answers, "last_on")
    return {
        "笔数": 0,
        "合计": inline(money_told(answers, "sum")),
        "合计大写": capitals(round(told[0] * 100)) if told and exact else "",
        "起止": inline(first_on) if first_on and first_on == last_on else f"{inline(first_on)}至{inline(last_on)}",
    }


def _day(payment: Payment) -> date:
    return payment.at.astimezone(HUNAN).date()


def _tables(payments: list[Payment]) -> dict[str, object]:
    rows = [
        {
            "时间": f"{day(_day(one))}\n{one.at.astimezone(HUNAN):%H:%M}",
            "收款方": _cell(one.merchant),
            "商品": _cell(one.item),
            "渠道": f"{CHANNELS[one.channel]}\n{_cell(one.reference)}",
            "金额": money(one.amount),
        }
        for one in payments
    ]
    return {
        "明细": rows,
        "按日": _totals(payments, lambda one: day(_day(one))),
        "按收款方": _totals(sorted(payments, key=lambda one: one.merchant), lambda one: _cell(one.merchant)),
    }


def _totals(payments: Iterable[Payment], name: Callable[[Payment], str]) -> list[dict[str, object]]:
    groups = ((one, list(members)) for one, members in groupby(payments, name))
    return [{"名": one, "笔数": _count(members), "金额": money(total(members))} for one, members in groups]


def _count(payments: Sequence[Payment]) -> int:
    """How often was paid; what came back (below nothing) is taken off the sums alone."""
    return sum(one.amount > 0 for one in payments)


def _cell(text: str) -> str:
    """One line of a table: a bill's own words, which need not be as long as they wish."""
    return plain(text[:_LONGEST_CELL]).replace("\n", " ") or "—"
