"""When Rasa is not sure what she asks: offer the two likeliest questions, and answer the one she takes."""

from __future__ import annotations

from typing import Any, Iterable

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, EventType, SlotSet, UserUttered
from rasa_sdk.executor import CollectingDispatcher

FALLBACK = "nlu_fallback"
CHOOSE = "other_choose"
CHOICES = "choices"
OFFERED = 2
WORTH_OFFERING = 0.05  # below this a guess is no better than chance over some fifty intents

# Nobody asks "which of these?" and hears small talk, or reads her own despair in a menu.
NEVER_OFFERED = frozenset(
    {FALLBACK, CHOOSE, "other_greeting", "other_thanks", "other_goodbye", "other_who_are_you", "other_out_of_scope",
     "other_suicidal_thoughts"}
)  # fmt: skip
NO_QUESTIONS = ("other_start_", "other_resume_")  # wishes that no article answers


class ActionOfferChoices(Action):
    """Offers the likeliest intents; after a second message in a row that was not understood, a person."""

    def name(self) -> str:
        return "action_offer_choices"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """See the parent class."""
        choices = likeliest(tracker.latest_message.get("intent_ranking", []))
        if misunderstood_before(tracker.events):
            dispatcher.utter_message(response="utter_not_understood")
            dispatcher.utter_message(response="utter_handoff_not_understood_twice")
            return [SlotSet(CHOICES, None)]
        if not choices:
            dispatcher.utter_message(response="utter_not_understood")
            return [SlotSet(CHOICES, None)]
        dispatcher.utter_message(json_message={"choices": [{"intent": intent} for intent in choices]})
        return [SlotSet(CHOICES, choices)]


class ActionAnswerChoice(Action):
    """Goes on as if she had written the question that she took, so that the rules answer it."""

    def name(self) -> str:
        return "action_answer_choice"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """See the parent class."""
        chosen = chosen_intent(tracker)
        if chosen is None:
            dispatcher.utter_message(response="utter_not_understood")
            return [SlotSet(CHOICES, None)]
        as_if = {"intent": {"name": chosen, "confidence": 1.0}, "entities": [], "text": chosen}
        return [SlotSet(CHOICES, None), ActionExecuted("action_listen"), UserUttered(chosen, as_if)]


def likeliest(ranking: Iterable[dict[str, Any]]) -> list[str]:
    """The likeliest intents that make sense to offer, at most OFFERED."""
    names = [ranked["name"] for ranked in ranking if ranked["confidence"] >= WORTH_OFFERING]
    return [name for name in names if name not in NEVER_OFFERED and not name.startswith(NO_QUESTIONS)][:OFFERED]


def misunderstood_before(events: list[dict[str, Any]]) -> bool:
    """Whether the message before this one was not understood either; a choice in between does not count."""
    earlier = [intent for intent in _intents(events)[:-1] if intent != CHOOSE]
    return bool(earlier) and earlier[-1] == FALLBACK


def chosen_intent(tracker: Tracker) -> str | None:
    """The intent she took from the choices offered one message ago, or None."""
    intents = _intents(tracker.events)
    choices = tracker.get_slot(CHOICES) or []
    number = next(tracker.get_latest_entity_values("choice"), None)
    if len(intents) < 2 or intents[-2] != FALLBACK or number not in {"1", "2"} or int(number) > len(choices):
        return None
    return str(choices[int(number) - 1])


def _intents(events: Iterable[dict[str, Any]]) -> list[str]:
    """The intent of each message of this session, oldest first."""
    return [event["parse_data"]["intent"]["name"] for event in events if event.get("event") == "user"]
