"""How urgently a person is needed, learnt from the examples whose metadata names a level."""

from __future__ import annotations

from typing import Any, Iterable

import numpy as np
import skops.io
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import METADATA, METADATA_INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from components.held_out import is_held_out
from components.message_features import MessageFeatures
from components.normaliser import Normaliser

URGENCY = "urgency"
"""The message attribute set here: {"level": "critical", "high" or "normal", "alarm": 0..1, "critical": 0..1}."""

FILE = "levels.skops"
QUESTIONS = {"alarm": ("critical", "high"), "critical": ("critical",)}
FALSE_SHARES = {"alarm": "false_alarms", "critical": "false_critical"}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LevelClassifier(GraphComponent):
    """Two probabilities for each message: that a person is needed, and that life or bodily safety is at stake now.

    Each is a logistic regression, made honest by a second one over the examples that were held out (Platt).
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """See the parent class."""
        return [Normaliser]

    @staticmethod
    def required_packages() -> list[str]:
        return ["sklearn", "skops"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`regularisation` is scikit-learn's C; `vector_weight` is the vector's length beside the n-grams' 1.

        `false_alarms` and `false_critical` are the shares of the normal examples held out that may be taken for
        urgent and for critical: they set from which probability on a message is (docs/adr/0011).
        """
        return {"vector_weight": 2.0, "regularisation": 5.0, "false_alarms": 0.10, "false_critical": 0.03}

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._features = MessageFeatures(config["vector_weight"])
        self._answers: dict[str, tuple[LogisticRegression, LogisticRegression]] = {}
        self._thresholds: dict[str, float] = {}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LevelClassifier:
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
    ) -> LevelClassifier:
        """See the parent class; skops refuses a file that holds anything but what `train` stores."""
        classifier = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            trained = skops.io.load(folder / FILE, trusted=MessageFeatures.TRUSTED_TYPES)
        fitted, classifier._answers, classifier._thresholds = trained
        classifier._features.restore(fitted)
        return classifier

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """See the parent class; a wrong value shows at once in training."""

    def train(self, training_data: TrainingData) -> Resource:
        """See the parent class. Without any labelled example, nothing is learnt and no message gets an urgency."""
        labelled = [example for example in training_data.training_examples if _label(example)]
        learnt = [example for example in labelled if not is_held_out(example.get(TEXT))]
        kept = [example for example in labelled if is_held_out(example.get(TEXT))]
        if learnt and kept:
            self._features.fit(learnt)
            features, kept_features = self._features.both(learnt), self._features.both(kept)
            for question, levels in QUESTIONS.items():
                regression = LogisticRegression(C=self._config["regularisation"], solver="liblinear", random_state=7)
                regression.fit(features, _answers(learnt, levels))
                sure = LogisticRegression(C=1e6).fit(_scores(regression, kept_features), _answers(kept, levels))
                self._answers[question] = (regression, sure)
                self._thresholds[question] = self._threshold(question, kept, kept_features)
        with self._storage.write_to(self._resource) as folder:
            skops.io.dump((self._features.fitted, self._answers, self._thresholds), folder / FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """See the parent class: sets each message's urgency."""
        for message in messages if self._answers else []:
            features = self._features.both([message])
            shares = {question: float(self._ask(question, features)[0]) for question in QUESTIONS}
            message.set(URGENCY, {"level": self._level(shares), **shares}, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """See the parent class: later components need nothing from this one."""
        return training_data

    def _level(self, shares: dict[str, float]) -> str:
        if shares["critical"] > self._thresholds["critical"]:
            return "critical"
        return "high" if shares["alarm"] > self._thresholds["alarm"] else "normal"

    def _ask(self, question: str, features: csr_matrix) -> np.ndarray:
        """The probabilities of a yes, one for each row."""
        regression, sure = self._answers[question]
        return sure.predict_proba(_scores(regression, features))[:, 1]

    def _threshold(self, question: str, kept: list[Message], features: csr_matrix) -> float:
        """What all but the allowed share of the normal examples stay below."""
        harmless = np.array([_label(example) == "normal" for example in kept])
        allowed = self._config[FALSE_SHARES[question]]
        return float(np.quantile(self._ask(question, features)[harmless], 1 - allowed)) if harmless.any() else 0.5


def _label(example: Message) -> str | None:
    metadata = (example.get(METADATA) or {}).get(METADATA_INTENT) or {}
    return metadata.get("level") if example.get(TEXT) else None


def _answers(examples: Iterable[Message], levels: tuple[str, ...]) -> list[bool]:
    return [_label(example) in levels for example in examples]


def _scores(regression: LogisticRegression, features: csr_matrix) -> np.ndarray:
    return regression.decision_function(features)[:, np.newaxis]
