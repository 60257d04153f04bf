"""Measures the corpus and says where it breaks the limits of corpus.toml."""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.corpus.reading import LEVELS, Utterance
from tests.corpus.sameness import Twins, find_twins, normal_form
from tests.corpus.slices import Rule, detectors, speaks

SPECIFICATION = Path(__file__).with_name("corpus.toml")


@dataclass(frozen=True)
class Limits:
    """The section [limits], as corpus.toml explains it."""

    utterances: int
    intents: int
    labelled: int
    hard: int
    per_intent: int
    near: float
    near_pairs: float
    near_utterances: float
    identical: float
    conflicts: int


@dataclass(frozen=True)
class Slice:
    """A part of the corpus that must not wither; least shares in percent, of all and of each level."""

    group: str
    name: str
    floor: float
    each: float
    thin: str | None = None


@dataclass(frozen=True)
class Specification:
    """All of corpus.toml; `rules` are those of the slices, and a slice without one takes what its group leaves."""

    limits: Limits
    cues: tuple[str, ...]
    slices: tuple[Slice, ...]
    rules: tuple[Rule | None, ...]


@dataclass(frozen=True)
class Pair:
    """Two utterances that are the same, or nearly."""

    first: Utterance
    second: Utterance
    similarity: float

    def __str__(self) -> str:
        return " | ".join(
            f"{one.intent}{f' ({one.level})' if one.level else ''} in {one.file}: {one.text}"
            for one in (self.first, self.second)
        )


@dataclass(frozen=True)
class Measured:
    """What was counted; `members[slice]` holds one truth value for each utterance, in their order."""

    utterances: Sequence[Utterance]
    distinct: int
    hard: Sequence[bool]
    members: Sequence[Sequence[bool]]
    pairs: Sequence[Pair]
    """All pairs more similar than `near`, and pairs of other intents or levels more similar than `identical`."""

    def intents(self) -> dict[str, list[Utterance]]:
        """The utterances by intent."""
        intents: dict[str, list[Utterance]] = defaultdict(list)
        for utterance in self.utterances:
            intents[utterance.intent].append(utterance)
        return dict(sorted(intents.items()))


def read_specification(path: Path = SPECIFICATION) -> Specification:
    """What corpus.toml says; KeyError or TypeError where a field is missing or unknown."""
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    known = detectors(document["latin"]["ordinary"], document["spelling"]["ordinary"])
    slices, rules = [], []
    for fields in document["slice"]:
        name, words = fields.pop("rule", None), fields.pop("words", None)
        rules.append(known[name] if name else speaks(words) if words else None)
        slices.append(Slice(**fields))
    cues = tuple(word for cue in document["cue"] for word in cue["words"].split())
    return Specification(Limits(**document["limits"]), cues, tuple(slices), tuple(rules))


def measure(utterances: Sequence[Utterance], specification: Specification) -> Measured:
    """Counts everything once."""
    forms = [normal_form(utterance.text) for utterance in utterances]
    twins = find_twins(forms, specification.limits.near)
    return Measured(
        utterances,
        len(set(forms)),
        [_is_hard(utterance, specification.cues) for utterance in utterances],
        _members(utterances, specification),
        [_pair(utterances, pair) for pair in twins],
    )


def _is_hard(utterance: Utterance, cues: Iterable[str]) -> bool:
    return utterance.level == "normal" and any(cue in utterance.text for cue in cues)


def _members(utterances: Sequence[Utterance], specification: Specification) -> list[list[bool]]:
    held = [[bool(rule and rule(one.text)) for one in utterances] for rule in specification.rules]
    for place, rule in enumerate(specification.rules):
        if rule is None:
            group = specification.slices[place].group
            others = [held[at] for at, one in enumerate(specification.slices) if one.group == group and at != place]
            held[place] = [not any(column) for column in zip(*others, strict=True)]
    return held


def _pair(utterances: Sequence[Utterance], twins: Twins) -> Pair:
    return Pair(utterances[twins.first], utterances[twins.second], twins.similarity)


