"""What holds for any text: triage never raises, never wavers, and chatter never drowns a cry for help."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.levels import Level
from bot.triage import Danger, Rules, judge

Table = Callable[[str], list[dict[str, Any]]]

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=400)  # lone surrogates and controls too
STORY = (
    "我今年三十八岁，在镇上开一家小店。",
    "我和他是经人介绍认识的，谈了半年就领了证。",
    "头几年日子过得还算平静，孩子也听话。",
    "后来他去外面跑车，一个月回来两三趟。",
    "家里的开支一直是我在撑，公婆的药费也是我出。",
    "他的工资从来不交给我，问他就说还贷款了。",
    "我们为钱吵过很多次，每次都是不了了之。",
    "去年我提出协议，他嫌分给我的太多，一直拖着。",
    "房子是婚后买的，写的是两个人的名字。",
    "女儿上小学三年级，成绩中等，跟我比较亲。",
    "我想知道这样的情况抚养权能不能归我。",
    "另外存款都在他的卡上，我该怎么去查。",
    "麻烦老师有空的时候回复一下，谢谢。",
)


@given(text=ANY_TEXT, earlier=st.lists(ANY_TEXT, max_size=4))
def test_any_text_gets_a_verdict_that_agrees_with_itself(rules: Rules, text: str, earlier: list[str]) -> None:
    verdict = judge(rules, text, earlier)
    assert verdict == judge(rules, text, earlier)
    assert (verdict.level is Level.NORMAL) == (not verdict.reasons)
    assert verdict.danger is None or isinstance(verdict.danger, Danger)


@given(data=st.data())
def test_what_came_before_never_lowers_the_level(rules: Rules, table: Table, data: st.DataObject) -> None:
    rows = st.sampled_from([*table("critical"), *table("high"), *table("normal")])
    text, earlier = data.draw(rows)["text"], [row["text"] for row in data.draw(st.lists(rows, max_size=4))]
    assert judge(rules, text, earlier).level.rank >= judge(rules, text).level.rank


@settings(max_examples=120)
@given(data=st.data())
def test_chatter_around_it_never_lowers_a_critical_message(rules: Rules, table: Table, data: st.DataObject) -> None:
    cry = data.draw(st.sampled_from(table("critical")))["text"]
    chatter = st.sampled_from([row["text"] for row in table("normal") if len(row["text"]) > 1])
    stop = st.sampled_from(["。", "！", "？", "\n", "。。。", "\r\n\r\n", "…", "；"])
    before = "".join(data.draw(chatter) + data.draw(stop) for _ in range(data.draw(st.integers(0, 3))))
    after = "".join(data.draw(stop) + data.draw(chatter) for _ in range(data.draw(st.integers(0, 3))))
    assert judge(rules, before + cry + after).level is Level.CRITICAL


@settings(max_examples=120)
@given(data=st.data())
def test_a_danger_in_one_clause_of_a_long_story_is_found(rules: Rules, table: Table, data: st.DataObject) -> None:
    cry = data.draw(st.sampled_from(table("critical")))["text"]
    at = data.draw(st.integers(0, len(STORY)))
    story = "".join([*STORY[:at], f"{cry}。", *STORY[at:]])
    assert len(story) > 240
    assert judge(rules, story).level is Level.CRITICAL


def test_the_story_itself_is_normal(rules: Rules) -> None:
    assert judge(rules, "".join(STORY)).level is Level.NORMAL


@given(noise=st.text("😭😂🙏❤！～~ 　", max_size=6), data=st.data())
def test_emoji_and_blanks_around_it_change_nothing(rules: Rules, table: Table, noise: str, data: st.DataObject) -> None:
    cry = data.draw(st.sampled_from(table("critical")))["text"]
    assert judge(rules, noise + cry + noise).level is Level.CRITICAL
