"""What an evaluation reads and what it leaves behind."""

from __future__ import annotations

import json
import os
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from bot.conversation.errors import InvalidData, Unavailable
from bot.conversation.levels import Level, Topic
from tests.understanding.invented import judged, measured
from tests.understanding.measure import changed_since
from tests.understanding.mistakes import mistakes_page
from tests.understanding.pictures import need_font
from tests.understanding.reading import ROWS, THRESHOLDS, missed, read_answers, read_rows, read_thresholds
from tests.understanding.records import Estimate, Judged
from tests.understanding.report import evaluate, unknown_intents, write
from tests.understanding.tables import print_difference, print_evaluation

ROW = {
    **{"id": "a", "text": "秘密的话", "topic": "divorce", "accepted": ["other"], "intent": "", "level": "high"},
    **{"slice": ["short", "wife"], "why": "编的"},
}


def many(count: int = 15, **changes: Any) -> list[Judged]:
    return [judged(f"m{number}", slices=("wife",), **changes) for number in range(count)]


def test_the_judging_set_is_read_whole_and_names_only_intents_that_there_are() -> None:
    rows = read_rows(ROWS)
    assert len(rows) > 800
    assert unknown_intents(rows) == ()
    assert {row.level for row in rows} == set(Level)


def test_no_intent_is_wanted_where_it_is_empty_or_null(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    lines = [json.dumps(ROW | {"id": str(place), "intent": intent}) for place, intent in enumerate(("", None, "x_y"))]
    path.write_text("\n\n".join(lines), "utf-8")
    rows = read_rows(path)
    assert [row.intent for row in rows] == [None, None, "x_y"]
    assert (rows[0].topic, rows[0].accepted, rows[0].slices) == (Topic.DIVORCE, (Topic.OTHER,), ("short", "wife"))


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("秘密的话", "line 2"),
        ("[]", "line 2"),
        (json.dumps({key: value for key, value in ROW.items() if key != "level"}), "line 2: the field 'level' is"),
        (json.dumps(ROW | {"level": "秘密的话"}), "line 2"),
        (json.dumps(ROW | {"accepted": ["秘密的话"]}), "line 2"),
        (json.dumps(ROW), "more than once: a"),
    ],
)
def test_a_bad_line_is_named_without_its_words(line: str, complaint: str, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(f"{json.dumps(ROW)}\n{line}\n", "utf-8")
    with pytest.raises(InvalidData, match=complaint) as caught:
        read_rows(path)
    assert "秘密" not in str(caught.value)


def test_an_empty_judging_set_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").touch()
    with pytest.raises(InvalidData, match="is empty"):
        read_rows(tmp_path / "rows.jsonl")


def test_a_floor_holds_from_below_and_a_ceiling_from_above() -> None:
    thresholds = read_thresholds(THRESHOLDS)
    assert set(thresholds) == {"topic", "critical_reach", "critical", "high_reach", "false_alarms"}
    perfect = {name: Estimate(0.0 if each.at_most else 1.0, 0, 1, 9) for name, each in thresholds.items()}
    assert missed(thresholds, perfect) == []
    just = {name: Estimate(each.bound, 0, 1, 9) for name, each in thresholds.items()}
    assert missed(thresholds, just) == []
    beyond = {
        name: Estimate(each.bound + (0.01 if each.at_most else -0.01), 0, 1, 9) for name, each in thresholds.items()
    }
    assert len(missed(thresholds, beyond)) == len(thresholds)
    assert len(missed(thresholds, {})) == len(thresholds)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[topics]\ngoal = 0.9\nfloor = 0.8", "no score topics"),
        ("[topic]\ngoal = 0.9", "needs goal and floor"),
        ("[false_alarms]\ngoal = 0.1\nfloor = 0.2", "needs goal and ceiling"),
        ("[topic]\ngoal = 92.0\nfloor = 84.0", "from 0.0 to 1.0"),
        ("[topic", "TOML|line 1|Expected"),
    ],
)
def test_wrong_thresholds_are_refused(text: str, complaint: str, tmp_path: Path) -> None:
    path = tmp_path / "thresholds.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(InvalidData, match=complaint):
        read_thresholds(path)


def test_a_report_keeps_its_names_and_its_answers_come_back(tmp_path: Path) -> None:
    rows = [*many(), judged("c", Level.CRITICAL, Level.HIGH), judged("h", Level.HIGH)]
    wanted = [row.wanted for row in rows]
    write(evaluate(ROWS, wanted, measured(rows)), wanted, tmp_path)
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert report.keys() == {
        *("made_at", "rows_file", "rows", "model", "unknown_intents", "scores", "triage_alone", "by_topic", "by_slice"),
        *("confusion", "calibration", "curve", "triage_ms", "understanding_ms", "rasa_rss_mib", "answers"),
    }
    assert report["scores"]["critical_reach"] == {"value": 1.0, "low": 1.0, "high": 1.0, "of": 1}
    assert report["confusion"]["divorce"]["divorce"] == 17
    assert report["by_slice"].keys() == {"wife"}
    assert report["unknown_intents"] == ["divorce_how"]
    assert (report["triage_ms"].keys(), report["understanding_ms"].keys()) == ({"p50", "p99"}, {"p50", "p95"})
    assert list(read_answers(tmp_path / "report.json").values()) == [row.answer for row in rows]
    assert "消息" not in (tmp_path / "report.json").read_text("utf-8"), "no words in what is kept for later"
    for picture in ("topics.png", "alarms.png"):
        assert (tmp_path / picture).read_bytes().startswith(b"\x89PNG")


