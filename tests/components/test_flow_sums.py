"""Days and sums: the cooling-off period, child support, and what short words mean."""

from __future__ import annotations

from datetime import date

import pytest

from actions.child_support import estimate
from actions.cooling_off import cooling_off
from actions.questions import Kind, Question
from actions.reading import Heard, read_answer
from actions.words import Steer, steer_of, to_correct


@pytest.mark.parametrize(
    ("applied", "until", "first", "last"),
    [
        ("2026-03-02", "2026-04-01", "2026-04-02", "2026-05-06"),  # the last day is in the May break: the day after it
        ("2026-09-01", "2026-10-08", "2026-10-09", "2026-11-09"),  # both last days fall on days off
        ("2026-01-05", "2026-02-04", "2026-02-05", "2026-03-06"),
    ],
)
def test_both_periods_are_thirty_days_and_end_on_a_working_day(applied: str, until: str, first: str, last: str) -> None:
    days = cooling_off(date.fromisoformat(applied))
    assert (days.withdraw_until, days.collect_from, days.collect_until) == tuple(
        map(date.fromisoformat, (until, first, last))
    )
    assert days.sure


def test_days_in_a_year_without_known_holidays_are_plain() -> None:
    days = cooling_off(date(2030, 1, 1))
    assert (days.withdraw_until, days.collect_until, days.sure) == (date(2030, 1, 31), date(2030, 3, 2), False)


@pytest.mark.parametrize(
    ("income", "children", "figures"),
    [
        (6000, 1, (1200, 1800, 1800)),
        (6000, 2, (1200, 1800, 3000)),
        ({"low": 5000, "high": 8000, "about": False}, 1, (1000, 2400, 2400)),
    ],
)
def test_child_support_is_estimated_from_limits(income: object, children: int, figures: tuple[int, int, int]) -> None:
    money = estimate(income, children)
    assert (money.low, money.high, money.at_most) == figures


def test_without_a_child_there_is_nothing_to_estimate() -> None:
    with pytest.raises(ValueError, match="no child"):
        estimate(6000, 0)


@pytest.mark.parametrize(
    ("words", "steer"),
    [
        ("不填了", Steer.LEAVE), ("算了吧", Steer.LEAVE), ("我先不填了", Steer.LEAVE), ("改天再说", Steer.LEAVE),
        ("跳过", Steer.SKIP), ("忘记了", Steer.SKIP), ("不晓得咯", Steer.SKIP), ("改上一题", Steer.CORRECT_LAST),
        ("继续", Steer.RESUME), ("从头来吧", Steer.AGAIN), ("转人工", Steer.HUMAN),
        ("算了一下一共三千", None), ("他不知道我在这里", None), ("没有", None), ("继续打我", None), ("", None),
    ],
)  # fmt: skip
def test_short_words_steer_and_longer_ones_do_not(words: str, steer: Steer | None) -> None:
    assert steer_of(words) is steer


@pytest.mark.parametrize(
    ("words", "name"), [("改一下年龄", "年龄"), ("我想改金额", "金额"), ("年龄改了", None), ("他改不了", None)]
)
def test_what_she_wants_to_correct_is_named(words: str, name: str | None) -> None:
    assert to_correct(words) == name


YES_OR_NO = Question("it", Kind.CHOICE, ("它",), ("yes", "no", "unsure", "skipped"), harm=True)
TAPS = ["有", "没有", "说不准", "不想说"]


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("有", "yes"), ("有，昨天还这样", "yes"), ("有的", "yes"), ("没有", "no"), ("冇", "no"), ("3", "unsure"),
        ("④", "skipped"),
        ("有没有庇护所", None), ("没有打过", "no"),
        ("没有哪天不打我", None), ("有个问题想问", None), ("会不会抓他", None), ("5", None), ("120", None),
        ("好像没有", "unsure"),
    ],
)  # fmt: skip
def test_a_yes_is_told_from_a_question(words: str, value: str | None) -> None:
    reading = read_answer(YES_OR_NO, Heard(words), TAPS)
    assert (reading.value if reading else None) == value


@pytest.mark.parametrize(("words", "value"), [("9", 9), ("九岁", 9), ("十二", 12), ("6.5", 6.5), ("很小", None)])
def test_a_bare_number_is_an_age_where_one_was_asked(words: str, value: float | None) -> None:
    reading = read_answer(Question("it", Kind.AGE, ("它",)), Heard(words), [])
    assert (reading.value if reading else None) == value


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize(
    "words",
    [
        "",
        " ",
        "十百千万",
        "万万万",
        "9" * 4000,
        "1.2.3",
        "1 99",
        "0",
        "①②",
        "\u0000",
        "[笑]",
        "٣",
        "第十个",
        "岁" * 500,
        "-3",
    ],
)
def test_no_text_breaks_the_reading_of_an_answer(kind: Kind, words: str) -> None:
    question = Question("it", kind, ("它",), ("yes", "no", "unsure", "skipped"))
    reading = read_answer(question, Heard(words), TAPS)
    assert reading is None or reading.value is not None


def test_grown_up_children_need_no_support() -> None:
    ages = [{"entity": "age", "value": 20}, {"entity": "age", "value": 8}]
    reading = read_answer(Question("it", Kind.AGES, ("它",)), Heard("20岁和8岁", entities=ages), [])
    assert reading is not None
    assert reading.value == ["8"]


def test_harm_told_where_harm_was_asked_for_is_a_yes() -> None:
    for words, level, value in (
        ("拿菜刀吓过我", "high", "yes"),
        ("拿菜刀吓过我", "normal", None),
        ("他不打我", "high", None),
    ):
        reading = read_answer(YES_OR_NO, Heard(words, level=level), TAPS)
        assert (reading.value if reading else None) == value


@pytest.mark.parametrize(("words", "plain"), [("1 2", True), ("一个多月了", True), ("他来了", False), ("救命", False)])
def test_figures_alone_are_no_danger(words: str, plain: bool) -> None:
    heard = Heard(words, level="critical")
    assert heard.plain is plain
    assert heard.urgency == ("normal" if plain else "critical")


def test_what_names_only_a_day_is_no_danger() -> None:
    day = {"entity": "date", "value": "2026-10", "start": 0, "end": 3}
    assert Heard("上个月", entities=[day], level="high").urgency == "normal"
    assert Heard("上个月他打了我三次", entities=[day], level="high").urgency == "high"
