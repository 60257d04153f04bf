"""One turn of a flow: what she said, what is known, what is said to her, and the events that remember it."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

from rasa_sdk import Tracker
from rasa_sdk.events import ActionExecutionRejected, ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.guide import Guide
from actions.memory import DANGER, SLOT, Memory
from actions.questions import Question, read_options
from actions.reading import Heard, read_volunteered

REQUESTED = "requested_slot"
HARM = {"handoff": {"level": "high", "reason": "harm_understood"}}

Domain = Mapping[str, Any]


class Visit:
    """A turn in the form of a guide's flow."""

    def __init__(self, guide: Guide, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> None:
        self.guide = guide
        self.flow = guide.flow
        self.heard = Heard.of(tracker.latest_message)
        self.memory = Memory.of(tracker.get_slot(SLOT))
        self.answers = self.flow.answers(tracker.slots)
        self.asked = self.flow.question(tracker.get_slot(REQUESTED))
        self._dispatcher = dispatcher
        self._domain = domain
        self._since = _since_she_spoke(tracker.events)
        self._known = dict(self.answers)
        self.memory.took = None

    @property
    def begins(self) -> bool:
        """Whether the form was started by this very message."""
        return any(event["event"] == "active_loop" and event.get("name") == self.flow.form for event in self._since)

    @property
    def returns(self) -> bool:
        """Whether the form comes back after another question was answered in between."""
        return any(event["event"] == "action_execution_rejected" for event in self._since)

    def options(self, question: Question) -> Sequence[str]:
        """What is offered to tap for this question."""
        return read_options(self._domain, self.flow, question)

    def say(self, response: str, **fills: Any) -> None:
        """Say a response of the domain."""
        self._dispatcher.utter_message(response=response, **fills)

    def propose(self, reply: Mapping[str, Any]) -> None:
        """Propose what is no words (docs/adr/0013)."""
        self._dispatcher.utter_message(json_message=dict(reply))

    def publish(self, state: str) -> None:
        """Give the bot all that is answered so far."""
        self.propose({"flow": {"name": self.flow.name, "state": state, "answers": self.guide.published(self.answers)}})

    def keep(self, question: Question, value: Any) -> None:
        """Take an answer."""
        self.answers[question.key] = value
        self.memory.order = [key for key in self.memory.order if key != question.key] + [question.key]

    def keep_volunteered(self) -> list[Question]:
        """Take what her message tells of questions that were not asked yet; what they are."""
        found = []
        for question in self.flow.questions:
            if question.volunteered and question.key not in self.answers:
                value = read_volunteered(question, self.heard)
                if value is not None:
                    self.keep(question, value)
                    found.append(question)
        return found

    def forget(self, *questions: Question) -> None:
        """Drop answers, to ask again."""
        for question in questions:
            self.answers.pop(question.key, None)
        self.memory.order = [key for key in self.memory.order if key in self.answers]

    def ask(self, question: Question | None) -> list[EventType]:
        """The events of this turn, with the question that comes next; None ends the form."""
        slots = [
            SlotSet(self.flow.slot(key), self.answers.get(key))
            for key in {**self._known, **self.answers}
            if self._known.get(key) != self.answers.get(key)
        ]
        requested = self.flow.slot(question.key) if question else None
        return [*slots, SlotSet(SLOT, self.memory.as_slot()), SlotSet(REQUESTED, requested)]

    def end(self, why: str) -> list[EventType]:
        """The events that end the form; `action_end_<flow>` does the rest."""
        self.memory.why = why
        return self.ask(None)

    def make_way(self, *, stay: bool) -> list[EventType]:
        """The events that let the rule of her message's intent act; the form comes back after it, or gives up."""
        rejected = ActionExecutionRejected(self.flow.form)
        if stay:
            return [SlotSet(SLOT, self.memory.as_slot()), rejected]
        self.memory.why = DANGER
        return [*self.ask(None), rejected, ActiveLoop(None)]


def _since_she_spoke(events: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    since: list[Mapping[str, Any]] = []
    for event in reversed(events):
        if event["event"] == "user":
            break
        since.append(event)
    return since
