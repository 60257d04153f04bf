"""A bare number or time calls nobody by how it sounds, and a plain wish for a person is nothing else."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any

import pytest

from bot.conversation.levels import Level
from bot.triage import Rules, judge, only_wishes_for_a_person, tells_no_more_than_a_number
from bot.triage.model import LevelModel, Line, Thresholds
from bot.triage.numbers import without_numbers

Table = Callable[[str], list[dict[str, Any]]]

NUMBERS = [
    "13812345678",
    "138 1234 5678",
    "打我电话 13812345678",
    "我的号码是138 1234 5678 晚上打",
    "13812345678，微信同号",
    "我的电话一三八一二三四五六七八",
    "0731-84512338",
    "座机84512338",
    "我姓王，13812345678",
    "王女士 13812345678",
    "晚上八点以后打",
    "10点以后打给我13812345678",
    "明天上午10点",
    "周三下午三点可以",
    "3500元",
    "10",
    "410",
    "1040",
    "17921840110",
    "一个月3500",
    "2026-11-22",
]
NOT_BARE = [
    "晚上打",
    "晚上打我",
    "10点再打我",
    "天天打我13812345678",
    "他打我电话13812345678",
    "千万不要打电话13812345678",
    "明天上午10点开庭",
    "我十点就走了",
    "活到12号",
    "救救小姐 13812345678",
    "我叫他打我 13812345678",
    "13812345678救我",
    "今晚",
    "我",
    "",
    "1" * 61,
]
WISHES = [
    "转人工",
    "有人吗",
    "你好，有人在吗？",
    "我要找人工",
    "人工",
    "请问有工作人员吗",
    "转人工！！！",
    "麻烦转一下人工，谢谢",
]
MORE_THAN_A_WISH = [
    "转人工，他打我",
    "有人找我",
    "有人要我的命",
    "我要找人砍他",
    "转人工，小孩充钱了",
    "我想死，转人工",
    "",
]


SHORTENED = {
    "17921840110": "",
    "我妈的电话是159 8174 1040 他不知道": "我妈的电话是 他不知道",
    "一七九二一八四零一一零": "",
    "身份证430102199003070110": "身份证",
    "110110110110": "110110110110",
    "110": "110",
    "打了我3次，2次在家": "打了我3次，2次在家",
    "给了13800元": "给了三百元",
    "2026年打12338": "2026年打12338",
}


def alarmed(rules: Rules, critical: float = -9.0) -> Rules:
    """The rules beside a model that hears harm in whatever is written."""
    thresholds = Thresholds(alarm=0.5, again=0.5, critical=0.5, doubt=0.0)
    model = LevelModel({}, {}, Line(9.0, 1.0), Line(critical, 1.0), Line(-9.0, 1.0), thresholds)
    worried = copy(rules)
    worried.model = model
    return worried


@pytest.mark.parametrize("text", NUMBERS)
def test_a_bare_number_calls_nobody_by_how_it_sounds(rules: Rules, text: str) -> None:
    assert tells_no_more_than_a_number(text)
    verdict = judge(alarmed(rules), text)
    assert (verdict.level, verdict.reasons) == (Level.NORMAL, ())


@pytest.mark.parametrize("text", [text for text in NOT_BARE if text])
def test_whatever_says_more_is_weighed(rules: Rules, text: str) -> None:
    assert not tells_no_more_than_a_number(text)
    assert judge(alarmed(rules), text).level.needs_person


@pytest.mark.parametrize("text", ["110", "12110", "110 13812345678", "１１０！", "一一零"])
def test_a_number_that_is_a_cry_for_help_stays_one(rules: Rules, text: str) -> None:
    assert judge(alarmed(rules), text).level is Level.CRITICAL


@pytest.mark.parametrize("text", ["打110", "快打120", "他说13812345678"])
def test_what_sounds_like_danger_now_counts_where_more_than_a_number_is_said(rules: Rules, text: str) -> None:
    assert judge(alarmed(rules, critical=9.0), text).level is Level.CRITICAL


@pytest.mark.parametrize(("text", "left"), SHORTENED.items())
def test_the_model_is_not_shown_long_numbers(text: str, left: str) -> None:
    assert without_numbers(text) == left


def test_a_number_after_short_words_is_weighed_with_them(rules: Rules) -> None:
    assert judge(alarmed(rules), "明天上午10点", ["他说要来"]).level is Level.HIGH


def test_no_cry_for_help_in_the_tables_is_a_bare_number_or_a_plain_wish(table: Table) -> None:
    critical, high = table("critical"), table("high")
    bare = [row["text"] for row in critical + high if tells_no_more_than_a_number(row["text"])]
    assert set(bare) <= {"110", "1 1 0"}
    assert not [row["text"] for row in critical if only_wishes_for_a_person(row["text"])]
    wishes = [row for row in high if only_wishes_for_a_person(row["text"])]
    assert {row["reason"] for row in wishes} == {"asks_person"}


@pytest.mark.parametrize("text", WISHES)
def test_a_plain_wish_is_known_as_one(text: str) -> None:
    assert only_wishes_for_a_person(text)


@pytest.mark.parametrize("text", MORE_THAN_A_WISH)
def test_a_wish_with_a_story_is_more_than_a_wish(text: str) -> None:
    assert not only_wishes_for_a_person(text)
