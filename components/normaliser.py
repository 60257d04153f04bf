"""The first of the pipeline: evens out the spelling of each message, for the components after it to read."""

from __future__ import annotations

import inspect
from hashlib import sha256
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import ENTITIES, ENTITY_ATTRIBUTE_END, ENTITY_ATTRIBUTE_START, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components import spelling
from components.spelling import Spelling, read_spelling

NORMALISED = "normalised"
"""The message attribute set here; TEXT stays what she wrote, as the places of entities refer to it."""

FILE = "spelling.toml"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class Normaliser(GraphComponent):
    """Sets NORMALISED; what it learns is the tables of spellings, so that a model needs no file beside it."""

    @staticmethod
    def required_packages() -> list[str]:
        return ["opencc", "tomli"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`tables` is the file of the spellings; its own head explains it."""
        return {"tables": "data/spelling.toml"}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """See the parent class: the tables and the code that reads them stand in no data that Rasa sees.

        Rasa also asks, and drops the answer, when it takes this component from its cache; then the config is not ours.
        """
        if "tables" not in config:
            return None
        return sha256((_tables(config) + inspect.getsource(spelling)).encode()).hexdigest()

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, text: str) -> None:
        self._storage = model_storage
        self._resource = resource
        self._text = text
        self._spelling = _read(text, config)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Normaliser:
        """See the parent class; raises InvalidConfigException when the tables are missing or malformed."""
        return cls(config, model_storage, resource, _tables(config))

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Normaliser:
        """See the parent class."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, (folder / FILE).read_text(encoding="utf-8"))

    def train(self, training_data: TrainingData) -> Resource:
        """See the parent class."""
        with self._storage.write_to(self._resource) as folder:
            (folder / FILE).write_text(self._text, encoding="utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """See the parent class: also sets NORMALISED of each phrase that an example marks as an entity."""
        for example in self.process(training_data.training_examples):
            for entity in example.get(ENTITIES, []):
                phrase = example.get(TEXT)[entity[ENTITY_ATTRIBUTE_START] : entity[ENTITY_ATTRIBUTE_END]]
                entity[NORMALISED] = self._spelling.plain(phrase)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """See the parent class: sets NORMALISED of each message that has text."""
        for message in messages:
            if message.get(TEXT) is not None:
                message.set(NORMALISED, self._spelling.plain(message.get(TEXT)))
        return messages


def normalised(message: Message) -> str:
    """What the Normaliser made of a message's text, empty if it has none.

    Raises InvalidConfigException when no Normaliser saw the message.
    """
    words = message.get(NORMALISED)
    if words is None and message.get(TEXT) is not None:
        raise InvalidConfigException("components.normaliser.Normaliser must stand first in the pipeline of config.yml")
    return words or ""


def _tables(config: dict[str, Any]) -> str:
    try:
        return Path(config["tables"]).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidConfigException(f"the Normaliser cannot read its tables: {error}") from error


def _read(text: str, config: dict[str, Any]) -> Spelling:
    try:
        return read_spelling(text)
    except ValueError as error:
        raise InvalidConfigException(f"{config['tables']}: {error}") from error
