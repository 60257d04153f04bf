"""Intents by logistic regression over character n-grams and the sentence vector, if the pipeline makes one."""

from __future__ import annotations

from typing import Any, Iterable

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
from scipy.sparse import csr_matrix, hstack
from scipy.special import softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from components.normalise import normalise

FILE = "intents.skops"
TRUSTED_TYPES = ["scipy.sparse._csr.csr_matrix"]  # beside scikit-learn's own: the n-grams' weights


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CharacterIntentClassifier(IntentClassifier, GraphComponent):
    """Knows words by their characters (dialect, typos) and sentences by their vector; needs no tokenizer."""

    @staticmethod
    def required_packages() -> list[str]:
        return ["sklearn", "skops"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`regularisation` is scikit-learn's C; `vector_weight` is the vector's length beside the n-grams' 1.

        `sharpness` multiplies the log-odds: so strongly regularised, the regression is right twice as often as
        it says, and with 2 its confidence is the share of answers that are right (docs/adr/0003).
        """
        return {
            "max_ngram": 3, "min_examples": 3, "vector_weight": 1.0,
            "regularisation": 5.0, "iterations": 100, "sharpness": 2.0, "ranking_length": 10,
        }  # fmt: skip

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._grams = TfidfVectorizer(
            analyzer="char",
            ngram_range=(1, config["max_ngram"]),
            min_df=config["min_examples"],
            sublinear_tf=True,
            dtype=np.float32,
        )
        self._scaler = StandardScaler()
        self._regression = LogisticRegression(
            C=config["regularisation"], max_iter=config["iterations"], class_weight="balanced", random_state=7
        )

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
            trained = skops.io.load(folder / FILE, trusted=TRUSTED_TYPES)
        classifier._grams, classifier._scaler, classifier._regression = trained
        return classifier

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """See the parent class; a wrong value shows at once in training."""

    def train(self, training_data: TrainingData) -> Resource:
        """See the parent class."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        self._grams.fit(_texts(examples))
        vectors = _vectors(examples)
        if vectors is not None:
            self._scaler.fit(vectors)
        self._regression.fit(self._features(examples), [example.get(INTENT) for example in examples])
        with self._storage.write_to(self._resource) as folder:
            skops.io.dump((self._grams, self._scaler, self._regression), folder / FILE)
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
        log_shares = self._regression.predict_log_proba(self._features([message]))[0]
        shares = softmax(self._config["sharpness"] * log_shares)
        order = np.argsort(-shares)[: self._config["ranking_length"]]
        return [{"name": str(self._regression.classes_[at]), "confidence": float(shares[at])} for at in order]

    def _features(self, messages: list[Message]) -> csr_matrix:
        grams = self._grams.transform(_texts(messages))
        vectors = _vectors(messages)
        if vectors is None:
            return grams
        scaled = self._scaler.transform(vectors) * (self._config["vector_weight"] / np.sqrt(vectors.shape[1]))
        return hstack([grams, csr_matrix(scaled, dtype=np.float32)]).tocsr()


def _texts(messages: Iterable[Message]) -> list[str]:
    return [normalise(message.get(TEXT) or "") for message in messages]


def _vectors(messages: Iterable[Message]) -> np.ndarray | None:
    """The sentence vectors of all messages, a row each, or None if the pipeline makes none."""
    rows = [message.get_dense_features(TEXT)[1] for message in messages]
    if any(row is None for row in rows):
        return None
    return np.vstack([row.features for row in rows])
