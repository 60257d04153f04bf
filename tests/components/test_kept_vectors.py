"""Vectors kept between trainings."""

from __future__ import annotations

from pathlib import Path
from typing import Sequence

import numpy as np
import pytest

from components.kept_vectors import KeptVectors


class Counting:
    """Encodes a text as its length, and notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        self.asked += texts
        return np.array([[len(text), 1] for text in texts], np.float32).reshape(-1, 2)


@pytest.fixture
def encode() -> Counting:
    return Counting()


def test_only_new_texts_are_encoded_and_each_once(tmp_path: Path, encode: Counting) -> None:
    assert KeptVectors(tmp_path / "kept").of(["他打我", "在吗", "他打我"], encode)[:, 0].tolist() == [3, 2, 3]
    assert KeptVectors(tmp_path / "kept").of(["在吗", "请问离婚"], encode)[:, 0].tolist() == [2, 4]
    assert encode.asked == ["他打我", "在吗", "请问离婚"]


def test_a_small_training_in_between_costs_the_large_one_nothing(tmp_path: Path, encode: Counting) -> None:
    kept = KeptVectors(tmp_path / "kept")
    large = [str(number) for number in range(50)]
    kept.of(large, encode)
    kept.of(["other"], encode)
    kept.of(large, encode)
    assert encode.asked == [*large, "other"]


def test_what_was_asked_for_longest_ago_goes_first(tmp_path: Path, encode: Counting) -> None:
    kept = KeptVectors(tmp_path / "kept", at_most=2)
    kept.of(["a", "b"], encode)
    kept.of(["b", "c"], encode)
    kept.of(["b", "c"], encode)
    kept.of(["a"], encode)
    assert encode.asked == ["a", "b", "c", "a"]


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 torn", b"not a zip"], ids=["empty", "torn", "other"])
def test_a_damaged_file_only_costs_the_time_to_encode_again(tmp_path: Path, encode: Counting, damage: bytes) -> None:
    (tmp_path / "kept").write_bytes(damage)
    assert KeptVectors(tmp_path / "kept").of(["在吗"], encode).tolist() == [[2, 1]]
    KeptVectors(tmp_path / "kept").of(["在吗"], encode)
    assert encode.asked == ["在吗"]


def test_who_is_interrupted_leaves_what_was_kept(tmp_path: Path, encode: Counting) -> None:
    kept = KeptVectors(tmp_path / "kept")
    kept.of(["在吗"], encode)

    def interrupted(texts: Sequence[str]) -> np.ndarray:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kept.of(["他打我"], interrupted)
    kept.of(["在吗"], encode)
    assert encode.asked == ["在吗"]
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_no_texts_give_no_vectors(tmp_path: Path, encode: Counting) -> None:
    assert KeptVectors(tmp_path / "kept").of([], encode).shape == (0, 2)
