"""Finds utterances that are the same, or nearly so.

Similarity is RapidFuzz's normalised indel similarity: twice the characters of the longest common subsequence, divided
by the characters of both texts. It is what `difflib.SequenceMatcher(None, a, b, autojunk=False).ratio()` aims at, but
does not depend on the order of the two, and is never less. Both texts are compared in their normal form.
"""

from __future__ import annotations

import math
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

UNSEEN = ("P", "Z", "C", "Mn")
"""Categories of Unicode that make no difference: punctuation, blanks, control signs, and variants of an emoji."""


type Mark = tuple[str, int]
"""A character and how often it has occurred until there."""


@dataclass(frozen=True)
class Twins:
    """Two texts by their places, and how similar they are, from 0 to 1."""

    first: int
    second: int
    similarity: float


def normal_form(text: str) -> str:
    """NFKC, lower case, without punctuation and blanks; a text of nothing else stays as it is.

    Square brackets stay, for they tell WeChat's faces from words: [再见] waves, and 再见 says goodbye.
    """
    plain = unicodedata.normalize("NFKC", text).lower()
    seen = (sign for sign in plain if sign in "[]" or not unicodedata.category(sign).startswith(UNSEEN))
    return "".join(seen) or text


def find_twins(texts: Sequence[str], above: float) -> list[Twins]:
    """All pairs of texts whose similarity is greater than `above`, the most similar first.

    Two texts that similar have so many characters in common that their rarest ones cannot all be different (the prefix
    filter of similarity joins). So, from the shortest to the longest, each is compared only with those before it that
    share one of its rarest characters and are not too short: no pair is missed, and the corpus takes seconds.
    """
    order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    lengths = [len(texts[place]) for place in order]
    marks = [_marks(texts[place]) for place in order]
    frequency = Counter(mark for those in marks for mark in those)
    by_mark: dict[Mark, list[int]] = defaultdict(list)
    twins = []
    for rank, (place, those) in enumerate(zip(order, marks, strict=True)):
        those.sort(key=lambda mark: (frequency[mark], mark))
        shortest = math.ceil(len(those) * above / (2 - above))
        start = bisect_left(lengths, shortest)
        sharing = (by_mark[mark] for mark in those[: len(those) - shortest + 1])
        for other in {other for ranks in sharing for other in ranks[bisect_left(ranks, start) :]}:
            similarity = fuzz.ratio(texts[order[other]], texts[place], score_cutoff=100 * above) / 100
            if similarity > above:
                first, second = sorted((order[other], place))
                twins.append(Twins(first, second, similarity))
        for mark in those[: len(those) - math.ceil(len(those) * above) + 1]:
            by_mark[mark].append(rank)
    return sorted(twins, key=lambda pair: (-pair.similarity, pair.first, pair.second))


def _marks(text: str) -> list[Mark]:
    """The characters, those that occur again as others: equal marks of two texts are characters in common."""
    counted: Counter[str] = Counter()
    marks = []
    for sign in text:
        counted[sign] += 1
        marks.append((sign, counted[sign]))
    return marks
