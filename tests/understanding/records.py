"""What an evaluation deals in: what a message should be taken for, what it was taken for, the figures made of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.conversation.levels import Level, Topic


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line of a judging set; tests/data/understanding/README.md says what each field means."""

    id: str
    text: str
    topic: Topic
    accepted: tuple[Topic, ...]
    intent: str | None
    level: Level
    slices: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What `niangjia classify` made of the message `id`; `triage` is the level that triage alone gives.

    alarm: how likely a person is needed, 0 to 1; None where `classify` does not say.
    """

    id: str
    topic: Topic
    intent: str
    confidence: float
    level: Level
    alarm: float | None
    triage: Level
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A message with both."""

    wanted: Wanted
    answer: Answer


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure from `of` messages with its 95 % bootstrap interval, `low` to `high`."""

    value: float
    low: float
    high: float
    of: int


type Scores = Mapping[str, Estimate]
"""By the names of tests/understanding/scores.py; one that no message bears on is not there."""


@dataclass(frozen=True, slots=True)
class Group:
    """The messages of one topic or of one slice."""

    rows: int
    scores: Scores


@dataclass(frozen=True, slots=True)
class Bin:
    """The answers whose confidence lies from `low` to `high`: its mean, and the share that has the right intent."""

    low: float
    high: float
    rows: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Whether confidence means what it says."""

    expected_error: float
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """What would come of calling a person from this alarm on."""

    threshold: float
    critical_reach: float
    high_reach: float
    false_alarms: float


@dataclass(frozen=True, slots=True)
class Curve:
    """Reach against false alarms; `source` is `alarm`, or `level` where `classify` gives no alarm."""

    source: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """What the real thing gave: an answer to each message, and what it cost.

    triage_ms, understanding_ms: of each message, one after the other. rasa_rss_mib: Rasa's memory after the last one.
    """

    model: str
    answers: tuple[Answer, ...]
    triage_ms: tuple[float, ...]
    understanding_ms: tuple[float, ...]
    rasa_rss_mib: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The whole outcome; report.json has these names.

    confusion: wanted topic, then the topic it was taken for; an accepted one counts as the wanted one.
    """

    made_at: str
    rows_file: str
    rows: int
    model: str
    unknown_intents: tuple[str, ...]
    scores: Scores
    triage_alone: Scores
    by_topic: Mapping[str, Group]
    by_slice: Mapping[str, Group]
    confusion: Mapping[str, Mapping[str, int]]
    calibration: Calibration
    curve: Curve
    triage_ms: Mapping[str, float]
    understanding_ms: Mapping[str, float]
    rasa_rss_mib: float
    answers: tuple[Answer, ...]
