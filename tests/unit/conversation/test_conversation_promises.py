"""When her time for a call back has passed, read from her own words."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.conversation.clock import HUNAN
from bot.conversation.promises import time_passed_at

WEDNESDAY = datetime(2026, 11, 25, 15, 0, tzinfo=HUNAN)


@pytest.mark.parametrize(
    ("words", "passed"),
    [
        ("明天上午九点到十一点", (26, 11)),
        ("明天上午", (26, 12)),
        ("明天上午9:00-11:30", (26, 11, 30)),
        ("明天上午他上班的时候", (26, 12)),
        ("明天", (26, 22)),
        ("今天下午五点", (25, 18)),
        ("下午五点半", (25, 18, 30)),
        ("今晚八点以后", (25, 22)),
        ("晚上八点", (25, 21)),
        ("晚上十二点", (25, 23, 59)),
        ("中午", (26, 14)),
        ("中午十二点半", (26, 13, 30)),
        ("中午一点", (26, 14)),
        ("上午十点", (26, 11)),
        ("20点以后", (25, 22)),
        ("二十一点", (25, 22)),
        ("后天早上", (27, 12)),
        ("大后天下午", (28, 19)),
        ("明天或者后天中午", (27, 14)),
        ("周五上午", (27, 12)),
        ("礼拜五", (27, 22)),
        ("下周一上午", (30, 12)),
        ("周末", (29, 22)),
        ("11月28号下午", (28, 19)),
        ("八点以后天天都行", (25, 22)),
        ("平时上午，他上班以后", (26, 12)),
        ("明天随时", (26, 22)),
    ],
)
def test_the_last_hour_of_the_last_day_that_she_names(words: str, passed: tuple[int, ...]) -> None:
    assert time_passed_at(words, WEDNESDAY) == datetime(2026, 11, *passed, tzinfo=HUNAN)  # type: ignore[misc]


@pytest.mark.parametrize("words", ["随时", "现在就打", "什么时候都可以", "尽快"])
def test_any_time_has_come_when_she_asks(words: str) -> None:
    assert time_passed_at(words, WEDNESDAY) == WEDNESDAY


@pytest.mark.parametrize(
    "words", ["他睡着以后", "等我消息", "今天上午", "25点", "13月40号", "", "😀", "点", "两小时以后"]
)
def test_what_names_no_time_to_come_is_unclear(words: str) -> None:
    assert time_passed_at(words, WEDNESDAY) is None


def test_a_date_gone_by_is_next_years() -> None:
    assert time_passed_at("1月3日上午", WEDNESDAY) == datetime(2027, 1, 3, 12, tzinfo=HUNAN)
