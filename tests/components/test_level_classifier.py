"""How urgent a message is, learnt from examples whose block names a level."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from tests_support import spelt

from components.held_out import is_held_out
from components.level_classifier import URGENCY, LevelClassifier

TOLD = {
    "critical": "他{}在打我，救命",
    "high": "他经常打我，{}也打",
    "normal": "请问{}离婚要带什么证件",
}
WHEN = ("现在", "今天", "这会儿", "喝了酒", "当着崽", "半夜", "早上", "一回来", "在楼下", "在厨房", "刚刚", "又",
        "上午", "下午", "晚上", "过年", "周末", "节后", "月底", "下班")  # fmt: skip


def examples() -> list[Message]:
    return [
        Message.build(f"{who}，{text.format(when)}", intent="other_greeting", intent_metadata={"level": level})
        for level, text in TOLD.items()
        for when in WHEN
        for who in ("你好", "老师", "姐姐", "在吗", "同志")
    ]


def urgency(classifier: LevelClassifier, text: str) -> dict[str, Any]:
    (message,) = spelt(Message({"text": text}))
    classifier.process([message])
    return dict(message.get(URGENCY))


@pytest.fixture
def classifier(workshop: Any) -> LevelClassifier:
    return workshop.trained(LevelClassifier, examples(), false_alarms=0.0, false_critical=0.0)


@pytest.mark.parametrize(
    ("text", "level"),
    [("他前天在打我，救命", "critical"), ("他经常打我，昨天也打", "high"), ("请问明早离婚要带什么证件", "normal")],
)
def test_a_message_gets_the_level_of_those_like_it(classifier: LevelClassifier, text: str, level: str) -> None:
    assert urgency(classifier, text)["level"] == level


def test_who_is_in_danger_needs_a_person_too(classifier: LevelClassifier) -> None:
    told = urgency(classifier, "他现在在打我，救命")
    assert 0 < told["critical"] <= 1
    assert told["alarm"] > 0.5


def test_how_many_false_alarms_are_allowed_is_the_house_s_to_set(workshop: Any) -> None:
    cautious = workshop.trained(LevelClassifier, examples(), false_alarms=1.0, false_critical=0.0)
    assert urgency(cautious, "他经常打我")["level"] == "high"


def test_without_labels_nothing_is_claimed(workshop: Any) -> None:
    classifier = workshop.trained(LevelClassifier, [Message.build("你好", intent="other_greeting")])
    (message,) = spelt(Message({"text": "他在打我"}))
    classifier.process([message])
    assert message.get(URGENCY) is None


def test_one_example_in_ten_is_held_out_by_its_words_alone() -> None:
    texts = [f"第{number}个人问的话" for number in range(3000)]
    held = [text for text in texts if is_held_out(text)]
    assert 200 < len(held) < 400
    assert held == [text for text in texts if is_held_out(text)]


def test_training_data_passes_through(classifier: LevelClassifier) -> None:
    data = TrainingData(examples())
    assert classifier.process_training_data(data) is data
