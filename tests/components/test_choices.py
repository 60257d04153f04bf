"""Taking one of the offered choices."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.nlu.training_data.message import Message
from tests_support import marked, spelt

from components.choices import ChoiceExtractor


@pytest.fixture
def extractor(workshop: Any) -> ChoiceExtractor:
    examples = [
        marked("1", "1", "1"), marked("选2", "2", "2"), marked("第一个", "第一个", "1"),
        marked("第二个吧", "第二个", "2"),
        marked("都不是，我问别的", "都不是", "none"), marked("冇一個是", "冇一個", "none"),
        Message.build("你好", intent="other_greeting"),
    ]  # fmt: skip
    return workshop.trained(ChoiceExtractor, examples)


def understand(extractor: ChoiceExtractor, text: str, intent: str = "divorce_debts") -> tuple[str, float, list[str]]:
    ranking = [{"name": intent, "confidence": 0.6}, {"name": "divorce_lawsuit", "confidence": 0.3}]
    (message,) = spelt(Message({"text": text, "intent": ranking[0], "intent_ranking": ranking}))
    extractor.process([message])
    understood = message.get("intent")
    return understood["name"], understood["confidence"], [entity["value"] for entity in message.get("entities")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", "1"),
        ("１。", "1"),
        ("①", "1"),
        ("2", "2"),
        ("选 2", "2"),
        ("都不是", "none"),
        ("第二个吧！", "2"),
        ("2️⃣", "2"),
        ("1😊", "1"),
        ("1[微笑]", "1"),
        ("1[捂脸]", "1"),
        ("第一個", "1"),
        ("没一个", "none"),
    ],
)
def test_a_bare_choice_is_certain_whatever_the_classifier_thought(extractor: Any, text: str, value: str) -> None:
    assert understand(extractor, text) == ("other_choose", 1.0, [value])


def test_a_phrase_in_a_message_that_looks_like_a_choice_is_found(extractor: Any) -> None:
    assert understand(extractor, "那就第一个咯", intent="other_choose") == ("other_choose", 0.6, ["1"])


@pytest.mark.parametrize("text", ["12338", "那个钱", "他第一个孩子不是我生的，现在问我要抚养费"])
def test_without_a_phrase_it_is_no_choice_and_the_next_intent_counts(extractor: Any, text: str) -> None:
    assert understand(extractor, text, intent="other_choose") == ("divorce_lawsuit", 1.0, [])


def test_a_phrase_inside_another_question_changes_nothing(extractor: Any) -> None:
    assert understand(extractor, "我第一个孩子归谁") == ("divorce_debts", 0.6, [])
