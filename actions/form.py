"""The forms of guided help: what becomes of each message while a flow asks, and how a flow ends."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Mapping

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.guide import Guide, Speaker
from actions.memory import DANGER, DONE, HALTED, HUMAN, LEFT, PAUSED, SLOT, Memory
from actions.questions import NOTHING_MORE, SKIPPED, Kind, Question
from actions.reading import Reading, read_answer
from actions.understanding import asks_back, asks_for_person, asks_something_else, says_goodbye, starts_another
from actions.visit import HARM, Visit
from actions.words import Steer, steer_of, to_correct

MOST_DETOURS = 2
MOST_MISSES = 3
NONE = "none"
"""The code of an option that rules out all others."""


class FlowForm(Action, ABC):
    """`validate_<flow>_form`, which Rasa asks about each message while the form is active."""

    @property
    @abstractmethod
    def guide(self) -> Guide:
        """The flow's own rules."""

    def name(self) -> str:
        return f"validate_{self.guide.flow.form}"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """See the parent class."""
        visit = Visit(self.guide, dispatcher, tracker, domain)
        if visit.begins:
            return _begin(visit)
        if visit.asked is None:
            return visit.end(DONE)
        if visit.returns:
            return visit.end(PAUSED) if visit.memory.detours >= MOST_DETOURS else visit.ask(visit.asked)
        return _hear(visit, visit.asked)


def _begin(visit: Visit) -> list[EventType]:
    memory, name = visit.memory, visit.flow.name
    kept = name in memory.open and bool(visit.answers)
    visit.memory = Memory(
        name=name, alarm=memory.alarm, open=[one for one in memory.open if one != name] + [name],
        order=[key for key in memory.order if key in visit.answers] if kept and memory.name == name else [],
    )  # fmt: skip
    if visit.heard.urgency == "critical":
        visit.publish("left")
        return visit.end(DANGER)
    if not kept:
        visit.forget(*visit.flow.questions)
    visit.say("utter_flow_resumed" if kept else f"utter_intro_{name}")
    visit.keep_volunteered()
    return _go_on(visit)


def _hear(visit: Visit, asked: Question) -> list[EventType]:
    heard = visit.heard
    reading = read_answer(asked, heard, visit.options(asked))
    steer = None if reading and reading.exact else steer_of(heard.text)
    if heard.urgency == "critical" and not steer and not (reading and reading.exact):
        return _stop(visit, asked, reading)
    if asks_for_person(heard, asked) or steer is Steer.HUMAN:
        return visit.end(HUMAN)
    if steer is not None:
        return _steered(visit, asked, steer)
    corrected = to_correct(heard.text)
    if corrected and not (reading and reading.exact):
        wanted = _called(visit, corrected)
        if wanted or asked.kind is not Kind.WORDS:
            return _correct(visit, asked, wanted)
    return _answered_or_not(visit, asked, reading)


def _answered_or_not(visit: Visit, asked: Question, reading: Reading | None) -> list[EventType]:
    heard, exact = visit.heard, bool(reading and reading.exact)
    if not exact and (starts_another(heard, visit.flow) or says_goodbye(heard, asked)):
        return _leave_way(visit)
    if not exact and asks_back(heard, asked):
        return _detour(visit)
    if reading is not None:
        return _take(visit, asked, reading)
    if heard.urgency == "high":
        return _stop(visit, asked, None)
    return _detour(visit) if asks_something_else(heard) else _miss(visit, asked)


def _leave_way(visit: Visit) -> list[EventType]:
    """Give up for another wish; who told of harm before is not forgotten."""
    visit.publish("left")
    if visit.memory.alarm:
        visit.memory.alarm = False
        visit.propose(HARM)
    return visit.make_way(stay=False)


def _steered(visit: Visit, asked: Question, steer: Steer) -> list[EventType]:
    if steer is Steer.LEAVE:
        return visit.end(LEFT)
    if steer is Steer.AGAIN:
        visit.forget(*visit.flow.questions)
        visit.memory.partial = []
        return _go_on(visit)
    if steer is Steer.CORRECT_LAST:
        last = visit.memory.order[-1] if visit.memory.order else None
        return _correct(visit, asked, visit.flow.question(visit.flow.slot(last)) if last else asked)
    if steer is Steer.SKIP:
        return _take(visit, asked, Reading([NOTHING_MORE] if asked.kind is Kind.SEVERAL else SKIPPED, exact=True))
    return visit.ask(asked)


def _called(visit: Visit, name: str) -> Question | None:
    """The answered question that she means by this name."""
    answered = [one for one in visit.flow.questions if one.key in visit.answers]
    return next((one for one in answered if any(call in name or name in call for call in one.called)), None)


def _correct(visit: Visit, asked: Question, wanted: Question | None) -> list[EventType]:
    if wanted is None:
        answered = [one.called[0] for one in visit.flow.questions if one.key in visit.answers]
        visit.say("utter_flow_correct", names="、".join(f"改{name}" for name in answered) or "改上一题")
        return visit.ask(asked)
    visit.forget(wanted)
    visit.memory.partial = []
    return visit.ask(wanted)


