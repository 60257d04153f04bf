"""`niangjia audit verify`: what is said of a trail, and how it ends."""

from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO

import pytest
from rich.console import Console

from bot.cli.audit import tell
from bot.store.audit import Break, Trail

AT = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
END = "a1" * 32


@pytest.mark.parametrize(
    ("trail", "good", "words"),
    [
        (Trail(), True, ["完整，共 0 条"]),
        (Trail(3, 0, AT, END, True), True, ["完整，共 3 条", "--seen", END]),
        (Trail(3, 2, AT, END, True), True, ["其中 2 条", "2026-11-22 10:30:00"]),
        (Trail(2, 2, None, END, True), True, ["还没有启用校验"]),
        (Trail(9, 0, AT, END, True, [Break(7, AT)]), False, ["第 7 条（2026-11-22 10:30:00）"]),
        (Trail(9, 0, AT, END, False), False, ["找不到上次记下的校验值"]),
    ],
)
def test_a_trail_is_told_in_plain_words(trail: Trail, good: bool, words: list[str]) -> None:
    trail.passed = trail.passed or trail.entries == 0
    paper = StringIO()
    assert tell(trail, Console(file=paper, width=60)) is good
    assert all(word in paper.getvalue() for word in words)
    assert ("完整" in paper.getvalue()) is good
