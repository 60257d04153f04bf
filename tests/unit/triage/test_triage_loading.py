"""The rule file: whole as shipped, refused with a clear word when it is not."""

from __future__ import annotations

import re
import tomllib

import pytest

from bot.conversation.errors import InvalidData
from bot.conversation.levels import Level
from bot.triage import judge, load_rules

SPELLING = """
traditional = "殺"
simplified = "杀"
harmless = "大家爆"
marks = { "🔪" = "刀" }
sounds = { "家暴" = "jia bao" }
pinyin = { "孩子" = "hai zi" }
homophones = { "家暴" = "家爆 jb" }
[faces]
telling = "流泪"
silent = "敲打 菜刀"
after = "拿"
codes = "/:pd"
coded = "菜刀"
words = { "菜刀" = "刀" }
"""
SMALL = """
[words]
not = "没 没有"
he = "他 老公"
weapon = "刀 菜刀"
film = "电影"
real = "真的"
[phrases]
armed = ["he > weapon", "拿|举 weapon"]
[vetoes]
told = { words = "film", before = 9, after = 9, but = "real" }
alone = { words = "film", before = 9, after = 9, stops = "" }
[figures]
words = "刀子嘴"
[[rules]]
code = "weapon"
words = "有人持刀"
level = "critical"
topic = "domestic_violence"
danger = "violence"
when = ["armed"]
unless = "told"
[[rules]]
code = "both"
words = "家暴与刀"
level = "high"
when = ["家暴 & weapon", "家暴 + 怕"]
unless = "alone"
"""


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("老公手里拿着一把菜刀", ["weapon"]),
        ("他没刀", []),
        ("他刀子嘴", []),
        ("拿了菜刀", ["weapon"]),
        ("他说，刀", []),
        ("电影他拿刀", []),
        ("电影真的他拿刀", ["weapon"]),
        ("电影。他拿刀", ["weapon"]),
        ("家暴" + "很久很久很久的故事" * 8 + "刀", ["both"]),
        ("怕，家bao", ["both"]),
        ("怕，大家爆料", []),
        ("拿/:pd", ["weapon"]),
        ("拿🔪", ["weapon"]),
        ("电影。怕家爆", []),
        ("怕" + "一二三四五六七八九十" * 5 + "家暴", []),
    ],
)
def test_the_notation_means_what_the_head_of_the_file_says(text: str, codes: list[str]) -> None:
    verdict = judge(load_rules(SMALL, SPELLING), text)
    assert [reason.code for reason in verdict.reasons] == codes


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[words]", "[words", "triage rules: not TOML"),
        ("[words]", "[wordz]", "'words' is missing"),
        ('not = "没 没有"', "", "'not'"),
        ('he = "他 老公"', 'he = ""', "empty"),
        ('he = "他 老公"', "he = 3", "int"),
        ('armed = ["he > weapon"', 'armed = ["him > weapon"', "'him'"),
        ('armed = ["he > weapon"', 'armed = ["he|她 > weapon"', "mixes"),
        ('armed = ["he > weapon"', 'armed = ["he >"', "ends too early"),
        ('armed = ["he > weapon"', 'weapon = ["he > weapon"', "defined twice"),
        ('armed = ["he > weapon", "拿|举 weapon"]', "armed = []", "empty"),
        ('when = ["armed"]', 'when = "armed"', "not a list"),
        ('when = ["armed"]', 'when = ["unarmed"]', "'unarmed'"),
        ('when = ["armed"]', "", "'when' is missing"),
        ('level = "critical"', 'level = "urgent"', "urgent"),
        ('danger = "violence"', 'danger = "dragons"', "dragons"),
        ('topic = "domestic_violence"', 'topic = "weather"', "weather"),
        ('unless = "told"', 'unless = "untold"', "'untold' is missing"),
        ("before = 9, after = 9, but", "before = 9, but", "'after' is missing"),
        ('before = 9, after = 9, but = "real"', 'before = "x", after = 9', "invalid literal"),
        ('but = "real"', 'but = "unreal"', "'unreal'"),
    ],
)
def test_a_bad_rule_file_is_refused_with_the_place(old: str, new: str, told: str) -> None:
    assert old in SMALL
    with pytest.raises(InvalidData, match=re.escape(told)):
        load_rules(SMALL.replace(old, new, 1), SPELLING)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('traditional = "殺"', 'traditional = "殺', "spelling: not TOML"),
        ('simplified = "杀"', 'simplified = "杀妈"', "spelling: zip"),
        ('"家暴" = "jia bao"', '"家暴" = "jia"', "spelling: zip"),
        ('"孩子" = "hai zi"', '"孩子" = "hai zi men"', "spelling: zip"),
        ('codes = "/:pd"', 'codes = "/:pd /:xx"', "spelling: zip"),
        ("pinyin", "pinjin", "spelling: 'pinyin' is missing"),
        ('harmless = "大家爆"', 'harmless = ""', "empty"),
        ('homophones = { "家暴" = "家爆 jb" }', "homophones = 3", "spelling: 'int'"),
    ],
)
def test_bad_spelling_tables_are_refused_with_the_place(old: str, new: str, told: str) -> None:
    assert old in SPELLING
    with pytest.raises(InvalidData, match=re.escape(told)):
        load_rules(SMALL, SPELLING.replace(old, new, 1))


@pytest.mark.parametrize("text", ["", "rules = 3", "[words]", "[[rules]]"])
def test_no_rules_are_no_rule_file(text: str) -> None:
    with pytest.raises(InvalidData, match="triage rules"):
        load_rules(text, SPELLING)
    with pytest.raises(InvalidData, match="spelling"):
        load_rules(SMALL, text)


def test_nothing_in_the_shipped_file_is_idle(rule_text: str) -> None:
    """Every group, phrase and veto is used by something; a leftover is a rule that somebody believes in."""
    data = tomllib.loads(rule_text)
    patterns = [
        pattern for table in (data["phrases"].values(), (r["when"] for r in data["rules"])) for pattern in table
    ]
    used = {token for pattern in patterns for line in pattern for token in re.split(r"[\s+&>]+", line)}
    used |= {veto[key] for veto in data["vetoes"].values() for key in ("words", "but") if key in veto}
    assert {*data["words"], *data["phrases"]} - used == {"not"}
    assert {*data["vetoes"]} == {name for rule in data["rules"] for name in rule.get("unless", "").split()}


def test_the_shipped_rules_tell_the_operator_enough(rule_text: str, spelling_text: str) -> None:
    rules = load_rules(rule_text, spelling_text).rules
    assert len({rule.code for rule in rules}) >= 40
    assert all(re.fullmatch(r"[a-z_]+", rule.code) for rule in rules)
    assert all(re.search(r"[\u4e00-\u9fff]{4,}", rule.words) for rule in rules)
    assert {rule.level for rule in rules} == {Level.CRITICAL, Level.HIGH}
    assert all(rule.danger for rule in rules if rule.level is Level.CRITICAL)
