"""What every queue promises: one order, each to one operator, and to her only what is not kept back from her."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.conversation.handoffs import Lane, QueueEntry, Skill
from bot.conversation.levels import Level
from bot.conversation.ports import Hold, Queue
from bot.conversation.staff import Scope
from tests.contract.queue.conftest import Candidate
from tests.contract.queue.entries import ALL, LATER, NOW, an_entry, seeing

CRITICAL, HIGH, NORMAL = Level.CRITICAL, Level.HIGH, Level.NORMAL


async def taken(queue: Queue, hold: Hold = ALL, now: datetime = LATER) -> list[str]:
    """The ids in the order in which one operator takes them."""
    ids = []
    while (entry := await queue.take(hold, now)) is not None:
        ids.append(entry.handoff_id)
    return ids


async def listed(queue: Queue) -> list[str]:
    return [entry.handoff_id for entry in await queue.entries()]


# --- order ------------------------------------------------------------------------------------------------------


async def test_an_empty_queue_gives_nothing(queue: Queue) -> None:
    assert await queue.take(ALL, LATER) is None
    assert await queue.entries() == []


async def test_an_entry_comes_out_as_it_was_put_in(queue: Queue) -> None:
    entry = an_entry("h1", CRITICAL)
    await queue.put(entry)
    assert await queue.entries() == [entry]
    assert await queue.take(ALL, LATER) == entry


async def test_a_level_has_a_head_start_and_then_the_longest_waiting_is_first(queue: Queue) -> None:
    entries = [
        an_entry("high-late", HIGH, minutes=3),
        an_entry("critical-late", CRITICAL, minutes=9),
        an_entry("normal", NORMAL, minutes=-29),
        an_entry("normal-for-long", NORMAL, minutes=-91),
        an_entry("critical", CRITICAL, minutes=8),
        an_entry("high", HIGH, minutes=-60),
    ]
    random.Random(7).shuffle(entries)
    for entry in entries:
        await queue.put(entry)
    order = ["critical", "critical-late", "normal-for-long", "high", "normal", "high-late"]
    assert await listed(queue) == order
    assert await taken(queue) == order


async def test_time_orders_over_accounts_and_regions(queue: Queue) -> None:
    await queue.put(an_entry("second", minutes=2, account_id="changsha"))
    await queue.put(an_entry("first", minutes=1, region="431000"))
    await queue.put(an_entry("third", minutes=3))
    assert await taken(queue) == ["first", "second", "third"]


async def test_waiting_times_are_told_apart_to_the_millisecond(queue: Queue) -> None:
    for number in reversed(range(5)):
        await queue.put(an_entry(f"h{number}", minutes=number / 60_000))
    assert await taken(queue) == [f"h{number}" for number in range(5)]


async def test_the_same_entry_twice_changes_nothing(queue: Queue) -> None:
    await queue.put(an_entry("h1"))
    await queue.put(an_entry("h2", minutes=1))
    await queue.put(an_entry("h1"))
    assert await taken(queue) == ["h1", "h2"]


async def test_a_raised_level_moves_the_entry(queue: Queue) -> None:
    for number in range(3):
        await queue.put(an_entry(f"h{number}", HIGH, minutes=number))
    await queue.put(an_entry("h1", CRITICAL, minutes=1))
    assert await listed(queue) == ["h1", "h0", "h2"]
    assert [entry.level for entry in await queue.entries()] == [CRITICAL, HIGH, HIGH]
    assert await taken(queue) == ["h1", "h0", "h2"]


async def test_an_entry_put_again_after_it_was_taken_is_back_at_its_place(queue: Queue) -> None:
    await queue.put(an_entry("h1"))
    await queue.put(an_entry("h2", minutes=1))
    first = await queue.take(ALL, LATER)
    assert first is not None
    await queue.put(first)
    assert await taken(queue) == ["h1", "h2"]


# --- scope ------------------------------------------------------------------------------------------------------


async def test_an_operator_gets_only_her_accounts(queue: Queue) -> None:
    await queue.put(an_entry("other", CRITICAL, account_id="changsha"))
    await queue.put(an_entry("hers", HIGH, account_id="hunan"))
    assert await taken(queue, seeing(Scope(accounts=frozenset({"hunan"})))) == ["hers"]
    assert await listed(queue) == ["other"]


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("430000", ["province", "city", "county", "chenzhou", "yongzhou"]),
        ("430100", ["city", "county"]),
        ("430102", ["county"]),
        ("431000", ["chenzhou"]),
        ("431100", ["yongzhou"]),
        ("440000", []),
    ],
)
async def test_an_operator_gets_only_her_region_and_what_lies_below(
    queue: Queue, region: str, expected: list[str]
) -> None:
    regions = {"province": "430000", "city": "430100", "county": "430102", "chenzhou": "431002", "yongzhou": "431100"}
    for minutes, (name, code) in enumerate(regions.items()):
        await queue.put(an_entry(name, minutes=minutes, region=code))
    assert await taken(queue, seeing(Scope(regions=frozenset({region})))) == expected


async def test_account_and_region_must_both_be_hers(queue: Queue) -> None:
    await queue.put(an_entry("account-only", region="440000"))
    await queue.put(an_entry("region-only", account_id="changsha"))
    await queue.put(an_entry("both", minutes=1))
    scope = Scope(accounts=frozenset({"hunan"}), regions=frozenset({"430000"}))
    assert await taken(queue, seeing(scope)) == ["both"]


@pytest.mark.parametrize("account", ["a:b", "critical", "账号", "hunan:high"])
async def test_any_account_id_will_do(queue: Queue, account: str) -> None:
    entry = an_entry("h1", CRITICAL, account_id=account)
    await queue.put(entry)
    assert await queue.take(seeing(Scope(accounts=frozenset({account}))), LATER) == entry


# --- what is kept back ------------------------------------------------------------------------------------------


def keeping_back(**minutes: float) -> Hold:
    """Entries of these regions' names are kept back for so long."""
    return lambda lane: timedelta(minutes=minutes.get(f"r{lane.region}", 0))


