"""Where the words and phrases of the rules stand in one text."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import accumulate
from typing import NamedTuple

Span = tuple[int, int]

MARKS = ",."  # a clause ends, a sentence ends; see Spelling.plain
ADJACENT_CHARS = 2  # room for 了, 着, 得 between two items written with a blank
NEAR_CHARS = 10  # room for a short object or adverb between two items written with ">"


class Hit(NamedTuple):
    """A word found in a text, with the groups it belongs to."""

    start: int
    end: int
    groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class Chain:
    """Items that follow one another within a clause; each with the room it leaves before itself."""

    names: tuple[str, ...]
    room: tuple[int, ...]
    needs: frozenset[str]


class Lexicon:
    """Words with the groups each belongs to, found in one pass over a text."""

    def __init__(self, groups: Mapping[str, Sequence[str]]) -> None:
        owners: dict[str, set[str]] = defaultdict(set)
        for group, words in groups.items():
            for word in words:
                owners[word].add(group)
        self._single = {word: frozenset(names) for word, names in owners.items() if len(word) == 1}
        self._longer: dict[str, dict[str, list[tuple[str, frozenset[str]]]]] = defaultdict(dict)
        for word, names in owners.items():
            if len(word) > 1:
                self._longer[word[0]].setdefault(word[1], []).append((word, frozenset(names)))

    def find(self, text: str) -> Iterator[Hit]:
        """Every word of the lexicon in the text, overlapping ones too, in order of their start."""
        single, longer = self._single, dict(self._longer)
        for at, sign in enumerate(text):
            if sign in single:
                yield Hit(at, at + 1, single[sign])
            if sign in longer:
                for word, groups in longer[sign].get(text[at + 1 : at + 2], ()):
                    if text.startswith(word, at):
                        yield Hit(at, at + len(word), groups)


class Grammar:
    """The phrases, indexed so that a text asks only for those that its words make possible."""

    def __init__(self, phrases: Mapping[str, Sequence[Chain]]) -> None:
        self.chains = phrases
        order = {name: at for at, name in enumerate(phrases)}
        uses = Counter(need for chains in phrases.values() for chain in chains for need in chain.needs)
        self._waiting: dict[str, list[tuple[int, str, frozenset[str]]]] = defaultdict(list)
        for name, chains in phrases.items():
            for chain in chains:  # a phrase uses earlier ones only, so the last of its needs decides
                last = max(chain.needs, key=lambda need: (order.get(need, -1), -uses[need]))
                self._waiting[last].append((order[name], name, chain.needs))

    def possible(self, words: Iterator[str]) -> set[str]:
        """The groups of words that stand in a text, and the phrases that could."""
        found = set(words)
        due: list[tuple[int, str]] = []
        for word in self._waiting.keys() & found:
            self._wake(word, found, due)
        while due:
            self._wake(heappop(due)[1], found, due)
        return found

    def _wake(self, name: str, found: set[str], due: list[tuple[int, str]]) -> None:
        for at, phrase, needs in self._waiting.get(name, ()):
            if phrase not in found and needs <= found:
                found.add(phrase)
                heappush(due, (at, phrase))


class Scene:
    """One plain text with its words found; their places and the phrases are looked for on demand."""

    def __init__(self, text: str, hits: Sequence[Hit], grammar: Grammar) -> None:
        self.text = text
        self._chains = grammar.chains
        self._clauses = list(accumulate(sign in MARKS for sign in text))
        self._spans: dict[str, list[Span]] = defaultdict(list)
        for hit in hits:
            for group in hit.groups:
                self._spans[group].append((hit.start, hit.end))
        self.possible = grammar.possible(iter(self._spans))

    def spans(self, name: str) -> Sequence[Span]:
        """Where a group of words or a phrase stands, in order of start; empty if nowhere."""
        known = self._spans.get(name)
        if known is None:
            chains = self._chains[name] if name in self.possible else ()
            found = {span for chain in chains if chain.needs <= self.possible for span in self._chained(chain)}
            known = self._spans[name] = sorted(found)
        return known

    def starting(self, name: str, first: int, last: int) -> Iterator[Span]:
        """The spans of `name` that start at `first` to `last`, both included."""
        spans = self.spans(name)
        for index in range(bisect_left(spans, (first,)), len(spans)):
            if spans[index][0] > last:
                return
            yield spans[index]

    def parted(self, one: Span, other: Span, marks: str) -> bool:
        """Whether one of the punctuation marks stands between two spans, or at their facing ends."""
        between = self.text[min(one[1], other[1]) - 1 : max(one[0], other[0]) + 1]
        return any(mark in between for mark in marks)

    def _chained(self, chain: Chain) -> list[Span]:
        spans = list(self.spans(chain.names[0]))
        for name, room in zip(chain.names[1:], chain.room[1:], strict=True):
            spans = [
                (start, after)
                for start, end in spans
                for begin, after in self.starting(name, end, end + room)
                if self._clauses[begin] == self._clauses[end - 1]
            ]
        return spans


def outside_figures(hits: Iterator[Hit], figures: Sequence[Hit]) -> Iterator[Hit]:
    """The words that no figure of speech covers, wholly or in part; a word as long or longer stays."""
    cover = {at: figure for figure in sorted(figures, key=_length) for at in range(figure.start, figure.end)}
    return (hit for hit in hits if not (_hides(cover.get(hit.start), hit) or _hides(cover.get(hit.end - 1), hit)))


def _hides(figure: Hit | None, hit: Hit) -> bool:
    return figure is not None and not (hit.start <= figure.start and figure.end <= hit.end)


def _length(hit: Hit) -> int:
    return hit.end - hit.start
