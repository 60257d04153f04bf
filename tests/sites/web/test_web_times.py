"""Moments and spans in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.web.times import moment_words, span_words

NOW = datetime(2026, 11, 22, 1, 5, tzinfo=UTC)  # 09:05 in Hunan


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (NOW, "今天 09:05"),
        (datetime(2026, 11, 21, 16, 0, tzinfo=UTC), "今天 00:00"),
        (datetime(2026, 11, 21, 15, 59, tzinfo=UTC), "昨天 23:59"),
        (datetime(2026, 11, 20, 1, 5, tzinfo=UTC), "11月20日 09:05"),
        (datetime(2025, 12, 31, 16, 0, tzinfo=UTC), "1月1日 00:00"),
        (datetime(2025, 12, 31, 15, 59, tzinfo=UTC), "2025年12月31日 23:59"),
    ],
)
def test_a_moment_is_told_in_the_time_of_hunan(at: datetime, words: str) -> None:
    assert moment_words(at, NOW) == words


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=-3), "不到1分钟"),
        (timedelta(seconds=59), "不到1分钟"),
        (timedelta(minutes=1), "1分钟"),
        (timedelta(minutes=59, seconds=59), "59分钟"),
        (timedelta(minutes=65), "1小时5分"),
        (timedelta(hours=2), "2小时"),
        (timedelta(hours=47, minutes=59), "1天23小时"),
        (timedelta(days=2, minutes=59), "2天"),
    ],
)
def test_a_span_is_told_as_people_say_it(span: timedelta, words: str) -> None:
    assert span_words(span) == words
