"""The project's own domain, rules and examples fit together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.utils.io import read_yaml_file

TOPICS = ("domestic_violence", "divorce", "child_game_refund", "parenting", "other")
PROPOSED = {"other_ask_human": "asked_for_person"}
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def domain() -> Domain:
    return Domain.load(str(ROOT / "domain.yml"))


@pytest.fixture(scope="module")
def rules() -> dict[str, list[str]]:
    """What each intent's rule does, action by action."""
    found: dict[str, list[str]] = {}
    for topic in TOPICS:
        for rule in read_yaml_file(ROOT / "data" / "rules" / f"{topic}.yml")["rules"]:
            first, *actions = rule["steps"]
            assert first["intent"] not in found
            found[first["intent"]] = [step["action"] for step in actions]
    return found


def own_intents(domain: Domain) -> list[str]:
    return [intent for intent in domain.intents if intent.startswith(TOPICS)]


def custom(domain: Domain, response: str) -> dict[str, Any]:
    return domain.responses[response][0]["custom"]


def test_every_intent_has_examples_and_a_rule(domain: Domain, rules: dict[str, list[str]]) -> None:
    examples = {block["intent"] for topic in TOPICS for block in read_yaml_file(ROOT / f"data/nlu/{topic}.yml")["nlu"]}
    assert sorted(examples) == sorted(own_intents(domain))
    assert set(rules) == {*own_intents(domain), "nlu_fallback"}


def test_every_rule_answers_with_its_own_article_and_proposes_a_person_only_where_it_should(
    domain: Domain, rules: dict[str, list[str]]
) -> None:
    for intent, (answer, *proposals) in rules.items():
        if intent in ("nlu_fallback", "other_choose"):
            continue
        topic = next(topic for topic in TOPICS if intent.startswith(topic))
        assert custom(domain, answer) == {"answer": f"{topic}/{intent[len(topic) + 1 :]}"}
        reasons = [custom(domain, proposal)["handoff"]["reason"] for proposal in proposals]
        assert reasons == ([PROPOSED[intent]] if intent in PROPOSED else [])


def test_every_answer_is_an_article(domain: Domain) -> None:
    answers = [custom(domain, name).get("answer") for name in domain.responses]
    missing = [key for key in answers if key and not (ROOT / f"data/knowledge/{key}.md").exists()]
    assert missing == []


def test_every_response_is_one_payload_of_the_protocol(domain: Domain) -> None:
    for name, variations in domain.responses.items():
        assert len(variations) == 1, name
        assert len(custom(domain, name)) == 1, name
