"""What a classifier sees of a message: its runs of characters, and beside them its sentence vector."""

from __future__ import annotations

from typing import Any, ClassVar, Iterable, Sequence

import numpy as np
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import StandardScaler

from components.normaliser import normalised


class MessageFeatures:
    """Character n-grams (1 to 3) by tf-idf, of length 1, and the vector, scaled to `vector_weight`.

    Characters know words, dialect and typos and need no tokenizer; the vector knows what a sentence means. Without a
    featurizer in the pipeline, the n-grams are all.
    """

    TRUSTED_TYPES: ClassVar = ["scipy.sparse._csr.csr_matrix"]  # beside scikit-learn's own: the n-grams' weights

    def __init__(self, vector_weight: float, min_examples: int = 3) -> None:
        self._vector_weight = vector_weight
        self._grams = TfidfVectorizer(
            analyzer="char", ngram_range=(1, 3), min_df=min_examples, sublinear_tf=True, dtype=np.float32
        )
        self._scaler = StandardScaler()

    @property
    def fitted(self) -> Any:
        """What `fit` learnt, to be stored and given to `restore`."""
        return self._grams, self._scaler

    def restore(self, fitted: Any) -> None:
        """Take up what `fitted` gave."""
        self._grams, self._scaler = fitted

    def fit(self, messages: Sequence[Message]) -> None:
        """Learn which n-grams there are and how the vectors lie."""
        self._grams.fit(_texts(messages))
        vectors = _vectors(messages)
        if vectors is not None:
            self._scaler.fit(vectors)

    def runs(self, messages: Sequence[Message]) -> csr_matrix:
        """The n-grams of messages, a row each."""
        return self._grams.transform(_texts(messages))

    def vectors(self, messages: Sequence[Message]) -> np.ndarray | None:
        """The sentence vectors of messages, a row each, or None if the pipeline makes none."""
        vectors = _vectors(messages)
        if vectors is None:
            return None
        return self._scaler.transform(vectors) * (self._vector_weight / np.sqrt(vectors.shape[1]))

    def both(self, messages: Sequence[Message]) -> csr_matrix:
        """N-grams and vectors side by side, a row each."""
        runs, vectors = self.runs(messages), self.vectors(messages)
        return runs if vectors is None else hstack([runs, csr_matrix(vectors, dtype=np.float32)]).tocsr()


def _texts(messages: Iterable[Message]) -> list[str]:
    return [normalised(message) for message in messages]


def _vectors(messages: Iterable[Message]) -> np.ndarray | None:
    """The sentence vectors of all messages, a row each, or None if the pipeline makes none."""
    rows = [message.get_dense_features(TEXT)[1] for message in messages]
    if any(row is None for row in rows):
        return None
    return np.vstack([row.features for row in rows])