def test_a_slice_of_fewer_than_fifteen_messages_has_no_table() -> None:
    rows = many(14)
    assert evaluate(ROWS, [row.wanted for row in rows], measured(rows)).by_slice == {}


def test_the_curve_goes_by_alarm_if_every_answer_has_one() -> None:
    rows = [judged("a", Level.CRITICAL, got_alarm=0.8), judged("b", Level.CRITICAL, got_alarm=0.4)]
    curve = evaluate(ROWS, [row.wanted for row in rows], measured(rows)).curve
    assert (curve.source, [point.threshold for point in curve.points]) == ("alarm", [0.8, 0.4])
    rows.append(judged("c", Level.HIGH, Level.CRITICAL))
    curve = evaluate(ROWS, [row.wanted for row in rows], measured(rows)).curve
    assert (curve.source, [point.threshold for point in curve.points]) == ("level", [1.0, 0.0])


def test_without_the_font_the_pictures_are_refused_with_what_to_do() -> None:
    with pytest.raises(Unavailable, match="fonts-noto-cjk"):
        need_font("No Such Font")


def test_what_is_not_a_report_is_refused(tmp_path: Path) -> None:
    for text in ("{}", "[]", "no", '{"answers": [{"id": "a"}]}'):
        (tmp_path / "report.json").write_text(text)
        with pytest.raises(InvalidData, match="is not a report"):
            read_answers(tmp_path / "report.json")


def test_missed_cries_stand_first_and_every_message_once() -> None:
    rows = [
        judged("fine"),
        judged("intent", got_intent="divorce_x"),
        judged("false", Level.NORMAL, Level.HIGH, got_topic=Topic.OTHER),
        judged("lowered", Level.CRITICAL, Level.HIGH),
        judged("raised", Level.HIGH, Level.CRITICAL),
        judged("missed", Level.CRITICAL, Level.NORMAL, got_intent="divorce_x"),
        judged("topic", got_topic=Topic.OTHER),
        judged("high", Level.HIGH, Level.NORMAL),
    ]
    page = mistakes_page(rows)
    ids = [line.split("**")[1] for line in page.splitlines() if line.startswith("**")]
    assert ids == ["missed", "lowered", "high", "false", "raised", "topic", "intent"]
    assert "共 8 条，判错 7 条" in page
    assert "**missed** 紧急的没有转到人、意图不对" in page
    assert "> 消息 missed" in page
    assert "提到刀" in page


def printed(*rows: Judged, earlier: list[Judged] | None = None) -> str:
    wanted, console = [row.wanted for row in rows], Console(file=StringIO(), width=200)
    evaluation = evaluate(ROWS, wanted, measured(rows))
    if earlier is None:
        print_evaluation(evaluation, read_thresholds(THRESHOLDS), console)
    else:
        print_difference(wanted, {row.wanted.id: row.answer for row in earlier}, evaluation.answers, console)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_the_tables_show_what_is_under_its_floor_and_what_is_not_at_its_goal() -> None:
    table = printed(*many(91), *(judged(f"x{number}", got_topic=Topic.OTHER) for number in range(9)))
    topic = next(line for line in table.splitlines() if "主题准确率" in line and "topic" in line)
    assert "0.910" in topic
    assert "未到目标" in topic
    worse = printed(*many(10, wanted=Level.CRITICAL))
    assert "低于底线" in next(line for line in worse.splitlines() if "critical_reach" in line)
    assert "divorce_how" in worse, "an intent that the domain does not know is named"


def test_a_comparison_names_what_got_worse_and_what_got_better_in_the_messages_of_both() -> None:
    before = [judged("a", got_topic=Topic.OTHER), judged("b"), judged("gone")]
    told = printed(judged("a"), judged("b", Level.CRITICAL, Level.NORMAL), judged("new"), earlier=before)
    assert "共同的 2 条" in told
    assert "主题不对，改对了：a" in told
    assert "没有转到人" not in told, "b was missed before, by the label of today"
    assert "可能只是偶然" in next(line for line in told.splitlines() if "主题准确率" in line)
    assert "没有变化" in next(line for line in told.splitlines() if "意图准确率" in line)
    better = printed(*many(20), earlier=many(20, got_topic=Topic.OTHER))
    assert "变好" in next(line for line in better.splitlines() if "主题准确率" in line)
    fewer = printed(*many(20), earlier=many(20, got=Level.HIGH))
    assert "变好" in next(line for line in fewer.splitlines() if "一般的误报" in line)
    assert "新判错：b" in printed(judged("b", got_topic=Topic.OTHER), earlier=before)


def test_messages_that_only_one_report_has_cannot_be_compared() -> None:
    assert "无法比较" in printed(judged("new"), earlier=[judged("old")])


def test_a_model_that_is_older_than_what_it_is_made_of_is_noticed(tmp_path: Path) -> None:
    model = tmp_path / "model.tar.gz"
    model.touch()
    os.utime(model, (0, 0))
    assert Path("domain.yml") in changed_since(model)
    os.utime(model, (4e9, 4e9))
    assert changed_since(model) == []
