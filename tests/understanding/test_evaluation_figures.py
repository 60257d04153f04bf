"""The arithmetic, against what one can reckon by hand."""

from __future__ import annotations

import pytest

from bot.conversation.levels import Level, Topic
from tests.understanding.invented import judged
from tests.understanding.scores import differences, score, score_triage_alone
from tests.understanding.statistics import bootstrap, calibrate, macro_f1, percentile, share, sweep


def test_a_share_has_its_interval_around_it_and_the_same_one_every_time() -> None:
    hits = [True] * 90 + [False] * 10
    estimate = bootstrap(100, share(hits))
    assert estimate.value == pytest.approx(0.9)
    assert estimate.of == 100
    assert estimate.low == pytest.approx(0.84, abs=0.015)  # the binomial's own 2.5 % and 97.5 %: 0.84 and 0.95
    assert estimate.high == pytest.approx(0.95, abs=0.015)
    assert estimate == bootstrap(100, share(hits))


def test_more_messages_make_an_interval_narrower() -> None:
    few, many = (bootstrap(4 * times, share([True, True, True, False] * times)) for times in (5, 100))
    assert few.value == many.value == pytest.approx(0.75)
    assert many.high - many.low < (few.high - few.low) / 3


def test_macro_f1_gives_every_wanted_name_the_same_weight() -> None:
    wanted, got = ["a", "a", "b", "b", "c"], ["a", "b", "b", "b", "x"]
    # a: precision 1, recall 1/2; b: precision 2/3, recall 1; c: never; x is wanted by nobody
    assert bootstrap(5, macro_f1(wanted, got)).value == pytest.approx((2 / 3 + 4 / 5 + 0) / 3)
    assert bootstrap(5, macro_f1(wanted, wanted)).low == 1.0


def test_calibration_is_the_distance_of_confidence_from_the_share_of_hits() -> None:
    calibration = calibrate([0.95, 1.0, 0.55, 0.55, 0.52, 0.58], [True, True, True, False, False, False])
    assert [(part.low, part.rows) for part in calibration.bins] == [(0.5, 4), (0.9, 2)]
    assert calibration.bins[0].accuracy == pytest.approx(0.25)
    assert calibration.expected_error == pytest.approx((4 * (0.55 - 0.25) + 2 * (1 - 0.975)) / 6)
    assert calibrate([], []).expected_error == 0.0


def test_the_curve_tells_what_each_alarm_would_reach_and_cost() -> None:
    curve = sweep("alarm", critical=[0.9, 0.6], high=[0.6], normal=[0.1, 0.6, 0.2, 0.1])
    assert [(at.threshold, at.critical_reach, at.high_reach, at.false_alarms) for at in curve.points] == [
        (0.9, 0.5, 0.0, 0.0),
        (0.6, 1.0, 1.0, 0.25),
        (0.2, 1.0, 1.0, 0.5),
        (0.1, 1.0, 1.0, 1.0),
    ]


def test_a_percentile_is_what_so_many_do_not_exceed() -> None:
    assert percentile(range(101), 99) == 99.0


def test_an_accepted_topic_is_right_and_any_other_is_not() -> None:
    rows = [
        judged("a"),
        judged("b", got_topic=Topic.PARENTING, accepted=(Topic.PARENTING,)),
        judged("c", got_topic=Topic.PARENTING),
        judged("d", got_topic=Topic.OTHER, accepted=(Topic.PARENTING,)),
    ]
    assert score(rows)["topic"].value == 0.5


def test_a_message_without_a_wanted_intent_is_left_out_of_the_scores_of_intents() -> None:
    rows = [judged("a"), judged("b", intent=None, got_intent="divorce_x"), judged("c", got_intent="divorce_x")]
    scores = score(rows)
    assert (scores["intent"].value, scores["intent"].of) == (0.5, 2)
    assert scores["intent_f1"].of == 2
    assert "intent" not in score([judged("b", intent=None)])


def test_levels_are_scored_by_whether_a_person_is_called() -> None:
    rows = [
        judged("a", Level.CRITICAL, Level.CRITICAL),
        judged("b", Level.CRITICAL, Level.HIGH),
        judged("c", Level.CRITICAL, Level.NORMAL),
        judged("d", Level.HIGH, Level.CRITICAL),
        judged("e", Level.HIGH, Level.NORMAL),
        judged("f", Level.NORMAL, Level.HIGH),
        *(judged(f"g{number}") for number in range(3)),
    ]
    scores = score(rows)
    values = {name: scores[name].value for name in ("critical_reach", "critical", "high_reach", "false_alarms")}
    assert values == pytest.approx(
        {"critical_reach": 2 / 3, "critical": 1 / 3, "high_reach": 0.5, "false_alarms": 0.25}
    )


def test_triage_alone_is_scored_by_its_own_levels_and_on_nothing_else() -> None:
    rows = [judged("a", Level.CRITICAL, Level.CRITICAL, got_triage=Level.NORMAL)]
    assert score(rows)["critical_reach"].value == 1.0
    assert score_triage_alone(rows).keys() == {"critical_reach", "critical"}
    assert score_triage_alone(rows)["critical_reach"].value == 0.0


def test_a_difference_is_taken_message_by_message() -> None:
    before = [judged(str(number), got_topic=Topic.OTHER if number < 40 else Topic.DIVORCE) for number in range(100)]
    now = [judged(str(number), got_topic=Topic.OTHER if number < 10 else Topic.DIVORCE) for number in range(100)]
    change = differences(before, now)
    assert change["topic"].value == pytest.approx(0.3)
    assert 0.15 < change["topic"].low < change["topic"].high < 0.45
    assert (change["intent"].value, change["intent"].low, change["intent"].high) == (0, 0, 0)
