"""Ages: a message in, years out."""

from __future__ import annotations

from typing import Any

import pytest
from entity_reading import about, told


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("我崽九岁", "九岁", 9),
        ("我崽今年九岁", "今年九岁", 9),
        ("我崽12 岁", "12 岁", 12),
        ("我崽１２歲", "１２歲", 12),
        ("六岁半", "六岁半", 6.5),
        ("半岁的毛毛", "半岁", 0.5),
        ("一岁三个月", "一岁三个月", 1.25),
        ("十四五岁的样子", "十四五岁", about(14, 15)),
        ("四十多岁的人", "四十多岁", about(40, 50)),
        ("十几岁的伢子", "十几岁", about(10, 20)),
        ("八周岁", "八周岁", 8),
        ("快八岁了", "快八岁", about(7, 8)),
        ("还没满八周岁", "没满八周岁", about(0, 7)),
        ("虚岁九岁", "虚岁九岁", about(7, 8)),
        ("今年十二", "今年十二", 12),
        ("我六十二了还要受这个气", "六十二", 62),
        ("我自己也七十三了", "七十三", 73),
        ("我妈八十了走不动", "八十", 80),
        ("嫁过来时他还小，现在十五了", "十五", 15),
        ("外孙女十三，月月有零花钱", "十三", 13),
        ("我妈六十八，要离", "六十八", 68),
    ],
)
def test_an_age_is_read(text: str, words: str, value: Any) -> None:
    assert told("age", text) == [(words, value)]


def test_whose_age_it_is_stays_a_relation_of_its_own() -> None:
    assert told("relation", "崽今年十六，读技校") == [("崽", "son")]
    assert told("age", "崽今年十六，读技校") == [("今年十六", 16)]
    assert told("date", "崽今年十六，读技校") == []


@pytest.mark.parametrize(
    "text",
    [
        "读三年级",
        "读初一",
        "他的压岁钱",
        "八岁以上的规矩",
        "两岁以下判给谁",
        "岁月不饶人",
        "万岁",
        "身份证大了一岁",
        "老大老二差两岁",
        "户口本上早了一岁",
        "三百岁",
        "今年十二月",
        "崽三个",
        "几岁算小",
    ],
)
def test_what_is_no_age_of_anyone(text: str) -> None:
    assert told("age", text) == []
