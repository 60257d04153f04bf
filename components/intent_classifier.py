"""Intents by logistic regression over character n-grams and the sentence vector, if the pipeline makes one."""

from __future__ import annotations

import warnings
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
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from components.held_out import is_held_out
from components.message_features import MessageFeatures
from components.normaliser import Normaliser

FILE = "intents.skops"
SHARPEST = 10.0
VECTOR_ITERATIONS = 200


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
        """`regularisation` is scikit-learn's C; `share_of_runs` how much the n-grams' word counts beside the vector's.

        `iterations` of the n-grams' regression, stopped early: more cost minutes and change no answer.
        """
        return {
            "min_examples": 3, "vector_weight": 2.0, "regularisation": 5.0, "share_of_runs": 0.7, "iterations": 25,
            "ranking_length": 10,
        }  # fmt: skip

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._features = MessageFeatures(config["vector_weight"], config["min_examples"])
        self._by_runs = self._regression(config["iterations"])
        self._by_vectors: LogisticRegression | None = None
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
        fitted, classifier._by_runs, classifier._by_vectors, classifier._sharpness = trained
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
        self._fit(learnt)
        if kept:
            self._sharpness = self._fitting_sharpness(kept)
        trained = (self._features.fitted, self._by_runs, self._by_vectors, self._sharpness)
        with self._storage.write_to(self._resource) as folder:
            skops.io.dump(trained, folder / FILE)
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
        return [{"name": str(self._by_runs.classes_[at]), "confidence": float(shares[at])} for at in order]

    def _regression(self, iterations: int) -> LogisticRegression:
        return LogisticRegression(
            C=self._config["regularisation"], max_iter=iterations, class_weight="balanced", random_state=7
        )

    def _fit(self, learnt: list[Message]) -> None:
        intents = [example.get(INTENT) for example in learnt]
        self._features.fit(learnt)
        vectors = self._features.vectors(learnt)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # stopped early on purpose
            self._by_runs.fit(self._features.runs(learnt), intents)
            if vectors is not None:
                self._by_vectors = self._regression(VECTOR_ITERATIONS).fit(vectors, intents)

    def _log_shares(self, messages: list[Message]) -> np.ndarray:
        by_runs = self._by_runs.predict_log_proba(self._features.runs(messages))
        vectors = self._features.vectors(messages)
        if self._by_vectors is None or vectors is None:
            return by_runs
        share = self._config["share_of_runs"]
        return share * by_runs + (1 - share) * self._by_vectors.predict_log_proba(vectors)

    def _fitting_sharpness(self, kept: list[Message]) -> float:
        """What to multiply the log-odds by, so that a confidence is the share of answers that are right.

        So strongly regularised, the regression is right more often than it says (temperature scaling).
        """
        places = {intent: at for at, intent in enumerate(self._by_runs.classes_)}
        known = [message for message in kept if message.get(INTENT) in places]
        log_shares = self._log_shares(known)
        right = [places[message.get(INTENT)] for message in known]

        def loss(sharpness: float) -> float:
            return -float(log_softmax(sharpness * log_shares, axis=1)[np.arange(len(right)), right].mean())

        return float(minimize_scalar(loss, bounds=(0.1, SHARPEST), method="bounded").x) if known else 1.0
