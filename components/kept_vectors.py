"""Sentence vectors kept from one training to the next, so that only texts that changed are encoded."""

from __future__ import annotations

import os
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Callable, Sequence
from zipfile import BadZipFile

import numpy as np

AT_MOST = 40_000  # 60 MB: twice the corpus

Encode = Callable[[Sequence[str]], np.ndarray]


class KeptVectors:
    """Vectors by a digest of their text, in one file; only as good as its folder, which must be one encoder's own."""

    def __init__(self, path: Path, at_most: int = AT_MOST) -> None:
        self._path = path
        self._at_most = at_most

    def of(self, texts: Sequence[str], encode: Encode) -> np.ndarray:
        """A row for each text, in order; `encode` is asked for those that are new, once each."""
        kept = self._read()
        digests = [_digest(text) for text in texts]
        new = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in kept}
        if new:
            kept |= zip(new, encode(list(new.values())), strict=True)
            self._write({digest: kept[digest] for digest in [*kept.keys() - set(digests), *dict.fromkeys(digests)]})
        return np.stack([kept[digest] for digest in digests]) if digests else encode([])

    def _read(self) -> dict[bytes, np.ndarray]:
        """What is kept; nothing if the file is missing or damaged, as all of it can be had again."""
        try:
            with np.load(self._path, allow_pickle=False) as file:
                return dict(zip(file["digests"].tolist(), file["vectors"], strict=True))
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            return {}

    def _write(self, kept: dict[bytes, np.ndarray]) -> None:
        """Keep the last so many, moved there whole: whoever interrupts or trains beside sees the old or the new."""
        latest = dict(list(kept.items())[-self._at_most :])
        number, unfinished = tempfile.mkstemp(dir=self._path.parent, suffix=".npz")
        try:
            with os.fdopen(number, "wb") as file:
                np.savez(file, digests=np.array(list(latest)), vectors=np.stack(list(latest.values())))
            os.replace(unfinished, self._path)
        except BaseException:
            os.unlink(unfinished)
            raise


def _digest(text: str) -> bytes:
    # in hexadecimal, as numpy's strings of bytes drop zeros at their end
    return sha256(text.encode()).hexdigest()[:32].encode()
