"""The rules of triage and what it means that one holds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.conversation.levels import Level, Topic
from bot.triage.judgement import Danger
from bot.triage.model import LevelModel
from bot.triage.scene import MARKS, Grammar, Lexicon, Scene, Span, outside_figures
from bot.triage.spelling import Spelling

NEGATION = "not"  # the group of words that deny the word right after them
LONGEST_SPAN_CHARS = 60  # no phrase is longer; bounds how far back a neighbour can start


@dataclass(frozen=True, slots=True)
class Together:
    """Things that all stand within `reach` characters of one another, in any order."""

    names: tuple[str, ...]
    reach: int
    needs: frozenset[str]

    def spans(self, scene: Scene) -> Iterator[Span]:
        """Every place where all of them stand together, from the first sign to the last."""
        for span in scene.spans(self.names[0]):
            yield from self._joined(scene, 1, span)

    def _joined(self, scene: Scene, item: int, so_far: Span) -> Iterator[Span]:
        if item == len(self.names):
            yield so_far
            return
        start, end = so_far
        earliest = start - self.reach - LONGEST_SPAN_CHARS
        for other in scene.starting(self.names[item], earliest, end + self.reach):
            if other[1] + self.reach >= start:
                yield from self._joined(scene, item + 1, (min(start, other[0]), max(end, other[1])))


@dataclass(frozen=True, slots=True)
class Veto:
    """Words near a match that take its danger away, unless the words of `but` are near as well.

    They reach `before` and `after` the match so many characters, and across no mark of `stops` ("," a clause, "." a
    sentence).
    """

    name: str
    before: int
    after: int
    stops: str
    but: str | None

    def holds(self, scene: Scene, match: Span) -> bool:
        """Whether the match is to be ignored."""
        return self._near(scene, match, self.name) and not (self.but and self._near(scene, match, self.but))

    def _near(self, scene: Scene, match: Span, name: str) -> bool:
        spans = scene.starting(name, match[0] - self.before, match[1] + self.after)
        return any(not scene.parted(match, span, self.stops) for span in spans)


@dataclass(frozen=True, slots=True)
class Rule:
    """One readable reason for a level: it holds where one of its patterns stands unvetoed.

    What is `sure` stands whatever the model thinks of it: a plain wish for a person is no figure of speech.
    """

    code: str
    words: str
    level: Level
    topic: Topic | None
    danger: Danger | None
    when: tuple[Together, ...]
    unless: tuple[Veto, ...]
    sure: bool = False

    def holds(self, scene: Scene, patterns: Iterable[Together], since: int) -> bool:
        """Whether one of these patterns of the rule stands, reaching across the character `since` if not 0."""
        for pattern in patterns:
            for match in pattern.spans(scene):
                if (not since or match[0] < since < match[1]) and self._stands(scene, match):
                    return True
        return False

    def _stands(self, scene: Scene, match: Span) -> bool:
        return not any(veto.holds(scene, match) for veto in self.unless)


class Rules:
    """Everything triage knows, compiled once by `load_rules`; the most urgent rules come first."""

    def __init__(
        self, spelling: Spelling, lexicon: Lexicon, figures: Lexicon, grammar: Grammar, rules: Sequence[Rule]
    ) -> None:
        self.model: LevelModel | None = None
        """What was learnt beside the rules; without it they judge alone."""
        self.spelling = spelling
        self.rules = sorted(rules, key=lambda rule: -rule.level.rank)
        self._lexicon = lexicon
        self._figures = figures
        self._grammar = grammar
        uses = Counter(need for rule in rules for pattern in rule.when for need in pattern.needs)
        self._waiting: dict[str, list[tuple[int, Together]]] = defaultdict(list)
        for at, rule in enumerate(self.rules):
            for pattern in rule.when:
                self._waiting[min(pattern.needs, key=lambda need: uses[need])].append((at, pattern))

    def matching(self, text: str, since: int = 0) -> list[Rule]:
        """The rules that hold for a plain text, the most urgent first.

        With `since`, only by what stands both before and after that character.
        """
        scene = self.scene(text)
        due: dict[int, list[Together]] = defaultdict(list)
        for name in self._waiting.keys() & scene.possible:
            for at, pattern in self._waiting[name]:
                if pattern.needs <= scene.possible:
                    due[at].append(pattern)
        return [self.rules[at] for at in sorted(due) if self.rules[at].holds(scene, due[at], since)]

    def scene(self, text: str) -> Scene:
        """The text with its words found, but for figures of speech and what is denied."""
        hits = self._lexicon.find(text)
        figures = list(self._figures.find(text))
        kept = list(outside_figures(hits, figures) if figures else hits)
        denied = {hit.end for hit in kept if NEGATION in hit.groups and text[hit.end] not in MARKS}
        return Scene(text, [hit for hit in kept if hit.start not in denied], self._grammar)
