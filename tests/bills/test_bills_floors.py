"""The invented bills are read to the fen, and the games and live streams in them are found."""

from __future__ import annotations

import pytest

from tests.bills.__main__ import FLOOR
from tests.bills.exports import LAYOUTS
from tests.bills.families import read_families
from tests.bills.scoring import Score, score

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def scores() -> dict[str, Score]:
    return score(read_families())


def test_there_are_fifty_bills_and_more_of_every_layout() -> None:
    families = read_families()
    assert len(families) >= 50
    assert {family.layout for family in families} == set(LAYOUTS)
    assert all(60 <= len(family.paid) <= 450 for family in families)
    assert {family.locked for family in families} == {None, "zipcrypto", "aes"}


@pytest.mark.parametrize("channel", ["wechat", "alipay", "bank", "all"])
def test_what_is_found_holds_its_floors(scores: dict[str, Score], channel: str) -> None:
    one = scores[channel]
    assert one.right + one.missed > 90
    assert one.precision >= FLOOR, one.errors
    assert one.recall >= FLOOR, one.errors


def test_what_is_called_sure_is_so(scores: dict[str, Score]) -> None:
    assert scores["all"].sure > 400
    assert scores["all"].sure_wrong == 0, scores["all"].errors


def test_the_sum_after_refunds_is_right_in_nearly_every_bill(scores: dict[str, Score]) -> None:
    assert scores["all"].sums >= 0.95 * scores["all"].bills
