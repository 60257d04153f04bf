"""Telephone numbers as people write and say them."""

from __future__ import annotations

import pytest

from actions.phone import read_phone

MOBILE, LANDLINE = "13800000000", "073180000000"


@pytest.mark.parametrize(
    "text",
    [
        "13800000000",
        "138 0000 0000",
        "138-0000-0000",
        "１３８００００００００",
        "+86 138 0000 0000",
        "008613800000000",
        "86-13800000000",
        "一三八零零零零零零零零",
        "幺三八〇〇〇〇〇〇〇〇",
        "138零零零零0000",
        "一三八，零零零零，零零零零",
        "我的手机号是13800000000",
        "打这个：13800000000。",
        "(138)00000000",
    ],
)
def test_a_mobile_number_is_read_and_nothing_is_beside_it(text: str) -> None:
    assert read_phone(text) == (MOBILE, True)


@pytest.mark.parametrize(
    "text",
    [
        "0731-80000000",
        "073180000000",
        "（0731）80000000",
        "0731 8000 0000",
        "零七三一八零零零零零零零",
        "座机0731—80000000",
    ],
)
def test_a_landline_is_read_with_its_area_code(text: str) -> None:
    assert read_phone(text) == (LANDLINE, True)


@pytest.mark.parametrize(("text", "digits"), [("010-60000000", "01060000000"), ("0743 2000000", "07432000000")])
def test_area_codes_and_subscribers_numbers_have_their_lengths(text: str, digits: str) -> None:
    assert read_phone(text) == (digits, True)


@pytest.mark.parametrize(
    "text",
    [
        "1380000000", "138000000000", "12800000000", "80000000", "0731-800000", "110", "12338", "不方便说", "",
        "010-6000000", "026-60000000", "0731-10000000", "430100199001011234", "就打微信绑定的那个",
    ],
)  # fmt: skip
def test_what_cannot_be_dialled_is_no_number(text: str) -> None:
    assert read_phone(text) is None


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("他回来了快打13800000000", MOBILE),
        ("我一个人在家，13800000000", MOBILE),
        ("13800000000，打不通打我妹13900000000", MOBILE),
        ("座机0731-80000000，或者手机13800000000", LANDLINE),
        ("我妈的138 0000 0000，她会转告我", MOBILE),
    ],
)
def test_words_beside_the_number_are_words(text: str, digits: str) -> None:
    assert read_phone(text) == (digits, False)
