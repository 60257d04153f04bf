"""How urgently a person is needed, learnt from the examples whose metadata names a level."""

from __future__ import annotations

from typing import Any, Iterable

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import METADATA, METADATA_INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from components.held_out import is_held_out
from components.learnt import Learnt, Linear
from components.message_features import Arrays, MessageFeatures

URGENCY = "urgency"
"""The message attribute set here: {"level": "critical", "high" or "normal", "alarm": 0..1, "critical": 0..1}."""

QUESTIONS = {"alarm": ("critical", "high"), "critical": ("critical",)}
ITERATIONS = 100
FALSE_SHARES = {"alarm": "false_alarms", "critical": "false_critical"}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LevelClassifier(Learnt):
    """Two probabilities for each message: that a person is needed, and that life or bodily safety is at stake now.

    Each is a logistic regression, made honest by a second one over the examples that were held out (Platt).
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`regularisation` is scikit-learn's C; `vector_weight` is the vector's length beside the n-grams' 1.

        `false_alarms` and `false_critical` are the shares of the normal examples held out that may be taken for
        urgent and for critical: they set from which probability on a message is (docs/adr/0011).
        """
        return {
            "min_examples": 3, "vector_weight": 2.0, "regularisation": 5.0,
            "false_alarms": 0.10, "false_critical": 0.03,
        }  # fmt: skip

    def learn(self, training_data: TrainingData) -> Arrays:
        """See the parent class. Without any labelled example, nothing is learnt and no message gets an urgency."""
        labelled = [example for example in training_data.training_examples if _label(example)]
        learnt = [example for example in labelled if not is_held_out(example.get(TEXT))]
        kept = [example for example in labelled if is_held_out(example.get(TEXT))]
        if not (learnt and kept):
            return {}
        stored = self._fitted(learnt)
        self.restore({**stored, "slopes": np.ones(2), "offsets": np.zeros(2), "thresholds": np.zeros(2)})
        return {**stored, **self._calibrated(kept)}

    def restore(self, stored: Arrays) -> None:
        """See the parent class."""
        self._features = MessageFeatures.restore(stored) if stored else None
        if stored:
            self._by_runs, self._by_vectors = Linear.restore(stored, "runs"), Linear.restore(stored, "vectors")
            self._slopes, self._offsets = stored["slopes"], stored["offsets"]
            self._thresholds = dict(zip(QUESTIONS, stored["thresholds"].tolist(), strict=True))

    def process(self, messages: list[Message]) -> list[Message]:
        """See the parent class: sets each message's urgency."""
        for message in messages if self._features else []:
            shares = dict(zip(QUESTIONS, self._shares(self._scores([message]))[0].tolist(), strict=True))
            message.set(URGENCY, {"level": self._level(shares), **shares}, add_to_output=True)
        return messages

    def _fitted(self, learnt: list[Message]) -> Arrays:
        features = MessageFeatures.learn(learnt, self._config["vector_weight"], self._config["min_examples"])
        rows, runs = features.both(learnt), features.runs(learnt[:1]).shape[1]
        fitted = [
            LogisticRegression(C=self._config["regularisation"], max_iter=ITERATIONS).fit(
                rows, _answers(learnt, levels)
            )
            for levels in QUESTIONS.values()
        ]
        weights = np.vstack([regression.coef_ for regression in fitted]).T
        bias = np.array([regression.intercept_[0] for regression in fitted])
        return {
            **features.stored,
            **Linear(weights[:runs], bias).stored("runs"),
            **Linear(weights[runs:], np.zeros(2)).stored("vectors"),
        }

    def _scores(self, messages: list[Message]) -> np.ndarray:
        """A row for each message, a column for each question."""
        scores, vectors = self._by_runs.scores(self._features.runs(messages)), self._features.vectors(messages)
        return scores if vectors is None else scores + self._by_vectors.scores(vectors)

    def _shares(self, scores: np.ndarray) -> np.ndarray:
        """The probabilities of a yes."""
        return expit(scores * self._slopes + self._offsets)

    def _calibrated(self, kept: list[Message]) -> Arrays:
        """What makes probabilities of scores, and what all but the allowed share of the normal examples stay below."""
        scores = self._scores(kept)
        honest = [
            LogisticRegression(C=1e6).fit(scores[:, [at]], _answers(kept, levels))
            for at, levels in enumerate(QUESTIONS.values())
        ]
        self._slopes = np.array([regression.coef_[0, 0] for regression in honest])
        self._offsets = np.array([regression.intercept_[0] for regression in honest])
        shares = self._shares(scores[[_label(example) == "normal" for example in kept]])
        allowed = [self._config[name] for name in FALSE_SHARES.values()]
        thresholds = [
            float(np.quantile(column, 1 - share)) if len(column) else 0.5
            for column, share in zip(shares.T, allowed, strict=True)
        ]
        return {"slopes": self._slopes, "offsets": self._offsets, "thresholds": np.array(thresholds)}

    def _level(self, shares: dict[str, float]) -> str:
        if shares["critical"] > self._thresholds["critical"]:
            return "critical"
        return "high" if shares["alarm"] > self._thresholds["alarm"] else "normal"


def _label(example: Message) -> str | None:
    metadata = (example.get(METADATA) or {}).get(METADATA_INTENT) or {}
    return metadata.get("level") if example.get(TEXT) else None


def _answers(examples: Iterable[Message], levels: tuple[str, ...]) -> list[bool]:
    return [_label(example) in levels for example in examples]
