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
        (Trail(passed=True), True, ["还没有审计记录"]),
        (Trail(3, AT, END, True), True, ["审计记录完整，共 3 条", "2026-11-22 10:30:00 起", "--seen", END]),
        (Trail(passed=True, emptied=True), False, ["审计记录是空的", "清空过"]),
        (Trail(9, AT, END, True, [Break(7, AT)]), False, ["第 7 条（2026-11-22 10:30:00）或它前面被改过"]),
        (Trail(9, AT, END, True, [Break(7, AT, bare=True)]), False, ["第 7 条（2026-11-22 10:30:00）没有校验值"]),
        (Trail(9, AT, END, False), False, ["找不到上次记下的校验值"]),
        (Trail(passed=False), False, ["找不到上次记下的校验值"]),
    ],
)
def test_a_trail_is_told_in_plain_words(trail: Trail, good: bool, words: list[str]) -> None:
    paper = StringIO()
    assert tell(trail, Console(file=paper, width=80)) is good
    assert all(word in paper.getvalue() for word in words)
    assert ("✓" in paper.getvalue()) is good
    assert ("✗" in paper.getvalue()) is not good
