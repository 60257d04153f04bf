"""Ask Rasa what it understood and proposes, through its `frontdoor` channel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import httpx

from bot.conversation.dialogue import (
    AnswerProposed,
    ChoicesProposed,
    Entity,
    EntityValue,
    FlowProposed,
    HandoffProposed,
    Likelihood,
    PaperProposed,
    Proposal,
    Proposed,
    QuestionProposed,
    ReferralProposed,
    TextProposed,
    Understanding,
)
from bot.conversation.errors import DialogueUnavailable
from bot.conversation.flows import FLOWS, Answer, FlowState, ReferralKind
from bot.conversation.levels import Level

WEBHOOK = "/webhooks/frontdoor/webhook"
READY = "/webhooks/frontdoor/ready"

TIMEOUT = httpx.Timeout(connect=0.5, read=3.0, write=0.5, pool=0.5)
"""Seconds. Together they leave the turn time to answer inside WeChat's five seconds."""


class RasaDialogue:
    """The assistant behind a base URL such as http://127.0.0.1:5005."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    @staticmethod
    def connect(base_url: str, timeout: httpx.Timeout = TIMEOUT) -> RasaDialogue:
        """A client of the Rasa at this address; nothing is connected yet."""
        limits = httpx.Limits(max_connections=64, max_keepalive_connections=16)
        return RasaDialogue(httpx.AsyncClient(base_url=base_url, timeout=timeout, limits=limits, trust_env=False))

    async def ask(self, conversation_id: str, message_id: str, text: str) -> Proposed:
        """Raises DialogueUnavailable when Rasa is down, slow, or answers with an error or with nothing."""
        body = {"sender": conversation_id, "message_id": message_id, "text": text}
        try:
            response = await self._client.post(WEBHOOK, json=body)
            answer = response.json() if response.content else {}
        except (httpx.HTTPError, ValueError) as error:
            raise DialogueUnavailable(type(error).__name__) from None
        if response.status_code != httpx.codes.OK:
            raise DialogueUnavailable(f"status {response.status_code}")
        try:
            return parse_proposed(answer)
        except (KeyError, TypeError, ValueError):
            raise DialogueUnavailable("answer not understood") from None

    async def ready(self) -> bool:
        """Whether a model is loaded."""
        try:
            return (await self._client.get(READY)).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def parse_proposed(answer: Mapping[str, Any]) -> Proposed:
    """The channel's JSON as our types; raises KeyError, TypeError or ValueError for anything else."""
    understood = answer["understood"]
    understanding = Understanding(
        intent=str(understood["intent"]),
        confidence=float(understood["confidence"]),
        ranking=tuple(Likelihood(str(row["intent"]), float(row["confidence"])) for row in understood["ranking"]),
        entities=tuple(map(_parse_entity, understood["entities"])),
        alarm=float(understood.get("alarm") or 0.0),  # None where the assistant has not learnt levels
    )
    proposals = tuple(_parse_proposal(reply) for reply in answer["replies"])
    if not proposals:
        raise ValueError("no replies")
    return Proposed(understanding, proposals)


def _parse_entity(row: Mapping[str, Any]) -> Entity:
    return Entity(str(row["entity"]), _parse_value(row["value"]), int(row["start"]), int(row["end"]))


def _parse_value(value: object) -> EntityValue:
    if isinstance(value, dict):
        return {str(name): _parse_part(part) for name, part in value.items()}
    return _parse_part(value)


def _parse_part(value: object) -> str | float | bool:
    if not isinstance(value, str | int | float):
        raise TypeError("neither words nor a number")
    return value


def _parse_answer(value: object) -> Answer:
    if isinstance(value, list):
        return tuple(str(part) for part in value)
    return _parse_value(value)


def _parse_flow(fields: Mapping[str, Any]) -> FlowProposed:
    answers = {str(name): _parse_answer(value) for name, value in fields["answers"].items()}
    return FlowProposed(_flow_name(fields["name"]), FlowState(fields["state"]), answers)


def _flow_name(name: object) -> str:
    if name not in FLOWS:
        raise ValueError("no such flow")
    return str(name)


def _parse_proposal(reply: Mapping[str, Any]) -> Proposal:
    (name,) = reply
    return _PROPOSALS[name](reply[name])


_PROPOSALS: Mapping[str, Callable[[Any], Proposal]] = {
    "answer": lambda key: AnswerProposed(str(key)),
    "text": lambda text: TextProposed(str(text)),
    "choices": lambda rows: ChoicesProposed(tuple(str(row["intent"]) for row in rows)),
    "handoff": lambda fields: HandoffProposed(Level(fields["level"]), str(fields["reason"])),
    "question": lambda fields: QuestionProposed(str(fields["text"]), tuple(map(str, fields["options"]))),
    "flow": _parse_flow,
    "paper": lambda fields: PaperProposed(_flow_name(fields["flow"])),
    "referral": lambda fields: ReferralProposed(ReferralKind(fields["kind"])),
}
