"""The scores by their stable names: which messages each is taken over, and what counts as right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from bot.conversation.levels import Level
from tests.understanding.records import Estimate, Judged
from tests.understanding.statistics import Draws, Statistic, bootstrap, macro_f1, share


@dataclass(frozen=True, slots=True)
class Score:
    """`title` is its name for people; at_most: the less the better; levels: triage alone can be given it, too."""

    name: str
    title: str
    applies: Callable[[Judged], bool]
    statistic: Callable[[Sequence[Judged]], Statistic]
    at_most: bool = False
    levels: bool = False


def right_topic(row: Judged) -> bool:
    """Whether it is the wanted topic, or another that a reasonable reader would accept."""
    return row.answer.topic in (row.wanted.topic, *row.wanted.accepted)


def right_intent(row: Judged) -> bool:
    """Whether it is the wanted intent."""
    return row.answer.intent == row.wanted.intent


def has_intent(row: Judged) -> bool:
    """Whether an intent is wanted at all."""
    return row.wanted.intent is not None


def reaches_a_person(row: Judged) -> bool:
    """Whether somebody is called."""
    return row.answer.level.needs_person


def is_critical(row: Judged) -> bool:
    """Whether it was taken for critical."""
    return row.answer.level is Level.CRITICAL


def _of(level: Level) -> Callable[[Judged], bool]:
    return lambda row: row.wanted.level is level


def _share_of(holds: Callable[[Judged], bool]) -> Callable[[Sequence[Judged]], Statistic]:
    return lambda rows: share([holds(row) for row in rows])


def _intent_f1(rows: Sequence[Judged]) -> Statistic:
    return macro_f1([row.wanted.intent or "" for row in rows], [row.answer.intent for row in rows])


SCORES = (
    Score("topic", "主题准确率", lambda row: True, _share_of(right_topic)),
    Score("intent", "意图准确率", has_intent, _share_of(right_intent)),
    Score("intent_f1", "意图宏平均 F1", has_intent, _intent_f1),
    Score("critical_reach", "紧急的转到人", _of(Level.CRITICAL), _share_of(reaches_a_person), levels=True),
    Score("critical", "紧急的判为紧急", _of(Level.CRITICAL), _share_of(is_critical), levels=True),
    Score("high_reach", "重要的转到人", _of(Level.HIGH), _share_of(reaches_a_person), levels=True),
    Score("false_alarms", "一般的误报", _of(Level.NORMAL), _share_of(reaches_a_person), at_most=True, levels=True),
)


def score(rows: Sequence[Judged], scores: Sequence[Score] = SCORES) -> dict[str, Estimate]:
    """Each score that some of these messages bear on."""
    taken = {each.name: (each, [row for row in rows if each.applies(row)]) for each in scores}
    return {name: bootstrap(len(of), each.statistic(of)) for name, (each, of) in taken.items() if of}


def score_triage_alone(rows: Sequence[Judged]) -> dict[str, Estimate]:
    """The scores of levels, had there been no assistant."""
    alone = [Judged(row.wanted, replace(row.answer, level=row.answer.triage)) for row in rows]
    return score(alone, [each for each in SCORES if each.levels])


def differences(before: Sequence[Judged], now: Sequence[Judged]) -> Mapping[str, Estimate]:
    """By how much each score changed over the same messages in the same order; an interval over 0 may be chance."""
    changes = {}
    for each in SCORES:
        pairs = [(old, new) for old, new in zip(before, now, strict=True) if each.applies(new)]
        if pairs:
            then, after = (each.statistic(rows) for rows in zip(*pairs, strict=True))
            changes[each.name] = bootstrap(len(pairs), partial(_change, then, after))
    return changes


def _change(then: Statistic, after: Statistic, draws: Draws) -> NDArray[np.float64]:
    return after(draws) - then(draws)
