"""Text made to hurt the judge: it is read at both ends, in bounded time, and still judged."""

from __future__ import annotations

import random
import time

import pytest

from bot.conversation.levels import Level
from bot.triage import Rules, judge

MEGABYTE = 1_000_000
ENOUGH_SECONDS = 0.5  # some milliseconds on a quiet machine; a blow-up would take minutes

HOSTILE = {
    "one letter": "a" * MEGABYTE,
    "one sign": "他" * MEGABYTE,
    "two signs": "他她" * MEGABYTE,
    "a cry": "打我" * MEGABYTE,
    "a denied cry": "没打我" * MEGABYTE,
    "a vetoed cry": "新闻说他拿刀砍人" * 100_000,
    "pinyin": "jia bao " * 100_000,
    "blanks": " " * MEGABYTE,
    "dots": ". " * MEGABYTE,
    "blank signs": "\u200b" * MEGABYTE,
    "bidi": "\u202e\u2066他打我\u2069" * 100_000,
    "combining marks": ("打" + "\u0301" * 50) * 20_000,
    "one sign that is eighteen": "ﷺ" * MEGABYTE,
    "surrogates": "\ud83d" * MEGABYTE,
    "unbalanced brackets": "(" * MEGABYTE,
    "ages": "1" * MEGABYTE + "岁",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_megabyte_is_judged_in_bounded_time(rules: Rules, text: str) -> None:
    started = time.process_time()
    judge(rules, text, [text, text])
    assert time.process_time() - started < ENOUGH_SECONDS


def test_a_soup_of_all_our_own_words_is_judged_in_bounded_time(rules: Rules, rule_text: str) -> None:
    words = rule_text.split()
    soup = "".join(random.Random(1).choices(words, k=200_000))
    started = time.process_time()
    judge(rules, soup)
    assert time.process_time() - started < ENOUGH_SECONDS


@pytest.mark.parametrize("chatter", ["今天天气不错。", "好的", "啊。", "离婚要什么材料？\n"])
def test_both_ends_of_a_very_long_text_are_read(rules: Rules, chatter: str) -> None:
    filler = chatter * 50_000
    assert judge(rules, filler).level is Level.NORMAL
    assert judge(rules, f"他拿刀要杀我。{filler}").level is Level.CRITICAL
    assert judge(rules, f"{filler}。他拿刀要杀我").level is Level.CRITICAL
