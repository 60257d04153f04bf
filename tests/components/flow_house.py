"""Rasa with the project's own domain, rules and actions, and a made-up understanding, to drive flows turn by turn."""

from __future__ import annotations

import logging
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Mapping

import structlog
from rasa.core.agent import Agent
from rasa.engine.storage.resource import Resource
from rasa.model_training import train_core
from rasa.shared.core.domain import Domain
from rasa.shared.nlu.training_data.message import Message
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

from components.entities.extractor import EntityExtractor
from components.protocol import Incoming
from components.tracker_store import SealedRedisTrackerStore
from components.turn import take_turn

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 22)
CORE_ONLY = """\
recipe: default.v1
assistant_id: flows
language: zh
pipeline: []
policies:
- name: RulePolicy
  enable_fallback_prediction: false
"""


class ActionsHere(EndpointConfig):
    """The action server, in this process."""

    def __init__(self) -> None:
        super().__init__()
        self._executor = ActionExecutor()
        self._executor.register_package("actions")

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """See the parent class."""
        return await self._executor.run(kwargs["json"])


def train(folder: Path) -> str:
    """A model of the rules alone; training takes seconds."""
    (folder / "config.yml").write_text(CORE_ONLY, encoding="utf-8")
    shutil.copytree(ROOT / "data" / "rules", folder / "rules")
    model = train_core(str(ROOT / "domain.yml"), str(folder / "config.yml"), str(folder / "rules"), str(folder))
    assert model is not None
    return str(model)


def load(model: str) -> Agent:
    """The model, with the project's own memory and actions, in this process."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    store = SealedRedisTrackerStore(Domain.load(str(ROOT / "domain.yml")))
    return Agent.load(model, tracker_store=store, action_endpoint=ActionsHere())


def extractor() -> EntityExtractor:
    """The real reader of entities, on a fixed day."""
    told = {name: (ROOT / "data" / f"{name}.yml").read_text(encoding="utf-8") for name in ("names", "regions")}
    storage: Any = None
    return EntityExtractor(told, storage, Resource("entities"), lambda: TODAY)


@dataclass
class Understood:
    """What the classifiers are to make of the next message."""

    intent: str = "nlu_fallback"
    confidence: float = 0.3
    level: str = "normal"


class Understanding:
    """Stands where Rasa's pipeline stands: entities are read for real, the intent is the test's."""

    def __init__(self, reader: EntityExtractor) -> None:
        self.next = Understood()
        self._reader = reader

    async def parse_message(self, message: Any) -> dict[str, Any]:
        read = Message.build(message.text)
        self._reader.process([read])
        intent = {"name": self.next.intent, "confidence": self.next.confidence}
        urgency = {"level": self.next.level, "alarm": 0.5, "critical": 0.1}
        return {
            "text": message.text, "intent": intent, "intent_ranking": [intent], "urgency": urgency,
            "entities": read.get("entities", []),
        }  # fmt: skip


@dataclass
class Told:
    """What one turn proposes."""

    replies: list[Mapping[str, Any]]

    def of(self, kind: str) -> list[Any]:
        return [reply[kind] for reply in self.replies if kind in reply]

    @property
    def question(self) -> str | None:
        """The words of what is asked, with or without options; the last text otherwise."""
        asked = [*self.of("question")]
        return asked[-1]["text"] if asked else None

    @property
    def options(self) -> list[str]:
        return list(self.of("question")[-1]["options"])

    @property
    def text(self) -> str:
        """All that is said in words."""
        return "\n".join([*self.of("text"), *(one["text"] for one in self.of("question"))])

    @property
    def flow(self) -> Mapping[str, Any]:
        return dict(self.of("flow")[-1])

    @property
    def answers(self) -> Mapping[str, Any]:
        return dict(self.flow["answers"])


@dataclass
class House:
    """One conversation with it."""

    agent: Agent
    reader: EntityExtractor
    sender: str
    number: int = 0

    def __post_init__(self) -> None:
        self.processor = Understanding(self.reader)
        self.tracker_store = self.agent.tracker_store

    def is_ready(self) -> bool:
        return True

    async def say(
        self, text: str, intent: str = "nlu_fallback", confidence: float = 0.9, level: str = "normal"
    ) -> Told:
        """One turn, as the door takes it."""
        self.number += 1
        self.processor.next = Understood(intent, 0.3 if intent == "nlu_fallback" else confidence, level)
        incoming = Incoming(self.sender, f"m{self.number}", text)
        answer = await take_turn(self, self.agent.handle_message, incoming)  # type: ignore[arg-type]
        return Told(answer["replies"])

    async def an_hour_passes(self) -> None:
        """Set all that happened back by an hour and a bit."""
        tracker = await self.agent.tracker_store.retrieve(self.sender)
        for event in tracker.events:
            event.timestamp -= 3700
        await self.agent.tracker_store.save(tracker)

    async def start(self, flow: str, text: str = "开始吧", level: str = "normal") -> Told:
        """Start a flow by its intent."""
        return await self.say(text, f"other_start_{flow}", 1.0, level)

    async def answer(self, *texts: str) -> Told:
        """Answer question after question; the last turn."""
        told = Told([])
        for text in texts:
            told = await self.say(text)
        return told
