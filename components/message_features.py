"""What a classifier sees of a message: its runs of characters, and beside them its sentence vector."""

from __future__ import annotations

from typing import Dict, Iterable, Sequence

import numpy as np
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import csr_matrix, hstack

from components.character_runs import CharacterRuns
from components.normaliser import normalised

Arrays = Dict[str, np.ndarray]
"""What was learnt, by name, as it is stored."""


class MessageFeatures:
    """Character runs by tf-idf, of length 1, and the vector, spread evenly and scaled to `vector_weight`.

    Characters know words, dialect and typos and need no tokenizer; the vector knows what a sentence means. Without a
    featurizer in the pipeline, the runs are all.
    """

    def __init__(self, runs: CharacterRuns, mean: np.ndarray, scale: np.ndarray) -> None:
        self._runs = runs
        self._mean = mean
        self._scale = scale

    @classmethod
    def learn(cls, messages: Sequence[Message], vector_weight: float, min_examples: int) -> MessageFeatures:
        """Which runs there are, and how the vectors lie."""
        runs = CharacterRuns.learn(_texts(messages), min_examples)
        vectors = _vectors(messages)
        if vectors is None:
            return cls(runs, np.zeros(0, np.float32), np.zeros(0, np.float32))
        spread = vectors.std(axis=0)
        spread[spread == 0] = 1
        return cls(runs, vectors.mean(axis=0), vector_weight / (spread * np.sqrt(vectors.shape[1])))

    @classmethod
    def restore(cls, stored: Arrays) -> MessageFeatures:
        """Those that `stored` gave."""
        return cls(CharacterRuns(stored["runs"].tolist(), stored["run_weights"]), stored["mean"], stored["scale"])

    @property
    def stored(self) -> Arrays:
        """What `restore` wants."""
        return {
            "runs": np.array(self._runs.known, dtype=str),
            "run_weights": self._runs.weights,
            "mean": self._mean,
            "scale": self._scale,
        }

    def runs(self, messages: Sequence[Message]) -> csr_matrix:
        """The character runs of messages, a row each."""
        return self._runs.rows(_texts(messages))

    def vectors(self, messages: Sequence[Message]) -> np.ndarray | None:
        """The sentence vectors of messages, a row each, or None if the pipeline makes none."""
        vectors = _vectors(messages)
        return None if vectors is None else (vectors - self._mean) * self._scale

    def both(self, messages: Sequence[Message]) -> csr_matrix:
        """Runs and vectors side by side, a row each."""
        runs, vectors = self.runs(messages), self.vectors(messages)
        return runs if vectors is None else hstack([runs, csr_matrix(vectors)], "csr", np.float32)


def _texts(messages: Iterable[Message]) -> list[str]:
    return [normalised(message) for message in messages]


def _vectors(messages: Iterable[Message]) -> np.ndarray | None:
    """The sentence vectors of all messages, a row each, or None if the pipeline makes none."""
    rows = [message.get_dense_features(TEXT)[1] for message in messages]
    if any(row is None for row in rows):
        return None
    return np.vstack([row.features for row in rows])
