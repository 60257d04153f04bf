"""The lint itself, on corpora small enough to see through."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from rapidfuzz import fuzz

from tests.corpus.reading import Unreadable, Utterance, parse, read
from tests.corpus.rules import Limits, Slice, Specification, conflicts, measure, nearness, violations
from tests.corpus.sameness import find_twins, normal_form
from tests.corpus.slices import detectors, homophones, speaks

HEAD = 'version: "3.1"\nnlu:\n'
BLOCK = "- intent: other_greeting\n  metadata:\n    level: normal\n  examples: |\n    - 你好\n    - 在[吗](tone)\n"
LENIENT = Limits(
    utterances=0,
    intents=0,
    labelled=0,
    hard=0,
    per_intent=0,
    near=0.85,
    near_pairs=100,
    near_utterances=100,
    identical=0.93,
    conflicts=100,
)


def said(text: str, intent: str = "other_greeting", level: str | None = None) -> Utterance:
    return Utterance(text, intent, level, "made_up.yml")


def wrong(utterances: list[Utterance], limits: Limits = LENIENT, *slices: Slice) -> list[str]:
    rules = tuple(speaks(one.name) for one in slices)
    specification = Specification(limits, ("杀",), slices, rules)
    return violations(measure(utterances, specification), specification)


def test_utterances_are_read_with_intent_and_level_and_without_marks_of_entities(tmp_path: Path) -> None:
    (tmp_path / "levels").mkdir()
    (tmp_path / "levels/a.yml").write_text(HEAD + BLOCK, encoding="utf-8")
    assert read(tmp_path) == [
        Utterance("你好", "other_greeting", "normal", "levels/a.yml"),
        Utterance("在吗", "other_greeting", "normal", "levels/a.yml"),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("nlu: [", "not a file of training data"),
        ("version: 1", "not a file of training data"),
        (HEAD + "- lookup: places\n  examples: |\n    - 长沙\n", "must have an intent"),
        (HEAD + BLOCK.replace("normal", "urgent"), "the level urgent"),
        (HEAD + BLOCK.replace("- 你好", "你好"), "does not begin with"),
    ],
)
def test_what_is_no_training_data_is_refused_with_its_place(text: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason) as refused:
        parse(text, "broken.yml")
    assert "broken.yml" in str(refused.value)


@pytest.mark.parametrize(
    ("one", "other"), [("救 我！", "救我"), ("ＳＯＳ", "s.o.s"), ("好❤️", "好❤"), ("①", "1"), ("？", "？")]
)
def test_punctuation_blanks_width_and_case_make_no_difference(one: str, other: str) -> None:
    assert normal_form(one) == normal_form(other)


def test_a_face_of_wechat_is_not_the_word_it_is_called_by() -> None:
    assert normal_form("[再见]") != normal_form("再见")


def test_a_text_of_signs_alone_is_not_the_same_as_any_other() -> None:
    assert normal_form("？？") != normal_form("……")


def test_pairs_are_found_whatever_their_lengths_and_order() -> None:
    texts = ["他昨天晚上打了我一顿", "好", "他昨天晚上又打了我一顿", "孩子不肯上学怎么办", "好"]
    assert [(pair.first, pair.second) for pair in find_twins(texts, 0.85)] == [(1, 4), (0, 2)]
    assert find_twins(texts, 0.96)[-1].similarity == 1


def test_no_pair_is_missed_that_comparing_each_with_each_finds() -> None:
    chance = Random(12338)
    texts = ["".join(chance.choices("他我打的了不在哭", k=chance.randrange(1, 16))) for _ in range(300)]
    each_with_each = {
        (first, second)
        for second, text in enumerate(texts)
        for first in range(second)
        if fuzz.ratio(texts[first], text) > 70
    }
    assert len(each_with_each) > 50
    assert {(pair.first, pair.second) for pair in find_twins(texts, 0.7)} == each_with_each


def test_a_pair_exactly_as_similar_as_allowed_is_allowed() -> None:
    pair = [
        "一二三四五六七八九十甲乙丙丁戊己庚",
        "一二三四五六七八九十甲乙丙丁戊己庚辛壬癸子丑寅",
    ]  # 34 of 40 characters
    assert find_twins(pair, 0.85) == []
    assert len(find_twins(pair, 0.849)) == 1


@pytest.mark.parametrize(
    ("limit", "sentence"),
    [
        ("utterances", "There are 2 utterances; 3 are wanted."),
        ("intents", "There are 1 intents; 3 are wanted."),
        ("labelled", "There are 1 utterances with a level; 3 are wanted."),
        ("hard", "There are 1 hard normal utterances; 3 are wanted."),
        ("per_intent", "There are 2 utterances of other_greeting; 3 are wanted."),
    ],
)
def test_what_is_too_few_is_told(limit: str, sentence: str) -> None:
    utterances = [said("你好"), said("杀价去吗", level="normal")]
    assert wrong(utterances, replace(LENIENT, **{limit: 3})) == [sentence]
    assert wrong(utterances, replace(LENIENT, **{limit: 1})) == []


def test_only_normal_utterances_with_a_cue_are_hard() -> None:
    utterances = [said("他要杀我", level="critical"), said("你好", level="normal"), said("自杀剧情")]
    assert wrong(utterances, replace(LENIENT, hard=1)) == ["There are 0 hard normal utterances; 1 are wanted."]


def test_the_same_words_twice_are_told_with_both_places() -> None:
    (sentence,) = wrong([said("救我"), said("救 我！", level="critical")])
    assert sentence == (
        "The same twice: other_greeting in made_up.yml: 救我 | other_greeting (critical) in made_up.yml: 救 我！"
    )


def test_near_duplicates_count_by_pairs_and_by_utterances_of_one_intent() -> None:
    near = [said("他昨天晚上打了我一顿"), said("他昨天晚上又打了我一顿"), said("早上好"), said("在不在")]
    specification = Specification(LENIENT, (), (), ())
    found = nearness(measure(near, specification))["other_greeting"]
    assert (round(found.pairs, 1), found.utterances) == (16.7, 50)
    assert len(wrong(near, replace(LENIENT, near_pairs=16))) == 1
    assert len(wrong(near, replace(LENIENT, near_utterances=49))) == 1
    apart = [near[0], replace(near[1], intent="other_thanks"), *near[2:]]
    assert wrong(apart, replace(LENIENT, near_pairs=0, near_utterances=0)) == []


@pytest.mark.parametrize(
    ("first", "second", "number"),
    [
        (said("不想活了", "a"), said("不想活了", "b"), 1),
        (said("不想活了", "a", "high"), said("不想活了。", "a", "critical"), 1),
        (said("不想活了", "a", "high"), said("不想活了。", "a"), 0),
        (said("我爸爸昨天晚上又喝了酒", "a"), said("我爸爸昨天晚上又喝了点酒", "b"), 1),
        (said("我爸爸昨天喝了酒", "a"), said("我爸爸昨天又喝酒", "b"), 0),
    ],
)
def test_the_same_words_under_two_intents_or_two_levels_conflict(
    first: Utterance, second: Utterance, number: int
) -> None:
    measured = measure([first, second], Specification(LENIENT, (), (), ()))
    assert len(conflicts(measured, LENIENT.identical)) == number
    told = [line for line in wrong([first, second], replace(LENIENT, conflicts=0)) if "pairs say the same" in line]
    assert len(told) == number


def test_a_slice_that_withers_is_told_for_all_and_for_each_level() -> None:
    utterances = [
        said("婆婆来了", level="high"),
        said("你好", level="normal"),
        said("救我", level="critical"),
        said("嗨"),
    ]
    assert wrong(utterances, LENIENT, Slice("who", "婆婆", floor=25, each=0)) == []
    assert wrong(utterances, LENIENT, Slice("who", "婆婆", floor=26, each=1)) == [
        "who '婆婆' is 25.0 % of all utterances; 26 % are wanted.",
        "who '婆婆' is 0.0 % of critical utterances; 1 % are wanted.",
        "who '婆婆' is 0.0 % of normal utterances; 1 % are wanted.",
    ]


def test_a_slice_without_a_rule_holds_what_no_other_of_its_group_does() -> None:
    slices = (Slice("who", "wife", 0, 0), Slice("who", "anyone", 0, 0), Slice("style", "wife", 0, 0))
    specification = Specification(LENIENT, (), slices, (speaks("老公"), None, speaks("你好")))
    measured = measure([said("老公走了"), said("你好")], specification)
    assert measured.members == [[True, False], [False, True], [False, True]]


SPELLING = '[homophones]\n"家暴" = "家爆 佳暴"\n"头" = "脑壳"\n'


@pytest.mark.parametrize(
    ("rule", "text", "holds"),
    [
        ("short", "他又来了" + "啊" * 7, True),
        ("short", "他又来了" + "啊" * 8, False),
        ("middling", "啊" * 12, True),
        ("middling", "啊" * 61, False),
        ("long", "啊" * 61, True),
        ("voice", "我跟你讲他昨天晚上回来就发脾气我不知道怎么办", True),
        ("voice", "我跟你讲，他昨天晚上回来就发脾气我不知道怎么办", False),
        ("voice", "他昨天又打我了", False),
        ("traditional", "他鎖了門", True),
        ("traditional", "箇些人捱不得", False),
        ("emoji", "好怕😭", True),
        ("emoji", "①②", False),
        ("halved", "他来了 我好怕", True),
        ("halved", "他来了……救我", True),
        ("halved", "救 我", False),
        ("hidden", "他家bao我", True),
        ("hidden", "zi sha", True),
        ("hidden", "他家爆我", True),
        ("hidden", "打在脑壳上", False),
        ("hidden", "WIFI密码他改了", False),
    ],
)
def test_ways_of_writing_are_told_by_their_rules(tmp_path: Path, rule: str, text: str, holds: bool) -> None:
    spelling = tmp_path / "spelling.toml"
    spelling.write_text(SPELLING, encoding="utf-8")
    assert detectors("wifi qq", "脑壳", spelling)[rule](text) is holds


def test_homophones_are_those_of_the_house_but_for_the_ordinary_ones() -> None:
    assert homophones(SPELLING, frozenset({"脑壳"})) == {"家爆", "佳暴"}
