"""Numbers by which somebody can be found are hidden; what only looks like one stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.masking import hides, masked, masked_name, masked_phone

HIDDEN = {
    "13812345678": "138****5678",
    "我电话13812345678，晚上打": "我电话138****5678，晚上打",
    "138 1234 5678": "138****5678",
    "138-1234-5678": "138****5678",
    "138.1234.5678": "138****5678",
    "+8613812345678": "+86138****5678",
    "86-13812345678": "86-138****5678",
    "008613812345678": "0086138****5678",
    "１３８１２３４５６７８": "１３８****５６７８",
    "一三八一二三四五六七八": "一三八****五六七八",
    "幺三八 一二三四 五六七八": "幺三八****五六七八",
    "1三812345678": "1三8****5678",
    "wx13812345678": "wx138****5678",
    "一13812345678": "一138****5678",
    "430102199003078123": "430****8123",
    "身份证430102199003078123，在芙蓉区": "身份证430****8123，在芙蓉区",
    "43010219900307812X": "430****812X",
    "43010219900307812ｘ": "430****812ｘ",
    "430102 19900307 8123": "430****8123",
    "430102900307812": "430****7812",
    "6222021001116789123": "6222****9123",
    "6222 0210 0111 6789": "6222****6789",
    "6222 0210 0111 6789 123": "6222****9123",
    "0731-84123456": "0731****56",
    "073184123456": "0731****56",
    "（0731）8412 3456": "0731****56",
    "010-12345678": "010-12345678",
    "010-62345678": "010****78",
    "他13812345678 我13987654321": "他138****5678 我139****4321",
}

SHOWN = [
    "12338",
    "打110或者0731-12338",
    "2026-000001",
    "（2026）湘0102民初12345号",
    "给了13800元，后来又给2300.50",
    "1500.00 500.50",
    "2026-11-22 14:30",
    "20261122",
    "1990年3月7日",
    "订单4200001234202511011234567890",
    "12315、12348、12355",
    "400-816-1234",
    "三千五百块",
    "23812345678",
    "138123456789",
    "",
]


@pytest.mark.parametrize(("said", "shown"), HIDDEN.items())
def test_a_number_is_hidden_but_for_its_ends(said: str, shown: str) -> None:
    assert masked(said) == shown
    assert hides(said) is (said != shown)


@pytest.mark.parametrize("said", SHOWN)
def test_what_names_nobody_stays(said: str) -> None:
    assert masked(said) == said
    assert not hides(said)


@given(st.text(), st.from_regex(r"1[3-9]\d{9}", fullmatch=True).filter(str.isascii), st.text())
def test_no_mobile_number_stays_whole_wherever_it_stands(before: str, number: str, after: str) -> None:
    said = f"{before}，{number}。{after}"
    assert f"，{number}。" not in masked(said)
    assert hides(said)


@given(st.text())
def test_masking_twice_hides_no_more(said: str) -> None:
    assert masked(masked(said)) == masked(said)


def test_a_name_shows_its_first_character_and_not_how_long_it_is() -> None:
    assert masked_name("王晓梅") == masked_name("王芳") == "王**"


@pytest.mark.parametrize(("phone", "shown"), [("13812345678", "138****5678"), ("84123456", "****56")])
def test_a_number_that_is_known_to_be_one_is_hidden_in_any_form(phone: str, shown: str) -> None:
    assert masked_phone(phone) == shown
