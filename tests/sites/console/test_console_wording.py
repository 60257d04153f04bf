"""Every code has its words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import get_args

import pytest

from bot.console import wording
from bot.console.errcodes import errcode_words, remedy_words
from bot.conversation.cases import CaseStatus
from bot.conversation.content import Content
from bot.conversation.conversations import Mode
from bot.conversation.handoffs import Disposition
from bot.conversation.levels import Level, Topic
from bot.conversation.media import MediaStatus
from bot.conversation.messages import DeliveryStatus, Route
from bot.conversation.staff import Role
from bot.gateway.errcodes import REACTIONS


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
        (wording.FILE_STATES, MediaStatus),
        (wording.KINDS, {*(kind.kind for kind in get_args(Content)), "unreadable"}),
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


@pytest.mark.parametrize("errcode", sorted(set(REACTIONS) - {0, 45072, 45080, 45081}))
def test_every_number_that_the_courier_knows_has_its_words(errcode: int) -> None:
    assert not errcode_words(errcode).startswith("错误码")


@pytest.mark.parametrize("errcode", sorted(code for code, result in REACTIONS.items() if result.account_fault))
def test_every_fault_of_an_account_says_what_to_do(errcode: int) -> None:
    told = remedy_words(errcode)
    assert told != remedy_words(0) or errcode in (40002, 41001)  # errors of the program: only its maker can help
