"""Going on with a flow that she left, and saying so when there is none."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, EventType, SlotSet, UserUttered
from rasa_sdk.executor import CollectingDispatcher

from actions.memory import SLOT, Memory


class ActionResumeFlow(Action):
    """Goes on as if she had started the flow that she left last; its form knows what she answered."""

    def name(self) -> str:
        return "action_resume_flow"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """See the parent class."""
        memory = Memory.of(tracker.get_slot(SLOT))
        memory.took = None
        if not memory.open:
            dispatcher.utter_message(response="utter_flow_nothing_open")
            return [SlotSet(SLOT, memory.as_slot())]
        intent = f"other_start_{memory.open[-1]}"
        as_if = {"intent": {"name": intent, "confidence": 1.0}, "entities": [], "text": intent}
        return [SlotSet(SLOT, memory.as_slot()), ActionExecuted("action_listen"), UserUttered(intent, as_if)]
