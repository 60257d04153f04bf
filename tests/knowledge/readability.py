"""How hard a Chinese text is to read: how long its sentences are, and how many of its characters are rare."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

_END = re.compile(r"[。！？；\n]+")
_CHARACTER = re.compile(r"[\u4e00-\u9fff]")
_COMMON = range(0xB0, 0xD8)
"""The rows of GB 2312 with its 3,755 commonest characters."""


class Readability(NamedTuple):
    """Characters a sentence, on average and at most, and rare characters in percent of all."""

    mean: float
    longest: int
    rare: float


def readability(texts: Iterable[str]) -> Readability:
    """Of these texts together. A sentence ends at 。！？； or at the end of a line."""
    sentences = [sentence for text in texts for sentence in _END.split(text) if _CHARACTER.search(sentence)]
    lengths = [len(sentence.strip()) for sentence in sentences]
    characters = [character for sentence in sentences for character in _CHARACTER.findall(sentence)]
    if not characters:
        return Readability(0, 0, 0)
    rare = sum(not _is_common(character) for character in characters)
    return Readability(sum(lengths) / len(lengths), max(lengths), 100 * rare / len(characters))


def _is_common(character: str) -> bool:
    try:
        return character.encode("gb2312")[0] in _COMMON
    except UnicodeEncodeError:
        return False
