"""Understanding intents, with and without sentence vectors."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from tests_support import spelt

from components.intent_classifier import CharacterIntentClassifier
from components.sentence_vectors import SentenceVectors

EXAMPLES = {
    "divorce_debts": ["他欠的债要我还吗", "老公借的网贷我不晓得", "欠债的人天天上门", "婚内借款算谁的债"],
    "parenting_homework": ["孩子写作业磨蹭", "作业写到十一点", "辅导作业就吼崽", "作业不写怎么办"],
}


def examples() -> list[Message]:
    return [Message.build(text, intent=intent) for intent, texts in EXAMPLES.items() for text in texts]


@pytest.mark.parametrize("typed", ["作业", "写 作\u200b业 ！！！！"])
def test_characters_alone_suffice(workshop: Any, typed: str) -> None:
    classifier = workshop.trained(CharacterIntentClassifier, examples(), min_examples=1)
    (message,) = spelt(Message({"text": typed}))
    classifier.process([message])
    ranking = message.get("intent_ranking")
    assert message.get("intent") == ranking[0]
    assert ranking[0]["name"] == "parenting_homework"
    assert sum(ranked["confidence"] for ranked in ranking) == pytest.approx(1.0)


def test_a_vector_knows_words_that_no_example_has(workshop: Any) -> None:
    vectors = workshop.create(SentenceVectors)
    known = spelt(*examples())
    vectors.process_training_data(TrainingData(known))
    classifier = workshop.trained(CharacterIntentClassifier, known, min_examples=1)
    (message,) = spelt(Message({"text": "丈夫向银行贷款，妻子有责任偿付吗"}))
    vectors.process([message])
    classifier.process([message])
    assert message.get("intent")["name"] == "divorce_debts"


@pytest.mark.parametrize(
    "hostile",
    ["ﷺ" * 4000, "\x00打我", "\u200b", "🧨" * 3000, "ab" * 8000, "\U0010ffff" * 50],
    ids=["expanding", "nul", "invisible", "emoji", "long", "unassigned"],
)
def test_hostile_text_only_costs_a_moment(workshop: Any, hostile: str) -> None:
    (message,) = spelt(Message({"text": hostile}))
    workshop.create(SentenceVectors).process([message])
    assert message.get_dense_features("text")[1].features.shape == (1, 384)
