"""Which of the offered choices she takes: "2", "前面那个", "都不是"."""

from __future__ import annotations

import json
import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    INTENT,
    INTENT_RANKING_KEY,
    TEXT,
)  # fmt: skip
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.normaliser import NORMALISED, Normaliser, normalised

FILE = "choices.json"
LONGEST = 16  # characters; who takes a choice says little else
_NO_WORDS = re.compile(r"\[\w+\]|\W")  # moods at the end ("[笑]"), blanks, punctuation


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class ChoiceExtractor(EntityExtractorMixin, GraphComponent):
    """Learns the phrases that the examples of `intent` mark as `entity`, and has the last word on that intent.

    A message that is nothing but such a phrase or such an example is certain to be a choice: a bare "1" must
    not end as misunderstood because a classifier over whole sentences is not sure of one digit. And a message
    without such a phrase is none, however short and vague it is: the next likeliest intent takes its place.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """See the parent class."""
        return [Normaliser]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"intent": "other_choose", "entity": "choice"}

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._phrases: dict[str, str] = {}  # what examples mark, and the choice it stands for
        self._sentences: dict[str, str] = {}  # whole examples, likewise

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ChoiceExtractor:
        """See the parent class."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ChoiceExtractor:
        """See the parent class."""
        extractor = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            learnt = json.loads((folder / FILE).read_text(encoding="utf-8"))
        extractor._phrases, extractor._sentences = learnt["phrases"], learnt["sentences"]
        return extractor

    def train(self, training_data: TrainingData) -> Resource:
        """See the parent class."""
        for example in filter(self._is_choice, training_data.intent_examples):
            for entity in example.get(ENTITIES, []):
                value = str(entity[ENTITY_ATTRIBUTE_VALUE])
                self._sentences[bare(normalised(example))] = value
                self._phrases[bare(entity[NORMALISED])] = value
        learnt = {"phrases": self._phrases, "sentences": self._sentences}
        with self._storage.write_to(self._resource) as folder:
            (folder / FILE).write_text(json.dumps(learnt, ensure_ascii=False), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """See the parent class."""
        for message in messages:
            words = bare(normalised(message))
            exact = self._sentences.get(words) or self._phrases.get(words)
            value = exact or self._mentioned(words)
            if exact:
                self._rank(message, 1.0)
            elif self._is_choice(message) and value is None:
                self._rank(message, 0.0)
            found = [self._entity(message, value)] if value and self._is_choice(message) else []
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """See the parent class: later components need nothing from this one."""
        return training_data

    def _is_choice(self, message: Message) -> bool:
        intent = message.get(INTENT)
        name = intent.get("name") if isinstance(intent, dict) else intent
        return bool(name == self._config["intent"])

    def _rank(self, message: Message, certainty: float) -> None:
        """Make the choice certain, or impossible; the other intents share what is left as before."""
        name = self._config["intent"]
        others = [ranked for ranked in message.get(INTENT_RANKING_KEY, []) if ranked["name"] != name]
        total = sum(ranked["confidence"] for ranked in others) or 1.0
        ranking = [{**ranked, "confidence": (1 - certainty) * ranked["confidence"] / total} for ranked in others]
        ranking = [{"name": name, "confidence": certainty}, *ranking] if certainty or not ranking else ranking
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)

    def _mentioned(self, words: str) -> str | None:
        """What the longest known phrase in a short text stands for; "1" alone does not count, it is in "12338"."""
        phrases = [phrase for phrase in self._phrases if len(phrase) > 1 and phrase in words]
        return self._phrases[max(phrases, key=len)] if phrases and len(words) <= LONGEST else None

    def _entity(self, message: Message, value: str) -> dict[str, Any]:
        return {
            ENTITY_ATTRIBUTE_TYPE: self._config["entity"],
            ENTITY_ATTRIBUTE_VALUE: value,
            ENTITY_ATTRIBUTE_START: 0,
            ENTITY_ATTRIBUTE_END: len(message.get(TEXT)),
            "extractor": type(self).__name__,
        }


def bare(text: str) -> str:
    """The normalised text without moods, blanks and punctuation."""
    return _NO_WORDS.sub("", text)
