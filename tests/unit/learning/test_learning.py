"""The small model of triage: learnt from labelled examples, read back, and weighed beside the rules."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.bootstrap import DATA, read_bare_rules, read_rules
from bot.conversation.errors import InvalidData
from bot.conversation.levels import Level
from bot.learning import Example, fingerprint, fit, read_examples
from bot.triage import Danger, Rules, judge
from bot.triage.model import Estimate, LevelModel, Line, Thresholds, load_model

WHO = ("老公", "他", "男朋友", "前夫", "老倌", "孩子爸", "公公", "小叔子", "对象", "那个人")
WHEN = ("昨天", "今天", "前天", "上周", "半夜", "早上", "过年", "刚才", "晚上", "周末")


def told(text: str, intent: str, level: Level) -> list[Example]:
    return [Example(text.format(who=who, when=when), intent, level) for who in WHO for when in WHEN]


@pytest.fixture(scope="module")
def rules() -> Rules:
    return read_bare_rules()


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    return [
        *told("{who}{when}把煤油淋在门口等我", "domestic_violence_in_danger_now", Level.CRITICAL),
        *told("{when}把积蓄留给{who}我就安心走", "other_suicidal_thoughts", Level.CRITICAL),
        *told("{who}{when}翻我口袋记我的账", "domestic_violence_mental_abuse", Level.HIGH),
        *told("{when}问{who}离婚带什么证件", "divorce_by_agreement", Level.NORMAL),
        *told("{when}跟{who}看杀人的电影", "other_out_of_scope", Level.NORMAL),
    ]


@pytest.fixture(scope="module")
def text(rules: Rules, examples: list[Example]) -> str:
    return fit(examples, rules)


@pytest.fixture(scope="module")
def model(text: str) -> LevelModel:
    """With thresholds of our own: so few and so plain examples leave nothing to measure them by."""
    return replace(load_model(text), thresholds=Thresholds(alarm=0.6, again=0.4, critical=0.6, doubt=0.2))


@pytest.fixture
def learnt(rules: Rules, model: LevelModel) -> Rules:
    both = read_bare_rules()
    both.model = model
    return both


def test_the_same_examples_give_the_same_model(rules: Rules, examples: list[Example]) -> None:
    few = examples[::10]
    assert fit(few, rules) == fit(few, rules)


def test_what_no_rule_names_is_heard_and_the_operator_is_told_why(learnt: Rules) -> None:
    judgement = judge(learnt, "姐夫昨天翻我口袋记我的账")
    assert (judgement.level, judgement.topic) == (Level.HIGH, None)
    assert judgement.reasons[0].words.startswith("整体像需要人工（把握 ")
    assert judgement.alarm > 0.5


@pytest.mark.parametrize(
    ("message", "danger"),
    [("姐夫今天把煤油淋在门口等我", Danger.VIOLENCE), ("今天把积蓄留给姐姐我就安心走", Danger.SELF_HARM)],
)
def test_danger_by_another_s_hand_and_by_her_own_get_their_own_words(
    learnt: Rules, message: str, danger: Danger
) -> None:
    judgement = judge(learnt, message)
    assert (judgement.level, judgement.danger) == (Level.CRITICAL, danger)


def test_a_rule_that_holds_in_something_harmless_does_not_count(learnt: Rules, rules: Rules) -> None:
    message = "昨天跟姐夫看杀人的电影 他说要杀了我"
    assert judge(rules, message).level is Level.CRITICAL
    assert judge(learnt, message).alarm < judge(learnt, "姐夫今天把煤油淋在门口等我 他说要杀了我").alarm


def test_the_halves_of_a_message_are_judged_together(rules: Rules, model: LevelModel) -> None:
    halves = read_bare_rules()
    halves.model = replace(
        model,
        runs={"甲": (1.0, 3.0, 0.0, 0.0), "乙": (1.0, 3.0, 0.0, 0.0)},
        alarm=Line(bias=-3.5, slope=1.0),
        critical=Line(bias=-9.0, slope=1.0),
    )
    assert [judge(halves, bubble).level for bubble in ("甲", "乙")] == [Level.NORMAL, Level.NORMAL]
    assert judge(halves, "乙", ("甲",)).level is Level.HIGH


def test_who_was_in_danger_before_is_believed_sooner(model: LevelModel) -> None:
    doubtful = Estimate(alarm=0.5, critical=0.1, self_harm=0.1)
    assert (model.level(doubtful), model.level(doubtful, Level.HIGH)) == (Level.NORMAL, Level.HIGH)


def test_a_text_of_nothing_known_is_as_likely_as_any(model: LevelModel) -> None:
    assert model.estimate("", ()) == model.estimate("龘", ())
    assert 0 < model.estimate("", ()).alarm < 1


@pytest.mark.parametrize("broken", ["", "[]", "{}", '{"runs": {}}', '{"runs": {}, "rules": {}, "alarm": {"bias": 1}}'])
def test_what_is_no_model_is_refused(broken: str) -> None:
    with pytest.raises(InvalidData, match="triage model"):
        load_model(broken)


def test_examples_are_read_with_their_levels_and_without_marks(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(
        "version: '3.1'\nnlu:\n- intent: other_choose\n  metadata:\n    level: normal\n  examples: |\n"
        '    - 选[第一个]{"entity": "choice", "value": "1"}\n    - [后面那个](choice)\n'
        "- intent: other_thanks\n  examples: |\n    - 谢谢\n",
        encoding="utf-8",
    )
    assert read_examples(tmp_path) == [
        Example("选第一个", "other_choose", Level.NORMAL),
        Example("后面那个", "other_choose", Level.NORMAL),
    ]


@pytest.mark.parametrize(
    "content", ["nlu: [1]", "a: [", "- x", "nlu:\n- intent: a\n  metadata: {level: dire}\n  examples: '- x'"]
)
def test_a_file_that_is_none_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "broken.yml").write_text(content, encoding="utf-8")
    with pytest.raises(InvalidData, match=r"broken\.yml"):
        read_examples(tmp_path)


def test_the_shipped_model_was_learnt_from_the_shipped_examples() -> None:
    shipped = (DATA / "triage" / "model.json").read_text(encoding="utf-8")
    assert f'"{fingerprint(read_examples(DATA / "nlu"))}"' in shipped, "run `niangjia train`"


def test_the_shipped_triage_hears_what_the_rules_were_written_for() -> None:
    assert judge(read_rules(), "他掐我脖子，我喘不过气，快来人").level is Level.CRITICAL
    assert judge(read_rules(), "请问离婚要带什么证件").level is Level.NORMAL
