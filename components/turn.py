"""One turn through Rasa: parse, let the rules act, and make sure that every action really did."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import Any, Awaitable, Callable, Iterable

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import ActionExecuted, DefinePrevUserUtteredFeaturization, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from components.protocol import Incoming, Json, NoModel, NoReply, never_a_command, read_reply, render_understood

ANSWER_WITHIN_S = 3.0  # the gateway holds WeChat for 4.5 s; Rasa itself would wait five minutes for an action
REMEMBERED_INTENTS = 10
FLOW_SLOT = "flow"
ALARMS = {"critical": "danger_understood", "high": "harm_understood"}

HandleMessage = Callable[[UserMessage], Awaitable[Any]]


async def take_turn(agent: Agent, handle: HandleMessage, incoming: Incoming) -> Json:
    """Answer one message: what was understood and what to reply.

    Raises NoModel without a trained model, and NoReply if an action failed, said nothing or took too long.
    """
    if agent is None or not agent.is_ready():
        raise NoModel
    message = _user_message(incoming)
    parsed = await agent.processor.parse_message(message)
    message.parse_data = _remembered(parsed)
    understood = render_understood(parsed)
    try:
        await asyncio.wait_for(handle(message), ANSWER_WITHIN_S)
    except asyncio.TimeoutError:
        raise NoReply from None
    tracker = await agent.tracker_store.retrieve(incoming.sender)
    if tracker is not None and not went_well(tracker.events, incoming.message_id):
        raise NoReply
    replies = keep_confident(map(read_reply, message.output_channel.messages), _confidence(tracker, understood))
    if not replies:
        raise NoReply
    taken = tracker is not None and was_answer(tracker.events, incoming.message_id)
    alarm = [] if taken else _alarm(parsed)
    return {"message_id": incoming.message_id, "understood": understood, "replies": replies + alarm}


def _alarm(parsed: Json) -> list[Json]:
    """The proposal to call a person, where the message needs one as a whole, whatever it asks.

    Not for an answer that a flow asked for: it tells of harm as a matter of course, and the flow itself calls somebody
    when it ends, or at once when the answer cannot wait (actions/form.py). What is critical is never taken as one.
    """
    level = parsed.get("urgency", {}).get("level")
    return [{"handoff": {"level": level, "reason": ALARMS[level]}}] if level in ALARMS else []


def was_answer(events: Iterable[Event], message_id: str) -> bool:
    """Whether a form took this message as the answer to its question, by its own word (actions/memory.py)."""
    told = [event.value for event in _events_since(events, message_id) if _is_flow(event)]
    return bool(told and told[-1] and told[-1].get("took"))


def _is_flow(event: Event) -> bool:
    return isinstance(event, SlotSet) and event.key == FLOW_SLOT


def _user_message(incoming: Incoming) -> UserMessage:
    return UserMessage(
        text=never_a_command(incoming.text),
        output_channel=CollectingOutputChannel(),
        sender_id=incoming.sender,
        input_channel="frontdoor",
        message_id=incoming.message_id,
    )


def _remembered(parsed: Json) -> Json:
    """What is kept of a parse in the tracker, and told to actions: Rasa would also keep every token's place."""
    return {
        "text": parsed["text"],
        "intent": parsed["intent"],
        "entities": parsed["entities"],
        "intent_ranking": parsed.get("intent_ranking", [])[:REMEMBERED_INTENTS],
        "urgency": parsed.get("urgency"),
    }


def went_well(events: Iterable[Event], message_id: str) -> bool:
    """Whether each action of this message's turn left a trace and Rasa came to rest, listening.

    Rasa logs an action's failure and goes on as if it had said nothing, so two actions in a row in the
    tracker mean that the first one failed. A turn that is not in the tracker (its store is down) passes.
    """
    turn = _events_since(events, message_id)
    if not turn:
        return True
    silent = any(_acted(event) and isinstance(after, ActionExecuted) for event, after in pairwise(turn))
    rested = isinstance(turn[-1], ActionExecuted) and turn[-1].action_name == ACTION_LISTEN_NAME
    return rested and not silent


def _events_since(events: Iterable[Event], message_id: str) -> list[Event]:
    turn: list[Event] = []
    for event in events:
        if isinstance(event, UserUttered) and event.message_id == message_id:
            turn = []
        if not isinstance(event, DefinePrevUserUtteredFeaturization):
            turn.append(event)
    begun = turn and isinstance(turn[0], UserUttered) and turn[0].message_id == message_id
    return turn if begun else []


def _acted(event: Event) -> bool:
    idle = (ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME)
    return isinstance(event, ActionExecuted) and event.action_name not in idle


def _confidence(tracker: DialogueStateTracker | None, understood: Json) -> float:
    """How sure Rasa is of the intent it acted on: her own choice from a list counts as certain."""
    if tracker is None or tracker.latest_message is None:
        return float(understood["confidence"])
    return float(tracker.latest_message.intent.get("confidence", 0.0))


def keep_confident(replies: Iterable[Json], confidence: float) -> list[Json]:
    """Drop handoff proposals whose `min_confidence` (set in the domain) is not reached; unwrap the others."""
    kept = []
    for reply in replies:
        if "handoff" in reply:
            handoff = dict(reply["handoff"])
            if confidence < handoff.pop("min_confidence", 0.0):
                continue
            reply = {"handoff": handoff}
        kept.append(reply)
    return kept