def violations(measured: Measured, specification: Specification) -> list[str]:
    """What is wrong, one plain sentence each; empty when all is well."""
    return [
        *_too_few(measured, specification.limits),
        *_repeated(measured),
        *_too_near(measured, specification.limits),
        *_conflicting(measured, specification.limits),
        *_withered(measured, specification),
    ]


def _too_few(measured: Measured, limits: Limits) -> Iterable[str]:
    intents = measured.intents()
    counted = {
        "utterances": (measured.distinct, limits.utterances),
        "intents": (len(intents), limits.intents),
        "utterances with a level": (sum(one.level is not None for one in measured.utterances), limits.labelled),
        "hard normal utterances": (sum(measured.hard), limits.hard),
    }
    counted |= {f"utterances of {intent}": (len(those), limits.per_intent) for intent, those in intents.items()}
    for what, (number, least) in counted.items():
        if number < least:
            yield f"There are {number} {what}; {least} are wanted."


def conflicts(measured: Measured, above: float) -> list[Pair]:
    """Pairs that say the same, or nearly, and stand under two intents or two levels."""
    return [
        pair
        for pair in measured.pairs
        if pair.similarity > above and (pair.first.intent != pair.second.intent or _levels_differ(pair))
    ]


def _levels_differ(pair: Pair) -> bool:
    levels = {pair.first.level, pair.second.level} - {None}
    return len(levels) > 1


def _repeated(measured: Measured) -> Iterable[str]:
    for pair in measured.pairs:
        if pair.similarity == 1:
            yield f"The same twice: {pair}"


def near_pairs(measured: Measured) -> dict[str, list[Pair]]:
    """The near-duplicates within each intent that has any."""
    near: dict[str, list[Pair]] = defaultdict(list)
    for pair in measured.pairs:
        if pair.first.intent == pair.second.intent:
            near[pair.first.intent].append(pair)
    return near


@dataclass(frozen=True)
class Nearness:
    """How near an intent's utterances are to one another, in percent of its pairs and of its utterances."""

    pairs: float
    utterances: float


def nearness(measured: Measured) -> dict[str, Nearness]:
    """By intent."""
    near = near_pairs(measured)
    result = {}
    for intent, those in measured.intents().items():
        number = len(those)
        touched = Counter(id(one) for pair in near.get(intent, ()) for one in (pair.first, pair.second))
        pairs = 100 * len(near.get(intent, ())) / max(1, number * (number - 1) // 2)
        result[intent] = Nearness(pairs, 100 * len(touched) / number)
    return result


def _too_near(measured: Measured, limits: Limits) -> Iterable[str]:
    for intent, near in nearness(measured).items():
        if near.pairs > limits.near_pairs:
            yield f"{near.pairs:.1f} % of the pairs of {intent} are near-duplicates; {limits.near_pairs} % may be."
        if near.utterances > limits.near_utterances:
            yield (
                f"{near.utterances:.1f} % of the utterances of {intent} have a near-duplicate; "
                f"{limits.near_utterances} % may."
            )


def _conflicting(measured: Measured, limits: Limits) -> Iterable[str]:
    found = conflicts(measured, limits.identical)
    if len(found) > limits.conflicts:
        yield f"{len(found)} pairs say the same under two intents or two levels; {limits.conflicts} may."
    yield from (f"The same under two intents or two levels: {pair}" for pair in found if pair.similarity == 1)


def share(members: Sequence[bool], of: Sequence[bool]) -> float:
    """Percent of the chosen utterances that are members; 0 when none is chosen."""
    chosen = [member for member, counts in zip(members, of, strict=True) if counts]
    return 100 * sum(chosen) / max(1, len(chosen))


def chosen(utterances: Sequence[Utterance]) -> dict[str, Sequence[bool]]:
    """Whose shares have floors: all utterances, and those of each level."""
    levels = {level: [one.level == level for one in utterances] for level in LEVELS}
    return {"all": [True] * len(utterances), **levels}


def _withered(measured: Measured, specification: Specification) -> Iterable[str]:
    for one, members in zip(specification.slices, measured.members, strict=True):
        for whose, of in chosen(measured.utterances).items():
            found, floor = share(members, of), one.floor if whose == "all" else one.each
            if found < floor:
                yield f"{one.group} '{one.name}' is {found:.1f} % of {whose} utterances; {floor} % are wanted."
