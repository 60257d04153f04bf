"""The shape that our classifiers share: what they learn is named arrays, kept in one file of the model."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.linear_model import LogisticRegression
from typing_extensions import Self

from components.message_features import Arrays
from components.normaliser import Normaliser

FILE = "learnt.npz"


class Learnt(GraphComponent):
    """A component that `learn`s arrays from training data and, given them back by `restore`, judges messages."""

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource

    @classmethod
    def required_components(cls) -> list[type]:
        """See the parent class."""
        return [Normaliser]

    @staticmethod
    def required_packages() -> list[str]:
        return ["sklearn"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
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
    ) -> Self:
        """See the parent class; a file that holds anything but plain arrays is refused."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder, np.load(folder / FILE, allow_pickle=False) as file:
            component.restore({name: file[name] for name in file.files})
        return component

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """See the parent class; a wrong value shows at once in training."""

    def train(self, training_data: TrainingData) -> Resource:
        """See the parent class."""
        with self._storage.write_to(self._resource) as folder:
            np.savez(folder / FILE, **self.learn(training_data))
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """See the parent class: later components need nothing from this one."""
        return training_data

    def learn(self, training_data: TrainingData) -> Arrays:
        """What `restore` wants to be given."""
        raise NotImplementedError

    def restore(self, stored: Arrays) -> None:
        """Be able to judge messages from now on."""
        raise NotImplementedError


class Linear:
    """A fitted linear model: a score for each answer, by one column of weights each.

    Rows of weights lie together in memory, so that a message touches those of its own features alone; scikit-learn
    lays them out the other way and copies them all for each message.
    """

    def __init__(self, weights: np.ndarray, bias: np.ndarray) -> None:
        self._weights = np.ascontiguousarray(weights, np.float32)
        self._bias = bias.astype(np.float32)

    @classmethod
    def of(cls, regression: LogisticRegression) -> Self:
        """The same model as scikit-learn fitted it; of two answers, the first one's scores are 0."""
        weights, bias = regression.coef_.T, regression.intercept_
        if len(bias) == 1:
            weights, bias = np.hstack([np.zeros_like(weights), weights]), np.array([0, *bias])
        return cls(weights, bias)

    @classmethod
    def restore(cls, stored: Arrays, name: str) -> Self:
        """The model that was stored under this name."""
        return cls(stored[f"{name}.weights"], stored[f"{name}.bias"])

    def stored(self, name: str) -> Arrays:
        """What `restore` wants."""
        return {f"{name}.weights": self._weights, f"{name}.bias": self._bias}

    def scores(self, features: Any) -> np.ndarray:
        """A row for each row of features, a column for each answer."""
        return features @ self._weights + self._bias
