"""What every inbox promises of its slots: the reply reaches the requests that wait, and its fate is told once."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.conversation.content import Card, Choices, Picture, Sound, Text
from bot.conversation.ports import Inbox, Slot
from tests.contract.inbox.conftest import Candidate

NO_WAIT_S = 0.01
LONG_WAIT_S = 30.0


HELLO = Slot(Text("您好"))
OTHER = Slot(Text("别的"))


async def taken(inbox: Inbox) -> None:
    """A reply to "m1" that was offered and taken."""
    assert await inbox.offer_reply("m1", HELLO)
    assert await inbox.wait_reply("m1", NO_WAIT_S) == HELLO


async def confirmed(inbox: Inbox) -> None:
    """A reply to "m1" that went over the wire."""
    await taken(inbox)
    await inbox.confirm_reply("m1")


async def waiting_requests(candidate: Candidate, count: int) -> list[asyncio.Task[Slot | None]]:
    """So many requests that wait for the reply to "m1", and hear it when it comes."""
    waiting = [asyncio.create_task(candidate.inbox.wait_reply("m1", LONG_WAIT_S)) for _ in range(count)]
    await asyncio.sleep(0)
    while not await candidate.hears():  # noqa: ASYNC110 - the other side gives no event
        await asyncio.sleep(0.01)
    return waiting


# --- offer and wait ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "slot",
    [
        Slot(Text("您好，我在听。")),
        Slot(None),
        Slot(Picture("p1"), uploaded_id="platform-1"),
        Slot(Sound("s1"), uploaded_id="platform-2"),
        Slot(Card("保护令怎么申请", "https://example.org/a")),
        Slot(Choices("您想问哪一件？", (("1", "离婚"), ("2", "孩子")))),
    ],
)
async def test_a_reply_offered_first_is_there_for_the_request(inbox: Inbox, slot: Slot) -> None:
    assert await inbox.offer_reply("m1", slot)
    assert await inbox.wait_reply("m1", NO_WAIT_S) == slot


@pytest.mark.parametrize("slot", [HELLO, Slot(None)])
async def test_a_waiting_request_is_woken_by_the_reply(candidate: Candidate, slot: Slot) -> None:
    (waiting,) = await waiting_requests(candidate, 1)
    started = time.monotonic()
    assert await candidate.inbox.offer_reply("m1", slot)
    assert await waiting == slot
    assert time.monotonic() - started < LONG_WAIT_S - 5


async def test_several_waiting_requests_get_the_same_reply(candidate: Candidate) -> None:
    waiting = await waiting_requests(candidate, 3)
    await candidate.inbox.offer_reply("m1", HELLO)
    assert await asyncio.gather(*waiting) == [HELLO] * 3


@pytest.mark.wechat("3.2")
async def test_a_retry_gets_the_reply_that_was_already_taken(inbox: Inbox) -> None:
    await confirmed(inbox)
    assert await inbox.wait_reply("m1", NO_WAIT_S) == HELLO


async def test_no_reply_in_time_is_none(inbox: Inbox) -> None:
    assert await inbox.wait_reply("m1", NO_WAIT_S) is None


async def test_a_request_that_gave_up_leaves_the_reply_to_the_next(inbox: Inbox) -> None:
    assert await inbox.wait_reply("m1", NO_WAIT_S) is None
    assert await inbox.offer_reply("m1", HELLO)
    assert await inbox.wait_reply("m1", NO_WAIT_S) == HELLO


async def test_each_message_has_a_slot_of_its_own(inbox: Inbox) -> None:
    await inbox.offer_reply("m1", HELLO)
    assert await inbox.wait_reply("m2", NO_WAIT_S) is None


async def test_a_reply_offered_again_before_it_was_taken_replaces_the_first(inbox: Inbox) -> None:
    assert await inbox.offer_reply("m1", HELLO)
    assert await inbox.offer_reply("m1", OTHER)
    assert await inbox.wait_reply("m1", NO_WAIT_S) == OTHER


async def test_a_reply_offered_again_after_it_was_taken_changes_nothing(inbox: Inbox) -> None:
    await taken(inbox)
    assert await inbox.offer_reply("m1", OTHER)
    assert await inbox.wait_reply("m1", NO_WAIT_S) == HELLO


# --- nobody will come -------------------------------------------------------------------------------------------


async def test_what_is_offered_after_the_last_request_is_refused(inbox: Inbox) -> None:
    assert await inbox.stop_waiting("m1")
    assert await inbox.stop_waiting("m1")
    assert not await inbox.offer_reply("m1", HELLO)
    assert not await inbox.withdraw_reply("m1")


async def test_stop_waiting_leaves_a_reply_that_is_already_there_and_says_so(inbox: Inbox) -> None:
    assert await inbox.offer_reply("m1", HELLO)
    assert not await inbox.stop_waiting("m1")
    assert await inbox.wait_reply("m1", NO_WAIT_S) == HELLO
    assert not await inbox.stop_waiting("m1")
    await inbox.confirm_reply("m1")
    assert not await inbox.stop_waiting("m1")
    assert await inbox.withdraw_reply("m1")


# --- withdraw ---------------------------------------------------------------------------------------------------


async def test_withdrawing_tells_that_the_reply_went_over_the_wire(inbox: Inbox) -> None:
    await confirmed(inbox)
    assert await inbox.withdraw_reply("m1")
    assert await inbox.withdraw_reply("m1")


async def test_withdrawing_what_was_only_taken_tells_that_it_did_not_go(inbox: Inbox) -> None:
    await taken(inbox)
    assert not await inbox.withdraw_reply("m1")


async def test_withdrawing_what_nobody_took(inbox: Inbox) -> None:
    await inbox.offer_reply("m1", HELLO)
    assert not await inbox.withdraw_reply("m1")


async def test_withdrawing_where_nothing_was_offered(inbox: Inbox) -> None:
    assert not await inbox.withdraw_reply("m1")


async def test_a_withdrawn_reply_is_not_given_any_more(inbox: Inbox) -> None:
    await inbox.offer_reply("m1", HELLO)
    await inbox.withdraw_reply("m1")
    assert await inbox.wait_reply("m1", NO_WAIT_S) in (None, Slot(None))
    assert not await inbox.offer_reply("m1", HELLO)


async def test_a_confirmation_after_the_withdrawal_comes_too_late(inbox: Inbox) -> None:
    await taken(inbox)
    await inbox.withdraw_reply("m1")
    await inbox.confirm_reply("m1")
    assert await inbox.next_confirmed(NO_WAIT_S) is None
    assert not await inbox.withdraw_reply("m1")


# --- recall ---------------------------------------------------------------------------------------------------


async def test_what_nobody_took_can_be_recalled_and_is_not_given_any_more(inbox: Inbox) -> None:
    await inbox.offer_reply("m1", HELLO)
    assert await inbox.recall_reply("m1")
    assert await inbox.recall_reply("m1")
    assert await inbox.wait_reply("m1", NO_WAIT_S) in (None, Slot(None))
    assert not await inbox.offer_reply("m1", HELLO)
    assert not await inbox.withdraw_reply("m1")


async def test_what_a_request_has_taken_cannot_be_recalled(inbox: Inbox) -> None:
    await taken(inbox)
    assert not await inbox.recall_reply("m1")
    await inbox.confirm_reply("m1")
    assert not await inbox.recall_reply("m1")
    assert await inbox.withdraw_reply("m1")


# --- confirmations ----------------------------------------------------------------------------------------------


async def test_a_confirmation_is_told_once(inbox: Inbox) -> None:
    await confirmed(inbox)
    await inbox.confirm_reply("m1")
    assert await inbox.next_confirmed(NO_WAIT_S) == "m1"
    assert await inbox.next_confirmed(NO_WAIT_S) is None


async def test_a_confirmation_whose_hearer_died_is_told_again_until_it_is_settled(inbox: Inbox) -> None:
    await confirmed(inbox)
    assert await inbox.next_confirmed(NO_WAIT_S) == "m1"
    await inbox.retell()
    assert await inbox.next_confirmed(NO_WAIT_S) == "m1"
    await inbox.settled("m1")
    await inbox.retell()
    assert await inbox.next_confirmed(NO_WAIT_S) is None


async def test_a_confirmation_is_told_to_one_caller(inbox: Inbox) -> None:
    waiting = [asyncio.create_task(inbox.next_confirmed(LONG_WAIT_S)) for _ in range(3)]
    await asyncio.sleep(0.05)
    for key in ("m1", "m2", "m3"):
        await inbox.offer_reply(key, HELLO)
        await inbox.wait_reply(key, NO_WAIT_S)
        await inbox.confirm_reply(key)
    assert sorted(await asyncio.gather(*waiting), key=str) == ["m1", "m2", "m3"]


async def test_what_was_not_taken_cannot_be_confirmed(inbox: Inbox) -> None:
    await inbox.offer_reply("m1", HELLO)
    await inbox.confirm_reply("m1")
    await inbox.confirm_reply("m2")
    assert await inbox.next_confirmed(NO_WAIT_S) is None
