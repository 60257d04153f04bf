"""The client of Rasa: a proposal, or a plain refusal; never an empty answer, and no word of hers in an error."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from bot.conversation.dialogue import (
    AnswerProposed,
    ChoicesProposed,
    Entity,
    FlowProposed,
    HandoffProposed,
    Likelihood,
    PaperProposed,
    Proposed,
    QuestionProposed,
    ReferralProposed,
    TextProposed,
    Understanding,
)
from bot.conversation.errors import DialogueUnavailable
from bot.conversation.flows import FlowState, ReferralKind
from bot.conversation.levels import Level
from bot.dialogue import RasaDialogue, ScriptedDialogue

WORDS = "他昨晚又打我了"
UNDERSTOOD = {
    "intent": "divorce_custody",
    "confidence": 0.91,
    "ranking": [{"intent": "divorce_custody", "confidence": 0.91}, {"intent": "divorce_debts", "confidence": 0.05}],
    "entities": [],
}

Handler = Callable[[httpx.Request], httpx.Response]


def asking(handler: Handler) -> RasaDialogue:
    """A client whose wire ends here."""
    return RasaDialogue(httpx.AsyncClient(transport=httpx.MockTransport(handler), base_url="http://rasa"))


def answering(body: Any, status: int = 200) -> RasaDialogue:
    return asking(lambda _: httpx.Response(status, json=body))


async def refusal(dialogue: RasaDialogue) -> str:
    """What is said of an answer that cannot be used."""
    with pytest.raises(DialogueUnavailable) as raised:
        await dialogue.ask("c1", "m1", WORDS)
    await dialogue.close()
    assert raised.value.__cause__ is None
    return str(raised.value)


async def test_a_message_is_asked_about_as_the_channel_wants_it() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"understood": UNDERSTOOD, "replies": [{"answer": "divorce/custody"}]})

    dialogue = asking(answer)
    assert await dialogue.ask("c1", "m1", WORDS) == Proposed(
        Understanding(
            "divorce_custody", 0.91, (Likelihood("divorce_custody", 0.91), Likelihood("divorce_debts", 0.05))
        ),
        (AnswerProposed("divorce/custody"),),
    )
    await dialogue.close()
    (request,) = seen
    assert (request.method, request.url.path) == ("POST", "/webhooks/frontdoor/webhook")
    assert json.loads(request.content) == {"sender": "c1", "message_id": "m1", "text": WORDS}


async def test_every_kind_of_reply_is_a_proposal_in_its_order() -> None:
    dialogue = answering(
        {
            "understood": UNDERSTOOD,
            "replies": [
                {"text": "孩子几岁？"},
                {"choices": [{"intent": "divorce_custody"}, {"intent": "divorce_debts", "title": "x"}]},
                {"handoff": {"level": "critical", "reason": "danger_understood"}},
                {"answer": "divorce/custody"},
                {"question": {"text": "孩子几岁？", "options": ["不满八岁", "八岁以上"]}},
                {
                    "flow": {
                        "name": "child_game_refund",
                        "state": "asking",
                        "answers": {"child_age": 9, "evidence": ["账单"], "sum": {"low": 1, "high": 2, "about": True}},
                    }
                },
                {"paper": {"flow": "child_game_refund"}},
                {"referral": {"kind": "legal_aid"}},
            ],
        }
    )
    proposed = await dialogue.ask("c1", "m1", WORDS)
    await dialogue.close()
    assert proposed.proposals == (
        TextProposed("孩子几岁？"),
        ChoicesProposed(("divorce_custody", "divorce_debts")),
        HandoffProposed(Level.CRITICAL, "danger_understood"),
        AnswerProposed("divorce/custody"),
        QuestionProposed("孩子几岁？", ("不满八岁", "八岁以上")),
        FlowProposed(
            "child_game_refund",
            FlowState.ASKING,
            {"child_age": 9, "evidence": ("账单",), "sum": {"low": 1, "high": 2, "about": True}},
        ),
        PaperProposed("child_game_refund"),
        ReferralProposed(ReferralKind.LEGAL_AID),
    )


async def test_how_likely_a_person_is_needed_comes_along() -> None:
    dialogue = answering({"understood": {**UNDERSTOOD, "alarm": 0.8}, "replies": [{"text": WORDS}]})
    proposed = await dialogue.ask("c1", "m1", WORDS)
    await dialogue.close()
    assert proposed.understanding.alarm == 0.8


async def test_what_the_message_names_comes_with_its_value_and_place() -> None:
    amount = {"low": 12000, "high": 13000, "about": True}
    entities = [
        {"entity": "age", "value": 9, "start": 1, "end": 3},
        {"entity": "date", "value": "2026-02", "start": 4, "end": 7},
        {"entity": "money", "value": amount, "start": 8, "end": 13},
    ]
    dialogue = answering({"understood": {**UNDERSTOOD, "entities": entities}, "replies": [{"text": WORDS}]})
    proposed = await dialogue.ask("c1", "m1", WORDS)
    await dialogue.close()
    assert proposed.understanding.entities == (
        Entity("age", 9, 1, 3),
        Entity("date", "2026-02", 4, 7),
        Entity("money", amount, 8, 13),
    )


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        "好",
        {"understood": UNDERSTOOD},
        {"understood": UNDERSTOOD, "replies": []},
        {"understood": UNDERSTOOD, "replies": [{}]},
        {"understood": UNDERSTOOD, "replies": ["answer"]},
        {"understood": UNDERSTOOD, "replies": [5]},
        {"understood": UNDERSTOOD, "replies": [{"image": "http://x"}]},
        {"understood": UNDERSTOOD, "replies": [{"answer": "a", "text": "b"}]},
        {"understood": UNDERSTOOD, "replies": [{"handoff": {"level": "huge", "reason": "x"}}]},
        {"understood": UNDERSTOOD, "replies": [{"choices": [{}]}]},
        {"understood": UNDERSTOOD, "replies": [{"question": {"text": "孩子几岁？"}}]},
        {"understood": UNDERSTOOD, "replies": [{"flow": {"name": "none", "state": "asking", "answers": {}}}]},
        {"understood": UNDERSTOOD, "replies": [{"flow": {"name": "referral", "state": "gone", "answers": {}}}]},
        {"understood": UNDERSTOOD, "replies": [{"paper": {"flow": "none"}}]},
        {"understood": UNDERSTOOD, "replies": [{"referral": {"kind": "none"}}]},
        {"understood": {**UNDERSTOOD, "confidence": "sure"}, "replies": [{"text": WORDS}]},
        {"understood": {**UNDERSTOOD, "ranking": None}, "replies": [{"text": WORDS}]},
        {"understood": {**UNDERSTOOD, "entities": None}, "replies": [{"text": WORDS}]},
        {"understood": {**UNDERSTOOD, "entities": [{"entity": "age"}]}, "replies": [{"text": WORDS}]},
        {
            "understood": {**UNDERSTOOD, "entities": [{"entity": "age", "value": None, "start": 0, "end": 1}]},
            "replies": [{"text": WORDS}],
        },
    ],
    ids=repr,
)
async def test_an_answer_that_is_not_one_is_refused(body: Any) -> None:
    assert await refusal(answering(body)) == "answer not understood"


@pytest.mark.parametrize("status", [204, 302, 400, 413, 500, 502, 503])
async def test_any_status_but_200_is_refused(status: int) -> None:
    body = {"understood": UNDERSTOOD, "replies": [{"text": WORDS}]}
    assert await refusal(answering(body, status)) == f"status {status}"


@pytest.mark.parametrize("content", [b"", b"<html>", b"\xff\xfe{", '{"text": "他昨晚又打我了'.encode()])
async def test_what_is_not_json_is_refused_without_quoting_it(content: bytes) -> None:
    assert WORDS not in await refusal(asking(lambda _: httpx.Response(200, content=content)))


@pytest.mark.parametrize(
    "error",
    [
        httpx.ConnectError,
        httpx.ConnectTimeout,
        httpx.ReadTimeout,
        httpx.WriteTimeout,
        httpx.PoolTimeout,
        httpx.RemoteProtocolError,
    ],
)
async def test_a_rasa_that_is_down_or_slow_is_refused(error: type[httpx.TransportError]) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise error(WORDS)

    assert await refusal(asking(fail)) == error.__name__


@pytest.mark.parametrize(("status", "ready"), [(200, True), (503, False)])
async def test_readiness_is_what_rasa_says(status: int, ready: bool) -> None:
    dialogue = answering({}, status)
    assert await dialogue.ready() is ready
    await dialogue.close()


async def test_a_rasa_that_is_down_is_not_ready() -> None:
    dialogue = RasaDialogue.connect("http://127.0.0.1:9")
    assert await dialogue.ready() is False
    assert await refusal(dialogue) == "ConnectError"


async def test_the_script_answers_what_it_knows_and_fails_while_down() -> None:
    known = Proposed(Understanding("other_thanks", 1.0), (AnswerProposed("other/thanks"),))
    dialogue = ScriptedDialogue({"谢谢": known})
    assert await dialogue.ask("c1", "m1", "谢谢") == known
    assert (await dialogue.ask("c1", "m2", "别的")).proposals == (AnswerProposed("other/not_understood"),)
    dialogue.down = True
    with pytest.raises(DialogueUnavailable):
        await dialogue.ask("c1", "m3", "谢谢")
    assert dialogue.asked == ["谢谢", "别的", "谢谢"]
