"""Offering choices when unsure, and answering the one she takes."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.clarify import ActionAnswerChoice, ActionOfferChoices, likeliest

RANKING = [("nlu_fallback", 0.35), ("other_greeting", 0.3), ("divorce_debts", 0.25), ("divorce_lawsuit", 0.2),
           ("divorce_custody", 0.1)]  # fmt: skip


def message(intent: str, entities: tuple[str, ...] = ()) -> dict[str, Any]:
    parsed = {
        "intent": {"name": intent, "confidence": 0.35},
        "intent_ranking": [{"name": name, "confidence": confidence} for name, confidence in RANKING],
        "entities": [{"entity": "choice", "value": value} for value in entities],
    }
    return {"event": "user", "parse_data": parsed}


def tracker(*messages: dict[str, Any], choices: list[str] | None = None) -> Tracker:
    events = [event for each in messages for event in ({"event": "action", "name": "action_listen"}, each)]
    return Tracker("c1", {"choices": choices}, messages[-1]["parse_data"], events, False, None, {}, "action_listen")


def offer(told: Tracker) -> tuple[list[dict[str, Any]], list[Any]]:
    dispatcher = CollectingDispatcher()
    events = ActionOfferChoices().run(dispatcher, told, {})
    return dispatcher.messages, events


def answer(told: Tracker) -> tuple[list[dict[str, Any]], list[Any]]:
    dispatcher = CollectingDispatcher()
    events = ActionAnswerChoice().run(dispatcher, told, {})
    return dispatcher.messages, events


def responses(messages: list[dict[str, Any]]) -> list[str]:
    return [each["response"] for each in messages]


def test_the_two_likeliest_that_make_sense_are_offered_and_remembered() -> None:
    messages, events = offer(tracker(message("nlu_fallback")))
    assert messages[0]["custom"] == {"choices": [{"intent": "divorce_debts"}, {"intent": "divorce_lawsuit"}]}
    assert events == [
        {"event": "slot", "timestamp": None, "name": "choices", "value": ["divorce_debts", "divorce_lawsuit"]}
    ]


def test_with_nothing_worth_offering_she_is_asked_to_say_it_again() -> None:
    nonsense = message("nlu_fallback")
    nonsense["parse_data"]["intent_ranking"] = [{"name": "divorce_debts", "confidence": 0.03}]
    assert responses(offer(tracker(nonsense))[0]) == ["utter_not_understood"]


def test_a_menu_never_asks_whether_she_wants_to_die() -> None:
    ranking = [
        {"name": "other_suicidal_thoughts", "confidence": 0.3},
        {"name": "other_emotional_support", "confidence": 0.2},
    ]
    assert likeliest(ranking) == ["other_emotional_support"]


def test_only_questions_that_an_article_answers_are_offered() -> None:
    ranking = [
        {"name": "other_start_divorce_path", "confidence": 0.3},
        {"name": "other_resume_flow", "confidence": 0.2},
        {"name": "divorce_debts", "confidence": 0.2},
    ]
    assert likeliest(ranking) == ["divorce_debts"]


def test_the_second_in_a_row_proposes_a_person() -> None:
    messages, events = offer(tracker(message("nlu_fallback"), message("nlu_fallback")))
    assert responses(messages) == ["utter_not_understood", "utter_handoff_not_understood_twice"]
    assert events[0]["value"] is None


def test_a_choice_in_between_does_not_break_the_row_but_an_answer_does() -> None:
    again = tracker(message("nlu_fallback"), message("other_choose", ("none",)), message("nlu_fallback"))
    assert responses(offer(again)[0])[-1] == "utter_handoff_not_understood_twice"
    answered = tracker(message("nlu_fallback"), message("divorce_debts"), message("nlu_fallback"))
    assert "choices" in offer(answered)[0][0]["custom"]


def test_after_a_choice_that_was_answered_the_row_starts_anew() -> None:
    told = tracker(
        message("nlu_fallback"), message("other_choose", ("1",)), message("divorce_debts"), message("nlu_fallback")
    )
    assert "choices" in offer(told)[0][0]["custom"]


def test_the_choice_is_handled_as_if_she_had_asked_it() -> None:
    told = tracker(
        message("nlu_fallback"), message("other_choose", ("2",)), choices=["divorce_debts", "divorce_lawsuit"]
    )
    messages, events = answer(told)
    assert messages == []
    assert [event["event"] for event in events] == ["slot", "action", "user"]
    assert events[-1]["parse_data"]["intent"] == {"name": "divorce_lawsuit", "confidence": 1.0}


def test_a_choice_is_not_understood_if_it_is_none_or_nothing_was_offered() -> None:
    choices = ["divorce_debts"]
    for told in (
        tracker(message("nlu_fallback"), message("other_choose", ("none",)), choices=choices),
        tracker(message("nlu_fallback"), message("other_choose", ("2",)), choices=choices),
        tracker(message("nlu_fallback"), message("other_choose"), choices=choices),
        tracker(message("divorce_debts"), message("other_choose", ("1",)), choices=choices),
        tracker(message("other_choose", ("1",)), choices=choices),
        tracker(message("nlu_fallback"), message("other_choose", ("1",))),
    ):
        messages, events = answer(told)
        assert responses(messages) == ["utter_not_understood"]
        assert events[0]["value"] is None
