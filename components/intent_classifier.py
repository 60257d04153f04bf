"""Intents by logistic regression over character n-grams and the sentence vector, if the pipeline makes one."""

from __future__ import annotations

from typing import Any

import numpy as np
import skops.io
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.linear_model import LogisticRegression

from components.held_out import is_held_out
from components.message_features import MessageFeatures
from components.normaliser import Normaliser

FILE = "intents.skops"
SHARPEST = 10.0


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CharacterIntentClassifier(IntentClassifier, GraphComponent):
    """Knows words by their characters (dialect, typos) and sentences by their vector; needs no tokenizer."""

    @classmethod
    def required_components(cls) -> list[type]:
        """See the parent class."""
        return [Normaliser]

    @staticmethod
    def required_packages() -> list[str]:
        return ["sklearn", "skops"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`regularisation` is scikit-learn's C; `vector_weight` is the vector's length beside the n-grams' 1."""
        return {"min_examples": 2, "vector_weight": 2.0, "regularisation": 5.0, "iterations": 100, "ranking_length": 10}

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._features = MessageFeatures(config["vector_weight"], config["min_examples"])
        self._regression = LogisticRegression(
            C=config["regularisation"], max_iter=config["iterations"], class_weight="balanced", random_state=7
        )
        self._sharpness = 1.0

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CharacterIntentClassifier:
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
    ) -> CharacterIntentClassifier:
        """See the parent class; skops refuses a file that holds anything but what `train` stores."""
        classifier = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            trained = skops.io.load(folder / FILE, trusted=MessageFeatures.TRUSTED_TYPES)
        fitted, classifier._regression, classifier._sharpness = trained
        classifier._features.restore(fitted)
        return classifier

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """See the parent class; a wrong value shows at once in training."""

    def train(self, training_data: TrainingData) -> Resource:
        """See the parent class. The examples held out only tell how sharp the shares must be to be true."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        kept = [example for example in examples if is_held_out(example.get(TEXT))]
        learnt = [example for example in examples if not is_held_out(example.get(TEXT))]
        self._regression.fit(self._features.fit(learnt), [example.get(INTENT) for example in learnt])
        if kept:
            self._sharpness = self._fitting_sharpness(kept)
        with self._storage.write_to(self._resource) as folder:
            skops.io.dump((self._features.fitted, self._regression, self._sharpness), folder / FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """See the parent class: sets each message's intent and ranking."""
        for message in messages:
            ranking = self._rank(message)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """See the parent class: later components need nothing from this one."""
        return training_data

    def _rank(self, message: Message) -> list[dict[str, Any]]:
        shares = softmax(self._sharpness * self._log_shares([message])[0])
        order = np.argsort(-shares)[: self._config["ranking_length"]]
        return [{"name": str(self._regression.classes_[at]), "confidence": float(shares[at])} for at in order]

    def _log_shares(self, messages: list[Message]) -> np.ndarray:
        return self._regression.predict_log_proba(self._features.of(messages))

    def _fitting_sharpness(self, kept: list[Message]) -> float:
        """What to multiply the log-odds by, so that a confidence is the share of answers that are right.

        So strongly regularised, the regression is right more often than it says (temperature scaling).
        """
        places = {intent: at for at, intent in enumerate(self._regression.classes_)}
        known = [message for message in kept if message.get(INTENT) in places]
        log_shares = self._log_shares(known)
        right = [places[message.get(INTENT)] for message in known]

        def loss(sharpness: float) -> float:
            return -float(log_softmax(sharpness * log_shares, axis=1)[np.arange(len(right)), right].mean())

        return float(minimize_scalar(loss, bounds=(0.1, SHARPEST), method="bounded").x) if known else 1.0
