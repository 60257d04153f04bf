"""The verdict on one message, alone and together with what the same person wrote just before."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from bot.conversation.levels import Level
from bot.triage.judgement import Judgement, Reason
from bot.triage.rules import Rule, Rules

BUBBLE_CHARS = 8  # who writes in halves writes short bubbles; a longer message is whole and was judged by itself
BUBBLES = 4


def judge(rules: Rules, text: str, earlier: Sequence[str] = ()) -> Judgement:
    """Judge a message; `earlier` are the same person's last messages, the latest last.

    A danger told in halves, over several short messages, counts; one that an earlier message told alone does not
    count again. Never raises, and never costs more than a bounded text does.
    """
    plain = rules.spelling.plain(text)
    found = rules.matching(plain)
    before = rules.spelling.plain("".join(_bubbles(earlier))).rstrip(".")
    if before:
        found += rules.matching(before + plain[1:], since=len(before))
    return _judgement(sorted(found, key=lambda rule: -rule.level.rank))


def _bubbles(earlier: Sequence[str]) -> list[str]:
    """The short messages right before this one."""
    latest_first = takewhile(lambda message: len(message) <= BUBBLE_CHARS, reversed(earlier[-BUBBLES:]))
    return [*latest_first][::-1]


def _judgement(found: Sequence[Rule]) -> Judgement:
    reasons = {rule.code: Reason(rule.code, rule.words) for rule in found}
    return Judgement(
        level=Level.highest(*(rule.level for rule in found)),
        topic=next((rule.topic for rule in found if rule.topic), None),
        danger=next((rule.danger for rule in found if rule.danger), None),
        reasons=tuple(reasons.values()),
    )