async def test_an_entry_is_given_once_its_time_is_over(queue: Queue) -> None:
    await queue.put(an_entry("county", region="430102"))
    hold = keeping_back(r430102=2)
    assert await queue.take(hold, NOW + timedelta(minutes=2, microseconds=-1)) is None
    assert await listed(queue) == ["county"]
    assert await taken(queue, hold, NOW + timedelta(minutes=2)) == ["county"]


async def test_what_is_kept_back_lets_others_pass(queue: Queue) -> None:
    await queue.put(an_entry("county", CRITICAL, region="430102"))
    await queue.put(an_entry("city", HIGH, region="430100"))
    hold = keeping_back(r430102=2)
    assert await taken(queue, hold, NOW) == ["city"]
    assert await taken(queue, hold, LATER) == ["county"]


async def test_one_that_was_handed_on_keeps_its_place_and_is_kept_back_anew(queue: Queue) -> None:
    await queue.put(an_entry("handed-on", region="430102", queued_at=NOW + timedelta(minutes=9)))
    for number in range(1, 20):
        await queue.put(an_entry(f"h{number:02}", minutes=number / 60, region="430102"))
    hold = keeping_back(r430102=5)
    assert (await taken(queue, hold, NOW + timedelta(minutes=6)))[:2] == ["h01", "h02"]
    await queue.put(an_entry("young", minutes=13, region="430102"))
    assert await taken(queue, hold, NOW + timedelta(minutes=14)) == ["handed-on"]


async def test_twenty_that_were_handed_on_hide_nobody_behind_them(queue: Queue) -> None:
    for number in range(20):
        await queue.put(an_entry(f"handed-on-{number}", minutes=-60, region="430102", queued_at=NOW))
    await queue.put(an_entry("behind", minutes=-50, region="430102"))
    assert await taken(queue, keeping_back(r430102=5), NOW) == ["behind"]


async def test_skill_and_person_are_told_to_who_decides(queue: Queue) -> None:
    await queue.put(an_entry("law", skill=Skill.LAW))
    await queue.put(an_entry("li", minutes=1, to_staff="li"))
    await queue.put(an_entry("anybody", minutes=2))
    seen: list[Lane] = []

    def hold(lane: Lane) -> timedelta | None:
        seen.append(lane)
        return timedelta(0) if lane.to_staff == "li" else None

    assert await taken(queue, hold) == ["li"]
    assert {(lane.skill, lane.to_staff) for lane in seen} == {(Skill.LAW, None), (None, "li"), (None, None)}


