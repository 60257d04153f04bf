"""The JSON lines of `classify` and `answer`."""

from __future__ import annotations

import pytest

from bot.cli.understand import Line, read_lines
from bot.conversation.errors import InvalidData


def test_lines_are_read_in_order_and_empty_ones_skipped() -> None:
    rows = ['{"id": "b", "text": "你好"}\n', "\n", '{"id": 2, "text": "再见"}\n']
    assert read_lines(rows) == [Line("b", "你好"), Line("2", "再见")]


@pytest.mark.parametrize("row", ["not json", "[]", '"x"', '{"id": "a"}', "{"])
def test_bad_line_is_named_without_its_words(row: str) -> None:
    with pytest.raises(InvalidData, match="line 2") as caught:
        read_lines(['{"id": "a", "text": "x"}', row])
    assert "not json" not in str(caught.value)
