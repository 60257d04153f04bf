"""The frontdoor protocol: what the bot sends, what it gets back, and each way it can be refused.

FrontDoorError
├── BadRequest  400 bad_request  not JSON, a field missing or of the wrong kind, nothing but blanks
├── TooLarge    413 too_large    more text than a person types
├── NoReply     502 no_reply     Rasa produced nothing, or one of its actions failed
└── NoModel     503 no_model     no trained model is loaded
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

MAX_TEXT_BYTES = 16 * 1024
MAX_BODY_BYTES = 128 * 1024  # the longest text, each byte escaped as \uXXXX, and the ids
MAX_ID_CHARACTERS = 128
RANKED = 3
FALLBACK_INTENT = "nlu_fallback"
REPLY_KINDS = frozenset({"answer", "text", "handoff", "choices", "question", "flow", "paper", "referral"})

Json = dict[str, Any]


class FrontDoorError(Exception):
    """A refusal; `status` is the HTTP status and `code` all that the caller is told."""

    status = 500
    code = "internal"


class BadRequest(FrontDoorError):
    """The request is not one of the protocol."""

    status, code = 400, "bad_request"


class TooLarge(FrontDoorError):
    """The text is longer than MAX_TEXT_BYTES in UTF-8."""

    status, code = 413, "too_large"


class NoReply(FrontDoorError):
    """The turn produced nothing to say, or only part of it; an empty answer must not pass for silence."""

    status, code = 502, "no_reply"


class NoModel(FrontDoorError):
    """Rasa runs without a model."""

    status, code = 503, "no_model"


@dataclass(frozen=True)
class Incoming:
    """One message of one conversation; its text is kept out of the repr."""

    sender: str
    message_id: str
    text: str

    def __repr__(self) -> str:
        return f"Incoming({self.sender!r}, {self.message_id!r})"


def read_incoming(body: bytes) -> Incoming:
    """Parse a request's body; raises BadRequest or TooLarge."""
    if len(body) > MAX_BODY_BYTES:
        raise TooLarge
    try:
        fields = json.loads(body)
        sender, message_id, text = fields["sender"], fields["message_id"], fields["text"]
        size = len(text.encode())
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        # `from None`: a decoding error carries the text in its arguments
        raise BadRequest from None
    if size > MAX_TEXT_BYTES:
        raise TooLarge
    if not (_is_id(sender) and _is_id(message_id) and text.strip()):
        raise BadRequest
    return Incoming(sender, message_id, text)


def _is_id(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_ID_CHARACTERS and value.isprintable()


def never_a_command(text: str) -> str:
    """The text with a leading slash made full-width: Rasa takes "/restart" and "/intent{...}" as commands."""
    stripped = text.strip()
    return "／" + stripped[1:] if stripped.startswith("/") else stripped


def read_reply(message: Json) -> Json:
    """One message of Rasa's output channel as a reply of the protocol; raises NoReply if it is none."""
    reply = message["custom"] if "custom" in message else _words(message)
    if not isinstance(reply, dict) or len(reply) != 1 or not REPLY_KINDS.issuperset(reply):
        raise NoReply
    return reply


def _words(message: Json) -> Json:
    """A text, or with buttons a question: what she taps is told back as she would write it (docs/adr/0013)."""
    if "text" not in message:
        return {}
    if not message.get("buttons"):
        return {"text": message["text"]}
    return {"question": {"text": message["text"], "options": [button["title"] for button in message["buttons"]]}}


def render_understood(parsed: Json) -> Json:
    """What Rasa's NLU made of the message: intent, its confidence, the likeliest RANKED, the entities, and how likely
    a person is needed (None without a model of levels)."""
    ranking = [ranked for ranked in parsed.get("intent_ranking", []) if ranked["name"] != FALLBACK_INTENT]
    return {
        "intent": parsed["intent"]["name"],
        "confidence": parsed["intent"]["confidence"],
        "ranking": [{"intent": ranked["name"], "confidence": ranked["confidence"]} for ranked in ranking[:RANKED]],
        "alarm": parsed.get("urgency", {}).get("alarm"),
        "entities": [
            {key: entity.get(key) for key in ("entity", "value", "start", "end")} for entity in parsed["entities"]
        ],
    }
