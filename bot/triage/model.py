"""The small model of triage: how likely a plain text needs a person, from the runs of characters in it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

from bot.conversation.errors import InvalidData
from bot.conversation.levels import Level

LONGEST_RUN = 3  # characters; longer runs cost time and change no figure (docs/adr/0011)


@dataclass(frozen=True, slots=True)
class Estimate:
    """How likely a person is needed (critical or high), that it is critical, and that the danger comes from the
    person's own hand, if there is one; each from 0 to 1."""

    alarm: float
    critical: float
    self_harm: float

    def higher(self, other: Estimate) -> Estimate:
        """Of two readings of one message, the more worried one."""
        return max(self, other, key=lambda reading: (reading.critical, reading.alarm))


@dataclass(frozen=True, slots=True)
class Line:
    """One question's logistic line: what the runs add up to, made a probability."""

    bias: float
    slope: float

    def probability(self, score: float) -> float:
        """The share of messages with this score to which the answer is yes (Platt's sigmoid)."""
        return 1 / (1 + exp(-(self.bias + self.slope * score)))


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From where on an estimate counts; set by `niangjia train` from curves, never by hand."""

    alarm: float
    """The model alone calls a person."""

    again: float
    """The same for someone who was in danger before: what is likelier beforehand needs less to be believed."""

    critical: float
    """The model alone says that life or bodily safety is at stake."""

    doubt: float
    """Below this alarm a rule that holds is taken for a figure of speech."""


@dataclass(frozen=True, slots=True)
class LevelModel:
    """Three logistic regressions over character runs weighed by their rarity."""

    runs: Mapping[str, Sequence[float]]
    """For each known run of characters: its rarity, and what it says for an alarm, for critical, for self-harm."""

    rules: Mapping[str, Sequence[float]]
    """For each rule's code, what it adds for an alarm, for critical, for self-harm when it holds."""

    alarm: Line
    critical: Line
    self_harm: Line
    thresholds: Thresholds

    def level(self, estimate: Estimate, before: Level = Level.NORMAL) -> Level:
        """What an estimate means for someone whose level was `before`."""
        if estimate.critical >= self.thresholds.critical:
            return Level.CRITICAL
        enough = self.thresholds.again if before.needs_person else self.thresholds.alarm
        return Level.HIGH if estimate.alarm >= enough else Level.NORMAL

    def estimate(self, plain: str, codes: Iterable[str]) -> Estimate:
        """Judge a text that `Spelling.plain` has made plain, and for which the rules of these codes hold."""
        scores, length = [0.0, 0.0, 0.0], 0.0
        for run, count in Counter(character_runs(plain)).items():
            known = self.runs.get(run)
            if known:
                rarity, *says = known
                weight = rarity * (1 + log(count))
                length += weight * weight
                scores = [score + weight * word for score, word in zip(scores, says, strict=True)]
        scale = sqrt(length) or 1.0
        added = [self.rules[code] for code in codes if code in self.rules]
        alarm, critical, self_harm = (
            score / scale + sum(rule[at] for rule in added) for at, score in enumerate(scores)
        )
        return Estimate(
            self.alarm.probability(alarm), self.critical.probability(critical), self.self_harm.probability(self_harm)
        )


def character_runs(text: str) -> Iterator[str]:
    """All runs of one to LONGEST_RUN characters, in order of their length."""
    for length in range(1, LONGEST_RUN + 1):
        for at in range(len(text) - length + 1):
            yield text[at : at + length]


def load_model(text: str) -> LevelModel:
    """Read what `niangjia train` wrote; raises InvalidData for anything else."""
    try:
        fields = json.loads(text)
        return LevelModel(
            runs=fields["runs"],
            rules=fields["rules"],
            alarm=Line(**fields["alarm"]),
            critical=Line(**fields["critical"]),
            self_harm=Line(**fields["self_harm"]),
            thresholds=Thresholds(**fields["thresholds"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidData(f"triage model: {error!r}") from error
