"""Every code has its words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from bot.console import wording
from bot.conversation.cases import CaseStatus
from bot.conversation.conversations import Mode
from bot.conversation.handoffs import Disposition
from bot.conversation.levels import Level, Topic
from bot.conversation.messages import DeliveryStatus, Route
from bot.conversation.staff import Role


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        (wording.LEVELS, Level),
        (wording.TOPICS, Topic),
        (wording.MODES, Mode),
        (wording.ROLES, Role),
        (wording.DISPOSITIONS, Disposition),
        (wording.CASE_STATUSES, CaseStatus),
        (wording.CASE_STEPS, set(CaseStatus) - {CaseStatus.REGISTERED}),
    ],
)
def test_every_code_is_worded_and_no_two_alike(words: Mapping[str, str], codes: Iterable[str]) -> None:
    assert set(words) == set(codes)
    assert len(set(words.values())) == len(words)


@pytest.mark.parametrize("status", DeliveryStatus)
@pytest.mark.parametrize("errcode", [None, 0, -1, 45015, 99999])
def test_only_what_was_sent_is_called_delivered(status: DeliveryStatus, errcode: int | None) -> None:
    words = wording.fate_words(status, Route.CUSTOMER_SERVICE, errcode)
    assert ("已送达" in words) is (status is DeliveryStatus.SENT)
    if errcode and status is not DeliveryStatus.SENT:
        assert str(errcode) in words
