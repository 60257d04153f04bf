"""Doubles and builders for Rasa's side: graph storage in a folder, an agent in memory, messages."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import Any, Iterator
from uuid import uuid4

import pytest
from flow_house import House, extractor, load, train
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from tests_support import spelt

CONTEXT = ExecutionContext(GraphSchema({}), node_name="tested")


class FolderStorage(ModelStorage):
    """Rasa's model storage, reduced to one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def write_to(self, resource: Resource) -> Iterator[Path]:
        yield self._folder

    @contextmanager
    def read_from(self, resource: Resource) -> Iterator[Path]:
        yield self._folder

    def create_model_package(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError

    @classmethod
    def create(cls, storage_path: Path) -> FolderStorage:
        return cls(storage_path)

    @classmethod
    def from_model_archive(cls, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError

    @classmethod
    def metadata_from_archive(cls, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError


class Workshop:
    """Creates, trains and loads graph components as Rasa would."""

    def __init__(self, folder: Path) -> None:
        self._storage = FolderStorage(folder)

    def create(self, component: Any, **config: Any) -> Any:
        return component.create(self._config(component, config), self._storage, Resource("it"), CONTEXT)

    def load(self, component: Any, **config: Any) -> Any:
        return component.load(self._config(component, config), self._storage, Resource("it"), CONTEXT)

    def trained(self, component: Any, examples: list[Message], **config: Any) -> Any:
        self.create(component, **config).train(TrainingData(spelt(*examples)))
        return self.load(component, **config)

    @staticmethod
    def _config(component: Any, config: dict[str, Any]) -> dict[str, Any]:
        return {**component.get_default_config(), **config}


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


@pytest.fixture(scope="session")
def rules_agent(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return load(train(tmp_path_factory.mktemp("rules_model")))


@pytest.fixture(scope="session")
def entity_reader() -> Any:
    return extractor()


@pytest.fixture
def house(rules_agent: Any, entity_reader: Any) -> House:
    """A new conversation with the project's own rules and actions."""
    return House(rules_agent, entity_reader, sender=uuid4().hex)
