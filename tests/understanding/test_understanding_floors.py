"""The trained assistant, judged on the whole judging set, misses no floor."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from tests.understanding.measure import measure
from tests.understanding.reading import ROWS, THRESHOLDS, missed, read_rows, read_thresholds
from tests.understanding.report import evaluate, write
from tests.understanding.tables import print_evaluation


async def test_no_floor_is_missed(tmp_path: Path) -> None:
    wanted, thresholds = read_rows(ROWS), read_thresholds(THRESHOLDS)
    measured = await measure(wanted, lambda: None)
    assert [answer.id for answer in measured.answers] == [row.id for row in wanted]
    assert measured.rasa_rss_mib > 100, "that is not Rasa"
    evaluation = evaluate(ROWS, wanted, measured)
    print_evaluation(evaluation, thresholds, Console(width=190))
    write(evaluation, wanted, tmp_path)
    assert missed(thresholds, evaluation.scores) == [], "see the tables"
