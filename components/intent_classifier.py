"""Intents by logistic regression over character n-grams and the sentence vector, if the pipeline makes one."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from components.held_out import is_held_out
from components.learnt import Learnt, Linear
from components.message_features import Arrays, MessageFeatures

SHARPEST = 10.0
VECTOR_ITERATIONS = 60


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CharacterIntentClassifier(Learnt, IntentClassifier):
    """Knows words by their characters (dialect, typos) and sentences by their vector; needs no tokenizer."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`regularisation` is scikit-learn's C; `share_of_runs` how much the n-grams' word counts beside the vector's.

        `iterations` of the n-grams' regression, stopped early: more cost minutes and change no answer.
        """
        return {
            "min_examples": 3, "vector_weight": 2.0, "regularisation": 5.0, "share_of_runs": 0.7, "iterations": 25,
            "ranking_length": 10,
        }  # fmt: skip

    def learn(self, training_data: TrainingData) -> Arrays:
        """See the parent class. The examples held out only tell how sharp the shares must be to be true."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        learnt = [example for example in examples if not is_held_out(example.get(TEXT))]
        stored = self._fitted(learnt)
        self.restore({**stored, "sharpness": np.ones(())})
        kept = [example for example in examples if is_held_out(example.get(TEXT))]
        return {**stored, "sharpness": np.array(self._fitting_sharpness(kept))}

    def restore(self, stored: Arrays) -> None:
        """See the parent class."""
        self._features = MessageFeatures.restore(stored)
        self._intents = stored["intents"].tolist()
        self._by_runs = Linear.restore(stored, "runs")
        self._by_vectors = Linear.restore(stored, "vectors") if "vectors.weights" in stored else None
        self._sharpness = float(stored["sharpness"])

    def process(self, messages: list[Message]) -> list[Message]:
        """See the parent class: sets each message's intent and ranking."""
        for message in messages:
            ranking = self._rank(message)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _rank(self, message: Message) -> list[dict[str, Any]]:
        shares = softmax(self._sharpness * self._log_shares([message])[0])
        order = np.argsort(-shares)[: self._config["ranking_length"]]
        return [{"name": self._intents[at], "confidence": float(shares[at])} for at in order]

    def _fitted(self, learnt: list[Message]) -> Arrays:
        features = MessageFeatures.learn(learnt, self._config["vector_weight"], self._config["min_examples"])
        runs, vectors = features.runs(learnt), features.vectors(learnt)
        intents, answers = np.unique([example.get(INTENT) for example in learnt], return_inverse=True)
        stored = {
            **features.stored,
            "intents": intents,
            **self._regression(runs, answers, self._config["iterations"]).stored("runs"),
        }
        if vectors is not None:
            stored |= self._regression(vectors, answers, VECTOR_ITERATIONS).stored("vectors")
        return stored

    def _regression(self, rows: Any, answers: np.ndarray, iterations: int) -> Linear:
        regression = LogisticRegression(C=self._config["regularisation"], max_iter=iterations, class_weight="balanced")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # stopped early on purpose
            return Linear.of(regression.fit(rows, answers))

    def _log_shares(self, messages: list[Message]) -> np.ndarray:
        by_runs = log_softmax(self._by_runs.scores(self._features.runs(messages)), axis=1)
        vectors = self._features.vectors(messages)
        if self._by_vectors is None or vectors is None:
            return by_runs
        share = self._config["share_of_runs"]
        return share * by_runs + (1 - share) * log_softmax(self._by_vectors.scores(vectors), axis=1)

    def _fitting_sharpness(self, kept: list[Message]) -> float:
        """What to multiply the log-odds by, so that a confidence is the share of answers that are right.

        So strongly regularised, the regression is right more often than it says (temperature scaling).
        """
        places = {intent: at for at, intent in enumerate(self._intents)}
        known = [message for message in kept if message.get(INTENT) in places]
        if not known:
            return 1.0
        log_shares = self._log_shares(known)
        right = [places[message.get(INTENT)] for message in known]

        def loss(sharpness: float) -> float:
            return -float(log_softmax(sharpness * log_shares, axis=1)[np.arange(len(right)), right].mean())

        return float(minimize_scalar(loss, bounds=(0.1, SHARPEST), method="bounded").x)
