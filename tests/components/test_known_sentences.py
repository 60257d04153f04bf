"""The words of a button mean what they say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.utils.io import read_yaml_file
from tests_support import spelt

from components.known_sentences import KnownSentences, not_named, only_asks

ROOT = Path(__file__).parents[2]
EXAMPLES = [
    Message.build("评估一下我的安全", intent="other_start_safety_check"),
    Message.build("接着填", intent="other_resume_flow"),
    Message.build("怎么申请保护令", intent="domestic_violence_protection_order"),
]


def heard(workshop: Any, text: str) -> Message:
    known = workshop.trained(KnownSentences, EXAMPLES)
    guess = {"name": "domestic_violence_what_counts", "confidence": 0.4}
    message = Message(data={"text": text, "intent": guess, "intent_ranking": [guess]})
    return known.process(spelt(message))[0]


def test_a_known_sentence_is_certain_whatever_its_punctuation(workshop: Any) -> None:
    for text in ("评估一下我的安全", "评估一下我的安全。", " 评估一下我的安全！"):
        message = heard(workshop, text)
        assert message.get("intent") == {"name": "other_start_safety_check", "confidence": 1.0}
        assert message.get("intent_ranking")[1] == {"name": "domestic_violence_what_counts", "confidence": 0.0}
    assert heard(workshop, "接着填").get("intent")["name"] == "other_resume_flow"


def test_other_messages_and_other_intents_are_left_alone(workshop: Any) -> None:
    for text in ("评估一下我的安全咯", "申请保护令"):
        assert heard(workshop, text).get("intent")["confidence"] == 0.4


def test_a_guess_starts_nothing_and_a_certain_wish_does(workshop: Any) -> None:
    known = workshop.trained(KnownSentences, EXAMPLES)
    for confidence, intent in ((0.6, "domestic_violence_disclosed"), (0.75, "other_start_divorce_path")):
        ranking = [
            {"name": "other_start_divorce_path", "confidence": confidence},
            {"name": "domestic_violence_disclosed", "confidence": 0.2},
        ]
        message = Message(data={"text": "他打我我想离婚帮帮我", "intent": ranking[0], "intent_ranking": ranking})
        known.process(spelt(message))
        assert message.get("intent")["name"] == intent


def test_a_mere_question_starts_nothing(workshop: Any) -> None:
    known = workshop.trained(KnownSentences, EXAMPLES)
    ranking = [
        {"name": "other_start_protection_order", "confidence": 0.8},
        {"name": "domestic_violence_protection_order", "confidence": 0.15},
        {"name": "other_resume_flow", "confidence": 0.05},
    ]
    message = Message(data={"text": "保护令的申请书怎么写", "intent": ranking[0], "intent_ranking": ranking})
    known.process(spelt(message))
    assert message.get("intent") == {"name": "domestic_violence_protection_order", "confidence": 1.0}
    assert len(message.get("intent_ranking")) == 1


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("怎么申请法律援助", True),
        ("退款要准备什么材料", True),
        ("我这样算不算危险", True),
        ("你们讲的安全计划要写哪几样 我想学", True),
        ("请问保护令要交钱吗", True),
        ("帮我看看我危险不危险", False),
        ("能不能帮我写保护令申请书", False),
        ("我要写保护令", False),
        ("理一下离婚", False),
    ],
)
def test_a_question_is_told_from_a_wish(text: str, asks: bool) -> None:
    assert only_asks(text) is asks


@pytest.mark.parametrize("plea", ["帮帮我", "求求你们帮我一下", "我想请你们帮忙", "帮我想想办法", "麻烦你了", "开始吧"])
def test_a_bare_plea_starts_nothing(plea: str) -> None:
    assert len(not_named(plea)) == 8


def test_every_example_of_a_wish_says_so_and_names_its_matter() -> None:
    told = read_yaml_file(ROOT / "data/nlu/flows.yml")["nlu"]
    unsaid = [
        line
        for block in told
        for line in block["examples"].splitlines()
        if block["intent"] != "other_resume_flow" and (only_asks(line) or block["intent"] in not_named(line))
    ]
    assert unsaid == []