def _take(visit: Visit, asked: Question, reading: Reading) -> list[EventType]:
    memory = visit.memory
    told_of_harm = visit.heard.urgency == "high" and not reading.exact and not asked.calm
    memory.detours = memory.misses = 0
    memory.took = "story" if told_of_harm else "answer"
    if told_of_harm and not memory.alarm:
        memory.alarm = True
        visit.say("utter_flow_heard")
    value = reading.value
    if asked.kind is Kind.SEVERAL:
        picked = _picked(memory, value)
        if not _complete(asked, value, picked):
            memory.partial = picked
            visit.say("utter_flow_more")
            return visit.ask(asked)
        memory.partial = []
        value = [code for code in picked if code not in (NOTHING_MORE, NONE)]
    visit.keep(asked, value)
    visit.keep_volunteered()
    halt = visit.guide.halt(visit.answers)
    if halt is not None:
        memory.halt = vars(halt)
        return visit.end(HALTED)
    return _go_on(visit)


def _picked(memory: Memory, codes: list[str]) -> list[str]:
    return list(dict.fromkeys([*memory.partial, *codes]))


def _complete(asked: Question, codes: list[str], picked: list[str]) -> bool:
    every = {code for code in asked.codes if code not in (NOTHING_MORE, NONE)}
    return NOTHING_MORE in codes or NONE in codes or every <= {*picked}


def _go_on(visit: Visit) -> list[EventType]:
    """Ask what is still open, or end."""
    following = next(visit.flow.open(visit.answers), None)
    if following is None:
        return visit.end(DONE)
    visit.publish("asking")
    return visit.ask(following)


def _miss(visit: Visit, asked: Question) -> list[EventType]:
    visit.memory.misses += 1
    visit.memory.took = "answer" if visit.heard.plain else None
    if visit.memory.misses >= MOST_MISSES:
        return visit.end(PAUSED)
    visit.say(HINTS.get(asked.kind, "utter_flow_hint_short"))
    return visit.ask(asked)


HINTS: Mapping[Kind, str] = {
    Kind.CHOICE: "utter_flow_hint_choice",
    Kind.SEVERAL: "utter_flow_hint_choice",
    Kind.AGE: "utter_flow_hint_age",
    Kind.AGES: "utter_flow_hint_age",
    Kind.MONEY: "utter_flow_hint_money",
    Kind.DAY: "utter_flow_hint_day",
    Kind.PHONE: "utter_flow_hint_phone",
}


def _detour(visit: Visit) -> list[EventType]:
    visit.memory.detours += 1
    return visit.make_way(stay=True)


def _stop(visit: Visit, asked: Question, reading: Reading | None) -> list[EventType]:
    """Danger: what she told is kept, and nothing more is asked; an article answers, if one was asked for."""
    if reading is not None and asked.kind is not Kind.SEVERAL:
        visit.keep(asked, reading.value)
    visit.memory.alarm = False  # a person is called for this very message
    visit.publish("left")
    return visit.make_way(stay=False) if asks_something_else(visit.heard) else visit.end(DANGER)


class FlowEnd(Action, ABC):
    """`action_end_<flow>`: gives her what the flow was for, or leaves in peace."""

    @property
    @abstractmethod
    def guide(self) -> Guide:
        """The flow's own rules."""

    def name(self) -> str:
        return f"action_end_{self.guide.flow.name}"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """See the parent class."""
        guide, memory = self.guide, Memory.of(tracker.get_slot(SLOT))
        ending = _Ending(guide, dispatcher, domain, guide.flow.answers(tracker.slots))
        finished = ending.finish(memory)
        if memory.alarm and memory.why in (DONE, LEFT, PAUSED):
            ending.propose(HARM)
        memory.open = [name for name in memory.open if not (finished and name == guide.flow.name)]
        memory.why, memory.halt, memory.alarm = None, None, False
        cleared = [SlotSet(guide.flow.slot(one.key), None) for one in guide.flow.questions] if finished else []
        return [SlotSet(SLOT, memory.as_slot()), *cleared]


class _Ending(Speaker):
    """What is said when a flow ends."""

    def __init__(
        self, guide: Guide, dispatcher: CollectingDispatcher, domain: Mapping[str, Any], answers: dict[str, Any]
    ) -> None:
        self._guide = guide
        self._dispatcher = dispatcher
        self._domain = domain
        self._answers = answers

    def finish(self, memory: Memory) -> bool:
        """End in the way remembered; whether nothing of the flow is left to be done."""
        if memory.why == DONE:
            self.publish("finished")
            self._guide.close(self, self._answers)
            return True
        if memory.why == HALTED and memory.halt:
            return self._halt(memory.halt)
        if memory.why != DANGER:
            self.publish("left")
        if memory.why == HUMAN:
            self.say("utter_other_ask_human")
            self.propose({"handoff": {"level": "high", "reason": "asked_for_person"}})
        elif memory.why in (LEFT, PAUSED):
            self.say(f"utter_flow_{memory.why}")
        return False

    def _halt(self, halt: Mapping[str, Any]) -> bool:
        self.publish(halt["state"])
        self.say(halt["response"])
        if halt["level"]:
            self.propose({"handoff": {"level": halt["level"], "reason": halt["reason"]}})
        return bool(halt["state"] == "finished")

    def publish(self, state: str) -> None:
        answers = self._guide.published(self._answers)
        self.propose({"flow": {"name": self._guide.flow.name, "state": state, "answers": answers}})

    def say(self, response: str, **fills: Any) -> None:
        self._dispatcher.utter_message(response=response, **fills)

    def say_lines(self, *responses: str, **fills: Any) -> None:
        lines = (self._domain["responses"][response][0]["text"].strip() for response in responses)
        text = "\n".join(lines)
        for name, value in fills.items():
            text = text.replace(f"{{{name}}}", str(value))
        self._dispatcher.utter_message(text=text)

    def propose(self, reply: Mapping[str, Any]) -> None:
        self._dispatcher.utter_message(json_message=dict(reply))
