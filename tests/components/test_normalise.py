"""What people type and how it is read."""

from __future__ import annotations

import pytest

from components.normalise import normalise


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("ＡＢＣ１２３３８", "abc12338"),
        ("老\u200b公\ufeff打我\ufe0f", "老公打我"),
        ("救命啊啊啊啊啊！！！！", "救命啊啊!!"),
        ("离婚\n\n  怎么\u3000办 ", "离婚 怎么 办"),
        ("①", "1"),
        ("\u200b\u200d", ""),
    ],
)
def test_spelling_is_evened_out(typed: str, read: str) -> None:
    assert normalise(typed) == read


def test_normalising_twice_changes_nothing() -> None:
    text = "ﷺ" * 40 + "他他他他①②①②\u0301 END"
    assert normalise(normalise(text)) == normalise(text)
