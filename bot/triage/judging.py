"""The verdict on one message, alone and together with what the same person wrote just before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from bot.conversation.levels import Level
from bot.triage.bare import tells_no_more_than_a_number
from bot.triage.judgement import Danger, Judgement, Reason
from bot.triage.model import Estimate, LevelModel
from bot.triage.numbers import without_numbers
from bot.triage.rules import Rule, Rules
from bot.triage.spelling import clipped

BUBBLE_CHARS = 8  # who writes in halves writes short bubbles; a longer message is whole and was judged by itself
BUBBLES = 4

SOUNDS_SERIOUS = "sounds_serious"
"""The reason where no rule holds, and only the model hears that a person is needed."""


def judge(rules: Rules, text: str, earlier: Sequence[str] = (), before: Level = Level.NORMAL) -> Judgement:
    """Judge a message; `earlier` are the same person's last messages, the latest last, `before` the level she had.

    The rules name dangers, and the model that was learnt beside them weighs the whole: it calls a person where no rule
    holds, and takes a rule that is not `sure` for a figure of speech where it is certain of that. It is not shown long
    numbers, nor asked about a bare number or time, of which it takes every one like 110 for a cry. A danger told in
    halves, over several short messages, counts; one that an earlier message told alone does not count again. Never
    raises, and never costs more than a bounded text does.
    """
    plain = rules.spelling.plain(text)
    found = rules.matching(plain)
    bubbles = rules.spelling.plain("".join(_bubbles(earlier))).rstrip(".")
    if bubbles:
        found += rules.matching(bubbles + plain[1:], since=len(bubbles))
    if rules.model is None or (not bubbles and tells_no_more_than_a_number(text)):
        return _judgement(found, None)
    words = rules.spelling.plain(without_numbers(clipped(text)))
    return _weighed(rules.model, found, words, bubbles, before)


def _weighed(model: LevelModel, found: Sequence[Rule], plain: str, bubbles: str, before: Level) -> Judgement:
    codes = {rule.code for rule in found}
    estimate = model.estimate(plain, codes)
    if bubbles and model.level(model.estimate(f"{bubbles}.", ()), before) is Level.NORMAL:
        estimate = estimate.higher(model.estimate(bubbles + plain[1:], codes))
    doubted = estimate.alarm < model.thresholds.doubt
    stands = [rule for rule in found if rule.sure or not doubted]
    level = model.level(estimate, before)
    heard = _heard(level, estimate) if level.rank > Level.highest(*(rule.level for rule in stands)).rank else None
    return replace(_judgement(stands, heard), alarm=estimate.alarm)


def _heard(level: Level, estimate: Estimate) -> Judgement:
    """What the model alone has to say; its certainty in percent, for the operator."""
    if level is Level.CRITICAL:
        danger = Danger.SELF_HARM if estimate.self_harm >= 0.5 else Danger.VIOLENCE
        words = "整体像正有轻生危险" if danger is Danger.SELF_HARM else "整体像人身危险就在眼前"
        return Judgement(level, None, danger, (Reason("sounds_critical", f"{words}（把握 {estimate.critical:.0%}）"),))
    return Judgement(level, None, None, (Reason(SOUNDS_SERIOUS, f"整体像需要人工（把握 {estimate.alarm:.0%}）"),))


def _bubbles(earlier: Sequence[str]) -> list[str]:
    """The short messages right before this one."""
    latest_first = takewhile(lambda message: len(message) <= BUBBLE_CHARS, reversed(earlier[-BUBBLES:]))
    return [*latest_first][::-1]


def _judgement(found: Sequence[Rule], heard: Judgement | None) -> Judgement:
    ranked = sorted(found, key=lambda rule: -rule.level.rank)
    reasons = {rule.code: Reason(rule.code, rule.words) for rule in ranked}
    named = Judgement(
        level=Level.highest(*(rule.level for rule in ranked)),
        topic=next((rule.topic for rule in ranked if rule.topic), None),
        danger=next((rule.danger for rule in ranked if rule.danger), None),
        reasons=tuple(reasons.values()),
    )
    return named if heard is None else named.raised(heard)
