"""The project's own domain, rules and examples fit together."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.utils.io import read_yaml_file

import actions.call_back
import actions.child_game_refund
import actions.divorce_path
import actions.parenting_help
import actions.protection_order
import actions.referral
import actions.safety_check  # noqa: F401
from actions.form import FlowEnd, FlowForm
from actions.guide import Guide
from actions.questions import read_options

FLOWS = (
    "safety_check", "protection_order", "child_game_refund", "divorce_path", "parenting_help", "referral", "call_back",
)  # fmt: skip
TOPICS = ("domestic_violence", "divorce", "child_game_refund", "parenting", "other")
PROPOSED = {"other_ask_human": "asked_for_person"}
MADE_OF_PARTS = (
    "intro", "flow", "safety_check", "safety_evidence", "refund", "divorce_path", "parenting_help", "referral",
    "call_back",
)  # fmt: skip
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def domain() -> Domain:
    return Domain.load(str(ROOT / "domain.yml"))


@pytest.fixture(scope="module")
def rules() -> dict[str, list[str]]:
    """What each intent's rule does, action by action."""
    found: dict[str, list[str]] = {}
    for file in (*TOPICS, "flows"):
        for rule in read_yaml_file(ROOT / "data" / "rules" / f"{file}.yml")["rules"]:
            first, *actions = rule["steps"]
            if "condition" in rule:  # what ends a form
                continue
            assert first["intent"] not in found
            found[first["intent"]] = [step["action"] for step in actions if "action" in step]
    return found


def own_intents(domain: Domain) -> list[str]:
    return [intent for intent in domain.intents if intent.startswith(TOPICS)]


def all_actions() -> str:
    """The code of all actions."""
    return "".join(path.read_text("utf-8") for path in (ROOT / "actions").glob("*.py"))


def custom(domain: Domain, response: str) -> dict[str, Any]:
    return domain.responses[response][0]["custom"]


def test_every_intent_has_examples_and_a_rule(domain: Domain, rules: dict[str, list[str]]) -> None:
    files = [ROOT / f"data/nlu/{file}.yml" for file in (*TOPICS, "flows")]
    examples = {block["intent"] for file in files for block in read_yaml_file(file)["nlu"]}
    assert sorted(examples) == sorted(own_intents(domain))
    assert set(rules) == {*own_intents(domain), "nlu_fallback"}


def test_every_rule_answers_with_its_own_article_and_proposes_a_person_only_where_it_should(
    domain: Domain, rules: dict[str, list[str]]
) -> None:
    for intent, (answer, *proposals) in rules.items():
        if intent in ("nlu_fallback", "other_choose") or intent.startswith(("other_start_", "other_resume_")):
            continue
        topic = next(topic for topic in TOPICS if intent.startswith(topic))
        assert custom(domain, answer) == {"answer": f"{topic}/{intent[len(topic) + 1 :]}"}
        reasons = [custom(domain, proposal)["handoff"]["reason"] for proposal in proposals]
        assert reasons == ([PROPOSED[intent]] if intent in PROPOSED else [])


def test_every_answer_is_an_article(domain: Domain) -> None:
    answers = [variations[0].get("custom", {}).get("answer") for variations in domain.responses.values()]
    missing = [key for key in answers if key and not (ROOT / f"data/knowledge/{key}.md").exists()]
    assert missing == []


def test_every_response_is_one_payload_of_the_protocol_or_words_with_what_is_offered(domain: Domain) -> None:
    for name, (variation, *others) in domain.responses.items():
        assert not others, name
        assert len(variation.get("custom", {"text": ""})) == 1, name
        assert variation.keys() in ({"custom"}, {"text"}, {"text", "buttons"}), name
        for button in variation.get("buttons", ()):
            assert button["payload"] == button["title"], name  # who taps says the words


@pytest.mark.parametrize("guide", [form.guide for form in FlowForm.__subclasses__()], ids=lambda guide: guide.flow.name)
def test_each_question_of_a_flow_has_its_slot_its_words_and_an_option_for_each_code(
    domain: Domain, guide: Guide
) -> None:
    flow = guide.flow
    assert domain.required_slots_for_form(flow.form) == [flow.slot(question.key) for question in flow.questions]
    for question in flow.questions:
        options = read_options({"responses": domain.responses}, flow, question)
        assert len(options) == len(question.codes), question.key
        assert question.called


def test_all_flows_are_there() -> None:
    assert {form.guide.flow.name for form in FlowForm.__subclasses__()} == {*FLOWS}
    assert {end.guide.flow.name for end in FlowEnd.__subclasses__()} == {*FLOWS}


def test_what_actions_say_stands_in_the_domain(domain: Domain) -> None:
    told = {*re.findall(r'"(utter_\w+)"', all_actions())}
    assert told - {*domain.responses} == set()


def test_nothing_is_kept_in_the_domain_that_nobody_says(domain: Domain) -> None:
    code = all_actions()
    made = {f"utter_safety_plan_{line}" for line in re.findall(r'"(\w+)"', code)}
    made |= {f"utter_{stem}_{end}" for stem in MADE_OF_PARTS for end in re.findall(r'"(\w+)"', code)}
    flows = [name for name, (variation, *_) in domain.responses.items() if "text" in variation]
    unsaid = [name for name in flows if name not in code and name not in made and not name.startswith("utter_ask_")]
    assert unsaid == []
