"""One turn: what is answered, and every way in which Rasa fails without saying so."""

from __future__ import annotations

from typing import Any

import pytest
from agents import ANSWERED, FAILED, HALF_DONE, STUCK, FakeAgent
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    SlotSet,
    UserUttered,
)

from components.protocol import Incoming, NoModel, NoReply
from components.turn import take_turn, went_well

HANDOFF = {"handoff": {"level": "high", "reason": "danger_understood", "min_confidence": 0.5}}


async def turn(agent: FakeAgent, text: str = "他欠的债要我还吗") -> dict[str, Any]:
    return await take_turn(agent, agent.handle_message, Incoming("c1", "m1", text))


async def test_a_turn_says_what_was_understood_and_what_to_reply() -> None:
    assert await turn(FakeAgent()) == {
        "message_id": "m1",
        "understood": {
            "intent": "divorce_debts",
            "confidence": 0.8,
            "ranking": [{"intent": "divorce_debts", "confidence": 0.8}],
            "alarm": None,
            "entities": [],
        },
        "replies": [{"answer": "divorce/debts"}],
    }


@pytest.mark.parametrize(("level", "reason"), [("critical", "danger_understood"), ("high", "harm_understood")])
async def test_a_message_that_needs_a_person_as_a_whole_proposes_one(level: str, reason: str) -> None:
    told = await turn(FakeAgent(urgency={"level": level, "alarm": 0.9, "critical": 0.4}))
    assert told["understood"]["alarm"] == 0.9
    assert told["replies"] == [{"answer": "divorce/debts"}, {"handoff": {"level": level, "reason": reason}}]


async def test_a_message_that_needs_none_proposes_none() -> None:
    told = await turn(FakeAgent(urgency={"level": "normal", "alarm": 0.1, "critical": 0.0}))
    assert told["replies"] == [{"answer": "divorce/debts"}]


@pytest.mark.parametrize(("took", "called"), [("answer", 0), ("story", 0), (None, 1)])
async def test_an_answer_that_a_flow_asked_for_calls_nobody_by_itself(took: Any, called: int) -> None:
    asked = [ActionExecuted("divorce_path_form"), SlotSet("flow", {"took": took}), ActionExecuted("action_listen")]
    told = await turn(FakeAgent(urgency={"level": "high", "alarm": 0.9, "critical": 0.1}, events=asked))
    assert len(told["replies"]) == 1 + called


async def test_the_message_is_parsed_once_and_is_no_command() -> None:
    agent = FakeAgent()
    await turn(agent, "/restart")
    assert agent.handled[0].text == "／restart"
    assert agent.handled[0].message_id == "m1"
    assert set(agent.handled[0].parse_data) == {"text", "intent", "entities", "intent_ranking", "urgency"}


@pytest.mark.parametrize("confidence", [0.5, 0.9])
async def test_a_confident_handoff_is_proposed(confidence: float) -> None:
    agent = FakeAgent(outputs=[{"answer": "domestic_violence/in_danger_now"}, HANDOFF], confidence=confidence)
    replies = (await turn(agent))["replies"]
    assert replies[1] == {"handoff": {"level": "high", "reason": "danger_understood"}}


async def test_an_unsure_handoff_is_dropped_and_the_answer_stays() -> None:
    agent = FakeAgent(outputs=[{"answer": "domestic_violence/in_danger_now"}, HANDOFF], confidence=0.49)
    assert (await turn(agent))["replies"] == [{"answer": "domestic_violence/in_danger_now"}]


async def test_after_her_own_choice_the_handoff_is_sure() -> None:
    chosen = UserUttered("x", {"name": "domestic_violence_in_danger_now", "confidence": 1.0})
    events = [ActionExecuted("action_answer_choice"), chosen, *ANSWERED]
    agent = FakeAgent(outputs=[{"answer": "a/b"}, HANDOFF], confidence=0.3, events=events)
    assert len((await turn(agent))["replies"]) == 2


async def test_without_a_model_there_is_no_turn() -> None:
    with pytest.raises(NoModel):
        await turn(FakeAgent(model=False))


@pytest.mark.parametrize("events", [FAILED, HALF_DONE, STUCK], ids=["failed", "half done", "stuck"])
async def test_a_failed_action_is_no_reply_even_if_something_was_said(events: list[Any]) -> None:
    with pytest.raises(NoReply):
        await turn(FakeAgent(events=events))


async def test_silence_is_no_reply() -> None:
    with pytest.raises(NoReply):
        await turn(FakeAgent(outputs=[]))


async def test_an_action_that_hangs_is_no_reply() -> None:
    with pytest.raises(NoReply):
        await turn(FakeAgent(delay_s=30))


async def test_with_the_tracker_store_down_there_is_still_an_answer() -> None:
    assert (await turn(FakeAgent(store_down=True)))["replies"] == [{"answer": "divorce/debts"}]


def test_earlier_failures_do_not_spoil_this_turn() -> None:
    before = [UserUttered("x", message_id="m0"), *FAILED]
    now = [UserUttered("x", message_id="m1"), DefinePrevUserUtteredFeaturization(False), *ANSWERED]
    assert went_well([*before, *now], "m1")
    assert not went_well([*before, UserUttered("x", message_id="m1"), BotUttered("x"), *FAILED], "m1")
