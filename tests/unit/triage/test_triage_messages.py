"""Tables of messages: each is judged at its level, for the reason that a person would give."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.conversation.levels import Level, Topic
from bot.triage import Danger, Rules, judge

Table = Callable[[str], list[dict[str, Any]]]


@pytest.mark.parametrize("level", [Level.CRITICAL, Level.HIGH])
def test_every_cry_for_help_in_the_table_is_heard_for_its_reason(rules: Rules, table: Table, level: Level) -> None:
    rows = table(level)
    verdicts = [(row, judge(rules, row["text"])) for row in rows]
    assert [
        (row, verdict)
        for row, verdict in verdicts
        if verdict.level is not level or row["reason"] not in {reason.code for reason in verdict.reasons}
    ] == []
    assert len(rows) > 300


def test_figures_of_speech_news_and_questions_of_law_stay_normal(rules: Rules, table: Table) -> None:
    rows = table("normal")
    verdicts = [(row, judge(rules, row["text"])) for row in rows]
    assert [(row, verdict) for row, verdict in verdicts if verdict.reasons] == []
    assert len(rows) > 500


def test_known_limits_are_still_the_only_ones(rules: Rules, table: Table) -> None:
    """Messages that rules misjudge: who mends one moves its line to the table where it belongs."""
    changed = [row for row in table("limits") if judge(rules, row["text"]).level != row["judged"]]
    assert not changed


def test_a_danger_told_in_halves_counts_and_an_old_one_does_not_count_again(rules: Rules, table: Table) -> None:
    for row in table("threads"):
        verdict = judge(rules, row["text"], row["earlier"])
        assert verdict.level == row["level"], row
        assert row.get("reason") in [None, *(reason.code for reason in verdict.reasons)], row


@pytest.mark.parametrize(
    ("text", "danger", "topic"),
    [
        ("他拿刀追我", Danger.VIOLENCE, Topic.DOMESTIC_VIOLENCE),
        ("他在旁边，我不方便说话", Danger.HIDDEN, None),
        ("他拿着刀，他在旁边看着，我不方便说话", Danger.HIDDEN, Topic.DOMESTIC_VIOLENCE),
        ("我刚被强奸了", Danger.ASSAULT, Topic.OTHER),
        ("我割腕了", Danger.SELF_HARM, Topic.OTHER),
        ("我想死，刀片就在手里", Danger.SELF_HARM, Topic.OTHER),
        ("女儿离家出走了，电话关机", Danger.CHILD, Topic.PARENTING),
        ("我怕我控制不住会打死她", Danger.LOST_CONTROL, Topic.DOMESTIC_VIOLENCE),
        ("我手里拿着斧头，站在他床边", Danger.LOST_CONTROL, Topic.DOMESTIC_VIOLENCE),
        ("转人工", None, None),
        ("离婚需要什么材料", None, None),
    ],
)
def test_the_danger_that_chooses_the_safety_words(
    rules: Rules, text: str, danger: Danger | None, topic: Topic | None
) -> None:
    verdict = judge(rules, text)
    assert (verdict.danger, verdict.topic) == (danger, topic)


def test_the_most_urgent_reason_comes_first_and_none_twice(rules: Rules) -> None:
    reasons = judge(rules, "转人工，他经常打我，刚才又拿刀追我").reasons
    ranks = [next(rule.level.rank for rule in rules.rules if rule.code == reason.code) for reason in reasons]
    assert ranks == sorted(ranks, reverse=True)
    assert ranks[0] == Level.CRITICAL.rank
    assert ranks[-1] == Level.HIGH.rank
    assert len({reason.code for reason in reasons}) == len(reasons)


def test_reasons_are_words_for_an_operator_and_never_the_message(rules: Rules, table: Table) -> None:
    for row in table("critical")[::5]:
        for reason in judge(rules, row["text"]).reasons:
            assert reason.words in {rule.words for rule in rules.rules if rule.code == reason.code}
            assert len(reason.words) <= 24
