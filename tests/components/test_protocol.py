"""The frontdoor protocol: what is accepted, what is refused, and nothing of hers in a refusal."""

from __future__ import annotations

import json

import pytest

from components.protocol import (
    MAX_TEXT_BYTES,
    BadRequest,
    NoReply,
    TooLarge,
    never_a_command,
    read_incoming,
    read_reply,
    render_understood,
)  # fmt: skip


def body(**changes: object) -> bytes:
    return json.dumps({"sender": "c1", "message_id": "m1", "text": "他打我", **changes}).encode()


def test_a_message_is_read() -> None:
    incoming = read_incoming(body())
    assert (incoming.sender, incoming.message_id, incoming.text) == ("c1", "m1", "他打我")


def test_the_text_is_not_in_the_repr() -> None:
    assert "他打我" not in repr(read_incoming(body()))


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"no json", b"[]", b"3", b'"abc"', b"null", b'{"sender":"c1"}', b"\xff\xfe", b"[" * 100_000,
        body(text=" \u3000\n"), body(text=7), body(text=None), body(sender=""), body(sender=5), body(sender="a\nb"),
        body(message_id=None), body(message_id="m" * 129), b'{"sender":"c","message_id":"m","text":"\\ud800"}',
    ],
)  # fmt: skip
def test_anything_else_is_refused(raw: bytes) -> None:
    with pytest.raises(BadRequest) as refused:
        read_incoming(raw)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


def test_the_longest_text_is_16_kib() -> None:
    assert read_incoming(body(text="a" * MAX_TEXT_BYTES)).text
    with pytest.raises(TooLarge):
        read_incoming(body(text="我" * (MAX_TEXT_BYTES // 3 + 1)))


def test_a_huge_body_is_not_even_parsed() -> None:
    with pytest.raises(TooLarge):
        read_incoming(b"x" * 200_000)


@pytest.mark.parametrize("text", ["/restart", " /restart", "\u3000/other_ask_human{}", "\x1c/back", "\n\t /x"])
def test_no_text_is_a_command(text: str) -> None:
    assert not never_a_command(text).strip().startswith("/")


def test_other_text_stays_as_it_is() -> None:
    assert never_a_command("1/2的房子 归谁") == "1/2的房子 归谁"


@pytest.mark.parametrize(
    ("message", "reply"),
    [
        ({"recipient_id": "c", "custom": {"answer": "divorce/debts"}}, {"answer": "divorce/debts"}),
        ({"recipient_id": "c", "text": "您好"}, {"text": "您好"}),
        ({"custom": {"choices": [{"intent": "a"}]}}, {"choices": [{"intent": "a"}]}),
    ],
)
def test_rasas_messages_become_replies(message: dict, reply: dict) -> None:
    assert read_reply(message) == reply


@pytest.mark.parametrize(
    "message",
    [{"image": "x"}, {"custom": []}, {"custom": {}}, {"custom": {"pay": 1}}, {"custom": {"answer": 1, "text": 2}}],
)
def test_what_the_bot_would_not_understand_is_no_reply(message: dict) -> None:
    with pytest.raises(NoReply):
        read_reply(message)


def test_the_ranking_is_the_top_three_without_the_fallback() -> None:
    ranking = [{"name": name, "confidence": 0.1} for name in ("nlu_fallback", "a", "b", "c", "d")]
    parsed = {"intent": {"name": "nlu_fallback", "confidence": 0.35}, "intent_ranking": ranking, "entities": []}
    understood = render_understood(parsed)
    assert understood["intent"] == "nlu_fallback"
    assert [ranked["intent"] for ranked in understood["ranking"]] == ["a", "b", "c"]
