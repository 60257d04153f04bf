"""Conversation memory: sealed, short-lived, bounded, and honest about where it is kept."""

from __future__ import annotations

import logging

import pytest
from cryptography.fernet import Fernet, MultiFernet
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from components.tracker_store import (
    KEY_PREFIX,
    MemoryRecords,
    RedisRecords,
    SealedRedisTrackerStore,
    TrackerStoreMisconfigured,
    TrackerUnreadable,
    carried,
    latest_turns,
    open_records,
)  # fmt: skip

SECRET = "他昨晚又打我"


def turn(number: int, text: str = "你好") -> list[Event]:
    said = UserUttered(text, {"name": "other_greeting", "confidence": 0.9}, message_id=f"m{number}")
    return [ActionExecuted("action_listen"), said, ActionExecuted("utter_other_greeting"), BotUttered("您好")]


def conversation(turns: int, sender: str = "c1") -> DialogueStateTracker:
    events = [event for number in range(turns) for event in turn(number, SECRET)]
    return DialogueStateTracker.from_events(sender, [ActionExecuted("action_session_start"), SessionStarted(), *events])


def store(**settings: int) -> SealedRedisTrackerStore:
    return SealedRedisTrackerStore(Domain.empty(), **settings)


async def test_what_is_saved_comes_back() -> None:
    kept = store()
    await kept.save(conversation(3))
    back = await kept.retrieve("c1")
    assert [event.text for event in back.events if isinstance(event, UserUttered)] == [SECRET] * 3
    assert [event.message_id for event in back.events if isinstance(event, UserUttered)] == ["m0", "m1", "m2"]
    assert await kept.retrieve("c2") is None
    assert await kept.keys() == ["c1"]


async def test_a_record_is_unreadable_without_the_key() -> None:
    records, keys = MemoryRecords(), Fernet.generate_key().decode()
    kept = store()
    kept._records, kept._cipher = records, MultiFernet([Fernet(keys)])
    await kept.save(conversation(1))
    sealed = await records.get("c1")
    assert SECRET.encode() not in sealed
    assert b"other_greeting" not in sealed
    kept._cipher = MultiFernet([Fernet(Fernet.generate_key())])
    with pytest.raises(TrackerUnreadable) as unreadable:
        await kept.retrieve("c1")
    assert unreadable.value.__suppress_context__


async def test_keys_can_be_rotated() -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    kept = store()
    _, kept._cipher = open_records("redis://127.0.0.1:1/0", old)
    await kept.save(conversation(1))
    _, kept._cipher = open_records("redis://127.0.0.1:1/0", f"{new}, {old}")
    assert (await kept.retrieve("c1")).events


async def test_old_turns_are_dropped_whole() -> None:
    kept = store(max_events=10)
    await kept.save(conversation(20))
    events = list((await kept.retrieve("c1")).events)
    assert len(events) == 8
    assert events[0] == ActionExecuted("action_listen")
    assert [event.message_id for event in events if isinstance(event, UserUttered)] == ["m18", "m19"]


def test_a_turn_longer_than_the_bound_keeps_its_end() -> None:
    events = [*turn(0), *[SlotSet("choices", number) for number in range(30)]]
    assert latest_turns(events, 10) == events[-10:]


async def test_what_dropped_turns_left_behind_is_carried_on() -> None:
    domain = Domain.from_dict(
        {"slots": {"flow": {"type": "any", "mappings": [{"type": "custom"}]}}, "forms": {"f": {}}}
    )
    begun = [*turn(0), ActionExecuted("f"), ActiveLoop("f"), SlotSet("flow", {"name": "f"})]
    tracker = DialogueStateTracker.from_events("c1", begun, slots=domain.slots)
    kept = SealedRedisTrackerStore(domain, max_events=10)
    for number in range(1, 20):
        tracker.update_with_events(turn(number), domain)
        await kept.save(tracker)
        tracker = await kept.retrieve("c1")
    assert tracker.get_slot("flow") == {"name": "f"}
    assert tracker.active_loop_name == "f"
    assert len(tracker.events) <= 12


def test_a_form_that_ended_and_a_slot_that_was_emptied_are_not_carried() -> None:
    ended = [ActiveLoop("f"), SlotSet("flow", 1), SlotSet("choices", ["a"]), SlotSet("flow", None), ActiveLoop(None)]
    assert carried(ended) == [SlotSet("choices", ["a"])]
    assert carried([ActiveLoop("f"), SessionStarted()]) == []


async def test_only_the_latest_session_comes_back() -> None:
    tracker = conversation(2)
    for event in [ActionExecuted("action_session_start"), SessionStarted(), *turn(9)]:
        tracker.update(event)
    kept = store()
    await kept.save(tracker)
    texts = [event.message_id for event in (await kept.retrieve("c1")).events if isinstance(event, UserUttered)]
    assert texts == ["m9"]


def test_without_redis_it_says_once_that_it_remembers_in_memory(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        records, _ = open_records("", "")
    assert isinstance(records, MemoryRecords)
    assert len(caplog.records) == 1


@pytest.mark.parametrize("keys", ["", "  ", "not-a-key", f"{Fernet.generate_key().decode()},x"])
def test_redis_without_proper_keys_is_refused_and_the_keys_are_not_shown(keys: str) -> None:
    with pytest.raises(TrackerStoreMisconfigured) as refused:
        open_records("redis://127.0.0.1/0", keys)
    assert not keys.strip() or keys not in str(refused.value)
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


@pytest.mark.parametrize("url", ["redis://127.0.0.1:6399/2", "unix:///tmp/redis.sock?db=3"])
def test_both_kinds_of_url_are_understood(url: str) -> None:
    records, _ = open_records(url, Fernet.generate_key().decode())
    assert isinstance(records, RedisRecords)
    assert str(url[-1]) in str(records._redis.connection_pool.connection_kwargs["db"])


def test_rasa_builds_it_from_endpoints_yml() -> None:
    config = EndpointConfig(type="components.tracker_store.SealedRedisTrackerStore", record_exp=5, max_events=7)
    built = TrackerStore.create(config, Domain.empty())
    assert isinstance(built, SealedRedisTrackerStore)
    assert (built.record_exp, built.max_events) == (5, 7)
    assert KEY_PREFIX.startswith("niangjia:")