ENTRIES = st.lists(
    st.builds(
        lambda level, region, account, skill, to_staff, minutes, kept: an_entry(
            "",
            level,
            minutes=minutes,
            region=region,
            account_id=account,
            skill=skill,
            to_staff=to_staff,
            queued_at=NOW + timedelta(minutes=minutes + kept),
        ),
        st.sampled_from(Level),
        st.sampled_from(["430000", "430100", "430102"]),
        st.sampled_from(["hunan", "changsha"]),
        st.sampled_from([None, *Skill]),
        st.sampled_from([None, "li"]),
        st.integers(-2000, 0),
        st.integers(0, 60),
    ),
    max_size=25,
)


def free_by(entry: QueueEntry, kept: timedelta) -> bool:
    """Whether it is kept back no longer; from nobody, it never was."""
    return not kept or entry.queued_at + kept <= NOW


@given(ENTRIES, st.dictionaries(st.integers(0, 40), st.sampled_from([None, 0, 5, 45])))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_waits_comes_in_the_one_order(
    queue: Queue, entries: list[QueueEntry], holds: dict[int, int | None]
) -> None:
    await taken(queue)
    waiting = [replace(entry, handoff_id=f"h{number:02}") for number, entry in enumerate(entries)]
    lanes = list(dict.fromkeys(entry.lane for entry in waiting))

    def hold(lane: Lane) -> timedelta | None:
        minutes = holds.get(lanes.index(lane), 0)
        return None if minutes is None else timedelta(minutes=minutes)

    for entry in waiting:
        await queue.put(entry)
    order = sorted(waiting, key=lambda entry: (entry.place, entry.handoff_id))
    assert await queue.entries() == order
    free = [entry for entry in order if (kept := hold(entry.lane)) is not None and free_by(entry, kept)]
    assert await taken(queue, hold, NOW) == [entry.handoff_id for entry in free]
    assert await queue.entries() == [entry for entry in order if entry not in free]


# --- each to one ------------------------------------------------------------------------------------------------


async def test_fifty_operators_at_once_get_fifty_different_entries(queue: Queue) -> None:
    for number in range(40):
        await queue.put(an_entry(f"h{number}", random.Random(number).choice(list(Level)), minutes=number))
    got = await asyncio.gather(*(queue.take(ALL, LATER) for _ in range(50)))
    ids = [entry.handoff_id for entry in got if entry is not None]
    assert sorted(ids) == sorted(f"h{number}" for number in range(40))
    assert await queue.entries() == []


async def test_one_entry_taken_by_name(queue: Queue) -> None:
    await queue.put(an_entry("h1"))
    await queue.put(an_entry("h2", minutes=1))
    assert await queue.take_one("h2")
    assert not await queue.take_one("h2")
    assert not await queue.take_one("unknown")
    assert await taken(queue) == ["h1"]


async def test_fifty_operators_want_the_same_entry_and_one_gets_it(queue: Queue) -> None:
    await queue.put(an_entry("h1"))
    got = await asyncio.gather(*(queue.take_one("h1") for _ in range(49)), queue.take(ALL, LATER))
    assert sum(map(bool, got)) == 1


async def test_an_entry_is_in_one_place_however_often_it_moves(queue: Queue) -> None:
    for level in (NORMAL, HIGH, CRITICAL, HIGH):
        await queue.put(an_entry("h1", level))
    moved = replace(an_entry("h1", HIGH), region="431000")
    await queue.put(moved)
    assert await queue.take(ALL, LATER) == moved
    assert await queue.take(ALL, LATER) is None


# --- presence ---------------------------------------------------------------------------------------------------


async def test_who_arrives_is_present_until_she_leaves(queue: Queue) -> None:
    assert await queue.present() == frozenset()
    await queue.arrive("li")
    await queue.arrive("wang")
    await queue.arrive("li")
    assert await queue.present() == {"li", "wang"}
    await queue.leave("li")
    await queue.leave("nobody")
    assert await queue.present() == {"wang"}


async def test_presence_runs_out_after_a_minute(candidate: Candidate) -> None:
    queue = candidate.queue
    await queue.arrive("li")
    await candidate.pass_minute()
    await queue.arrive("wang")
    assert await queue.present() == {"wang"}
    await queue.arrive("li")
    assert await queue.present() == {"li", "wang"}


async def test_what_is_kept_back_from_nobody_is_free_though_the_clocks_of_two_machines_differ(queue: Queue) -> None:
    await queue.put(an_entry("ahead", CRITICAL, minutes=30))
    assert await taken(queue, now=NOW) == ["ahead"]
