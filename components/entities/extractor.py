"""The graph component that adds the entities to a message."""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Callable, Mapping
from zoneinfo import ZoneInfo

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    EXTRACTOR,
    TEXT,
)  # fmt: skip
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.entities.found import Found
from components.entities.names import Names
from components.entities.reading import read_entities

PARTS = ("names", "regions")
_CHINA = ZoneInfo("Asia/Shanghai")

Clock = Callable[[], date]


def today() -> date:
    """The day in China."""
    return datetime.now(_CHINA).date()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class EntityExtractor(EntityExtractorMixin, GraphComponent):
    """Adds `money`, `date`, `age`, `platform`, `region` and `relation`; what others added stays.

    Their values, and which libraries they rest on: docs/adr/0012-entities.md. What it learns is the lists of names, so
    that a model needs no file beside it.
    """

    @staticmethod
    def required_packages() -> list[str]:
        return ["ahocorasick_rs", "borax", "cn2an", "opencc"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`names` and `regions` are the files of the names; their own heads explain them."""
        return {"names": "data/names.yml", "regions": "data/regions.yml"}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """See the parent class: the names stand in no data that Rasa sees.

        Rasa also asks, and drops the answer, when it takes this component from its cache; then the config is not ours.
        """
        if not {*PARTS} <= config.keys():
            return None
        return sha256("".join(_told(config).values()).encode()).hexdigest()

    def __init__(
        self, told: Mapping[str, str], model_storage: ModelStorage, resource: Resource, clock: Clock = today
    ) -> None:
        self._told = told
        self._storage = model_storage
        self._resource = resource
        self._clock = clock
        try:
            self._names = Names.read(told["names"], told["regions"])
        except ValueError as error:
            raise InvalidConfigException(str(error)) from error

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EntityExtractor:
        """See the parent class; raises InvalidConfigException when the names are missing or malformed."""
        return cls(_told(config), model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> EntityExtractor:
        """See the parent class."""
        with model_storage.read_from(resource) as folder:
            told = {part: (folder / f"{part}.yml").read_text(encoding="utf-8") for part in PARTS}
        return cls(told, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """See the parent class."""
        with self._storage.write_to(self._resource) as folder:
            for part, text in self._told.items():
                (folder / f"{part}.yml").write_text(text, encoding="utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """See the parent class: later components need nothing from this one."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """See the parent class. Days are told from the day on which the message is read."""
        for message in messages:
            found = read_entities(message.get(TEXT) or "", self._names, self._clock())
            entities = message.get(ENTITIES, []) + [self._entity(one) for one in found]
            message.set(ENTITIES, entities, add_to_output=True)
        return messages

    def _entity(self, one: Found) -> dict[str, Any]:
        return {
            ENTITY_ATTRIBUTE_TYPE: one.kind,
            ENTITY_ATTRIBUTE_VALUE: one.value,
            ENTITY_ATTRIBUTE_START: one.start,
            ENTITY_ATTRIBUTE_END: one.end,
            EXTRACTOR: type(self).__name__,
        }


def _told(config: dict[str, Any]) -> dict[str, str]:
    try:
        return {part: Path(config[part]).read_text(encoding="utf-8") for part in PARTS}
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidConfigException(f"the EntityExtractor cannot read its names: {error}") from error
