"""What every inbox promises of its mailboxes: each message once, in order for each person, held by one worker."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict

import pytest

from bot.conversation.content import (
    AccountClosed,
    ConsentRevoked,
    Content,
    Followed,
    Image,
    Link,
    Location,
    MenuClicked,
    NoticeSettled,
    Scanned,
    SubscriptionAnswered,
    Text,
    Transcript,
    Unfollowed,
    Unsupported,
    Video,
    Voice,
)
from bot.conversation.errors import Replayed
from bot.conversation.ports import Claim, DeadLetter, Inbox
from tests.contract.inbox.conftest import LEASE_S, Candidate
from tests.contract.inbox.inbounds import NOW, an_inbound

NO_WAIT_S = 0.01


async def append(inbox: Inbox, *keys: str, mailbox: str = "hers", urgent: bool = False) -> None:
    for key in keys:
        await inbox.append(an_inbound(key, mailbox, urgent=urgent))


async def claimed(inbox: Inbox, holder: str = "worker-1") -> Claim:
    claim = await inbox.claim(holder, NO_WAIT_S)
    assert claim is not None
    return claim


async def keys_in_turn(inbox: Inbox) -> list[str]:
    """The keys in the order in which one worker handles them."""
    keys = []
    while (claim := await inbox.claim("worker-1", NO_WAIT_S)) is not None:
        keys.append(claim.inbound.key)
        await inbox.done(claim)
    return keys


# --- append: stored once ----------------------------------------------------------------------------------------


async def test_a_new_message_is_the_first_attempt_and_retries_count_up(inbox: Inbox) -> None:
    message = an_inbound("m1")
    assert [(await inbox.append(message)).attempt for _ in range(3)] == [1, 2, 3]


@pytest.mark.wechat("3.5")
async def test_a_message_delivered_thrice_is_handled_once(inbox: Inbox) -> None:
    await append(inbox, "m1", "m1", "m1")
    assert await keys_in_turn(inbox) == ["m1"]


@pytest.mark.wechat("3.4", "3.5")
async def test_a_retry_after_the_turn_is_not_handled_again(inbox: Inbox) -> None:
    await append(inbox, "m1")
    await inbox.done(await claimed(inbox))
    assert (await inbox.append(an_inbound("m1"))).attempt == 2
    assert await inbox.claim("worker-1", NO_WAIT_S) is None


@pytest.mark.parametrize(
    "content",
    [
        Text("你好", menu_id="101"),
        Image("media", "http://pic"),
        Voice("media", "amr", fine_media_id="fine", recognition="他打我"),
        Video("media", "thumb", short=True),
        Link("报警回执怎么写", "https://example.org/a"),
        Transcript("message-1", "他打我"),
        ConsentRevoked(("206", "207")),
        SubscriptionAnswered("template", allowed=True),
        NoticeSettled("template", 43101),
        AccountClosed(),
        Location(28.2, 112.9, "长沙"),
        Followed("qr"),
        Unfollowed(),
        MenuClicked("human"),
        Scanned("qr"),
        Unsupported("shortvideo"),
    ],
    ids=lambda content: content.kind,
)
async def test_the_worker_gets_the_message_that_was_appended(inbox: Inbox, content: Content) -> None:
    message = an_inbound("m1", content=content, urgent=True)
    await inbox.append(message)
    assert await inbox.claim("worker-1", NO_WAIT_S) == Claim("hers", "worker-1", message, tries=1)


@pytest.mark.wechat("1.12")
async def test_a_signed_request_carries_one_message_only(inbox: Inbox) -> None:
    await inbox.append(an_inbound("m1"), request="digest")
    assert (await inbox.append(an_inbound("m1"), request="digest")).attempt == 2
    assert (await inbox.append(an_inbound("m1"), request="another")).attempt == 3
    for request in ("digest", "another"):
        for forged in (an_inbound("forged"), an_inbound("m1", content=Text("forged"))):
            with pytest.raises(Replayed):
                await inbox.append(forged, request=request)
    assert await keys_in_turn(inbox) == ["m1"]


async def test_a_message_tells_whether_a_worker_is_there_for_it(inbox: Inbox) -> None:
    assert not (await inbox.append(an_inbound("m1"))).attended
    await inbox.attend("worker-1")
    await inbox.attend("worker-2")
    await inbox.depart("worker-1")
    assert (await inbox.append(an_inbound("m2"))).attended
    await inbox.depart("worker-2")
    assert not (await inbox.append(an_inbound("m3"))).attended


# --- claim: in order, one holder --------------------------------------------------------------------------------


async def test_an_empty_inbox_gives_nothing(inbox: Inbox) -> None:
    assert await inbox.claim("worker-1", NO_WAIT_S) is None


async def test_a_waiting_worker_is_woken_by_a_message(inbox: Inbox) -> None:
    waiting = asyncio.create_task(inbox.claim("worker-1", 30))
    await asyncio.sleep(0.05)
    started = time.monotonic()
    await append(inbox, "m1")
    claim = await waiting
    assert claim is not None
    assert time.monotonic() - started < 25


async def test_one_persons_messages_come_in_order(inbox: Inbox) -> None:
    await append(inbox, "m1", "m2", "m3")
    assert await keys_in_turn(inbox) == ["m1", "m2", "m3"]


async def test_nobody_else_gets_a_mailbox_that_is_held(inbox: Inbox) -> None:
    await append(inbox, "m1", "m2")
    claim = await claimed(inbox)
    assert await inbox.claim("worker-2", NO_WAIT_S) is None
    await inbox.done(claim)
    assert (await claimed(inbox, "worker-2")).inbound.key == "m2"


async def test_a_message_appended_to_a_held_mailbox_waits_its_turn(inbox: Inbox) -> None:
    await append(inbox, "m1")
    claim = await claimed(inbox)
    await append(inbox, "m2")
    assert await inbox.claim("worker-2", NO_WAIT_S) is None
    await inbox.done(claim)
    assert (await claimed(inbox, "worker-2")).inbound.key == "m2"


async def test_different_persons_are_handled_in_parallel(inbox: Inbox) -> None:
    await append(inbox, "a1", mailbox="a")
    await append(inbox, "b1", mailbox="b")
    assert [(await claimed(inbox, f"worker-{n}")).inbound.key for n in range(2)] == ["a1", "b1"]


async def test_many_workers_keep_each_persons_order_and_share_nobody(inbox: Inbox) -> None:
    messages = [(f"{person}-{number}", person) for number in range(4) for person in "abcdefgh"]
    for key, person in messages:
        await inbox.append(an_inbound(key, person))
    handled: dict[str, list[str]] = defaultdict(list)
    held: set[str] = set()

    async def work(holder: str) -> None:
        while sum(map(len, handled.values())) < len(messages):
            claim = await inbox.claim(holder, NO_WAIT_S)
            if claim is None:
                continue
            assert claim.mailbox not in held
            held.add(claim.mailbox)
            await asyncio.sleep(0)
            handled[claim.mailbox].append(claim.inbound.key)
            held.remove(claim.mailbox)
            await inbox.done(claim)

    await asyncio.gather(*(work(f"worker-{number}") for number in range(6)))
    assert handled == {person: [f"{person}-{number}" for number in range(4)] for person in "abcdefgh"}


# --- the lease --------------------------------------------------------------------------------------------------


async def test_another_worker_takes_over_when_the_lease_runs_out(candidate: Candidate) -> None:
    inbox = candidate.inbox
    await append(inbox, "m1")
    await claimed(inbox, "dead")
    await candidate.pass_s(LEASE_S)
    second = await claimed(inbox, "worker-2")
    assert (second.inbound.key, second.holder, second.tries) == ("m1", "worker-2", 2)


async def test_who_lost_the_hold_can_change_nothing(candidate: Candidate) -> None:
    inbox = candidate.inbox
    await append(inbox, "m1", "m2")
    lost = await claimed(inbox, "slow")
    await candidate.pass_s(LEASE_S)
    kept = await claimed(inbox, "worker-2")
    assert not await inbox.extend(lost)
    await inbox.done(lost)
    await inbox.put_back(lost, 0)
    await inbox.bury(lost, "ValueError")
    assert await inbox.depth() == 2
    assert await inbox.extend(kept)
    await inbox.done(kept)
    assert (await claimed(inbox, "worker-3")).inbound.key == "m2"


async def test_an_extended_hold_outlives_its_first_lease(candidate: Candidate) -> None:
    inbox = candidate.inbox
    await append(inbox, "m1")
    claim = await claimed(inbox)
    for _ in range(4):
        await candidate.pass_s(LEASE_S / 2)
        assert await inbox.extend(claim)
    assert await inbox.claim("worker-2", NO_WAIT_S) is None


# --- urgent first -----------------------------------------------------------------------------------------------


async def test_urgent_overtakes_routine(inbox: Inbox) -> None:
    await append(inbox, "a1", mailbox="a")
    await append(inbox, "b1", mailbox="b")
    await append(inbox, "c1", mailbox="c", urgent=True)
    assert await keys_in_turn(inbox) == ["c1", "a1", "b1"]


async def test_an_urgent_message_takes_her_earlier_ones_along(inbox: Inbox) -> None:
    await append(inbox, "a1", mailbox="a")
    await append(inbox, "b1", mailbox="b")
    await append(inbox, "b2", mailbox="b", urgent=True)
    assert await keys_in_turn(inbox) == ["b1", "b2", "a1"]


async def test_an_urgent_message_to_a_held_mailbox_overtakes_when_it_is_freed(inbox: Inbox) -> None:
    await append(inbox, "b1", mailbox="b")
    claim = await claimed(inbox)
    await append(inbox, "a1", mailbox="a")
    await append(inbox, "b2", mailbox="b", urgent=True)
    await inbox.done(claim)
    assert await keys_in_turn(inbox) == ["b2", "a1"]


async def test_after_her_urgent_message_she_waits_like_others(inbox: Inbox) -> None:
    await append(inbox, "b1", mailbox="b", urgent=True)
    await append(inbox, "b2", mailbox="b")
    await append(inbox, "a1", mailbox="a")
    assert await keys_in_turn(inbox) == ["b1", "a1", "b2"]


async def test_an_urgent_message_stays_urgent_when_it_is_put_back(inbox: Inbox) -> None:
    await append(inbox, "b1", mailbox="b", urgent=True)
    await inbox.put_back(await claimed(inbox), 0)
    await append(inbox, "a1", mailbox="a")
    await asyncio.sleep(0.01)
    assert await keys_in_turn(inbox) == ["b1", "a1"]


async def test_a_place_for_the_urgent_takes_nothing_else(inbox: Inbox) -> None:
    await append(inbox, "a1", mailbox="a")
    assert await inbox.claim("worker-1", NO_WAIT_S, urgent_only=True) is None
    await append(inbox, "b1", mailbox="b", urgent=True)
    claim = await inbox.claim("worker-1", NO_WAIT_S, urgent_only=True)
    assert claim is not None
    assert claim.inbound.key == "b1"
    assert await inbox.claim("worker-1", NO_WAIT_S, urgent_only=True) is None


async def test_a_place_for_the_urgent_is_woken_and_leaves_the_others_theirs(inbox: Inbox) -> None:
    urgent = asyncio.create_task(inbox.claim("worker-1", 30, urgent_only=True))
    await asyncio.sleep(0.05)
    routine = asyncio.create_task(inbox.claim("worker-2", 30))
    await asyncio.sleep(0.05)
    started = time.monotonic()
    await append(inbox, "a1", mailbox="a")
    claim = await routine
    assert claim is not None
    assert claim.inbound.key == "a1"
    await append(inbox, "b1", mailbox="b", urgent=True)
    claim = await urgent
    assert claim is not None
    assert claim.inbound.key == "b1"
    assert time.monotonic() - started < 25


# --- put back, bury, depth --------------------------------------------------------------------------------------


async def test_a_message_put_back_rests_and_then_comes_again_first(candidate: Candidate) -> None:
    inbox = candidate.inbox
    await append(inbox, "m1", "m2")
    await inbox.put_back(await claimed(inbox), 60)
    await append(inbox, "m3")
    assert await inbox.claim("worker-2", NO_WAIT_S) is None
    await candidate.pass_s(60)
    assert await keys_in_turn(inbox) == ["m1", "m2", "m3"]


async def test_others_are_handled_while_a_message_rests(inbox: Inbox) -> None:
    await append(inbox, "a1", mailbox="a")
    await inbox.put_back(await claimed(inbox), 60)
    await append(inbox, "b1", mailbox="b")
    assert await keys_in_turn(inbox) == ["b1"]


async def test_tries_count_claims_but_not_excused_ones(inbox: Inbox) -> None:
    await append(inbox, "m1")
    tries = []
    for excused in (False, True, True, False):
        claim = await claimed(inbox)
        tries.append(claim.tries)
        await inbox.put_back(claim, 0, excused=excused)
        await asyncio.sleep(0.005)
    assert tries == [1, 2, 2, 2]
    assert (await claimed(inbox)).tries == 3


async def test_the_next_message_starts_with_its_own_first_try(inbox: Inbox) -> None:
    await append(inbox, "m1", "m2")
    await inbox.put_back(await claimed(inbox), 0)
    await asyncio.sleep(0.005)
    await inbox.done(await claimed(inbox))
    assert (await claimed(inbox)).tries == 1


async def test_a_buried_message_makes_way_for_the_next(inbox: Inbox) -> None:
    await append(inbox, "m1", "m2")
    await inbox.bury(await claimed(inbox), "ValueError")
    assert await keys_in_turn(inbox) == ["m2"]


async def test_depth_counts_what_is_not_yet_handled(inbox: Inbox) -> None:
    assert await inbox.depth() == 0
    await append(inbox, "a1", "a2", "a2", mailbox="a")
    await append(inbox, "b1", mailbox="b", urgent=True)
    assert await inbox.depth() == 3
    claim = await claimed(inbox)
    assert await inbox.depth() == 3
    await inbox.done(claim)
    assert await inbox.depth() == 2
    await inbox.bury(await claimed(inbox), "ValueError")
    assert await inbox.depth() == 1


# --- dead letters -----------------------------------------------------------------------------------------------


async def test_a_dead_letter_tells_what_it_was_and_why_it_lies_there(inbox: Inbox) -> None:
    await inbox.append(an_inbound("hunan:1", urgent=True))
    await inbox.bury(await claimed(inbox), "ValueError")
    (letter,) = await inbox.dead()
    assert letter == DeadLetter(
        key="hunan:1",
        account_id="hunan",
        kind="text",
        urgent=True,
        received_at=NOW,
        buried_at=letter.buried_at,
        reason="ValueError",
    )


async def test_dead_letters_come_the_oldest_first(inbox: Inbox) -> None:
    for key in ("hunan:2", "hunan:1", "hunan:3"):
        await append(inbox, key)
        await inbox.bury(await claimed(inbox), "ValueError")
        await asyncio.sleep(0.002)
    assert [letter.key for letter in await inbox.dead()] == ["hunan:2", "hunan:1", "hunan:3"]


async def test_a_revived_letter_is_handled_like_new_behind_what_waits(inbox: Inbox) -> None:
    await append(inbox, "hunan:1", "hunan:2", urgent=True)
    await inbox.bury(await claimed(inbox), "ValueError")
    assert await inbox.revive("hunan:1")
    assert await inbox.dead() == []
    assert await inbox.depth() == 2
    await inbox.done(await claimed(inbox))
    again = await claimed(inbox)
    assert (again.inbound, again.tries) == (an_inbound("hunan:1", urgent=True), 1)


async def test_a_dropped_letter_is_gone(inbox: Inbox) -> None:
    await append(inbox, "hunan:1")
    await inbox.bury(await claimed(inbox), "ValueError")
    assert await inbox.drop("hunan:1")
    assert not await inbox.drop("hunan:1")
    assert not await inbox.revive("hunan:1")
    assert await inbox.dead() == []
    assert await keys_in_turn(inbox) == []
