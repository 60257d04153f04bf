"""What operators and others find when they ask in plain words."""

from __future__ import annotations

import pytest

from bot.conversation.levels import Topic
from bot.knowledge import KnowledgeBase
from tests.doubles.office import REGIONS, an_article
from tests.unit.world import knowledge


def found(query: str, topic: Topic | None = None, limit: int = 3) -> list[str]:
    return [one.article.key for one in knowledge().search(query, topic, limit)]


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("孩子充值游戏的钱能退吗", "child_game_refund/can_i_get_it_back"),
        ("平台不肯退款怎么办", "child_game_refund/refused"),
        ("退款 要留什么证据", "child_game_refund/evidence"),
        ("保护令怎么申请", "domestic_violence/protection_order"),
        ("告诫书有什么用", "domestic_violence/warning_letter"),
        ("家暴 证据", "domestic_violence/evidence"),
        ("验伤去哪里", "domestic_violence/injury_exam"),
        ("庇护所", "domestic_violence/shelter"),
        ("他一直跟踪我，纠缠", "domestic_violence/stalking"),
        ("冷静期多久", "divorce/cooling_off"),
        ("彩礼要退吗", "divorce/bride_price"),
        ("抚养费给多少", "divorce/child_support"),
        ("他转移财产怎么查", "divorce/hidden_property"),
        ("不让我探望孩子", "divorce/visitation"),
        ("债", "divorce/debts"),
        ("孩子不想上学", "parenting/school_refusal"),
        ("同学欺负他", "parenting/bullying"),
        ("法律援助 条件", "other/legal_aid"),
        ("村里不给我分地", "other/land_rights"),
        ("性骚扰", "other/sexual_harassment"),
    ],
)
def test_the_article_that_answers_is_among_the_first(query: str, key: str) -> None:
    assert key in found(query)


def test_a_topic_narrows_what_is_found() -> None:
    everywhere, divorce = found("孩子", limit=50), found("孩子", Topic.DIVORCE, 50)
    assert {key.partition("/")[0] for key in everywhere} > {"divorce"}
    assert {key.partition("/")[0] for key in divorce} == {"divorce"}


@pytest.mark.parametrize("query", ["", "？？", "zzz", "　", "\n"])
def test_what_shares_nothing_finds_nothing(query: str) -> None:
    assert found(query) == []


def test_no_more_is_given_than_was_asked_for() -> None:
    assert len(found("孩子", limit=2)) == 2
    assert found("孩子", limit=0) == []


def a_base(**bodies: str) -> KnowledgeBase:
    return KnowledgeBase.parse({f"other/{name}": an_article(name, body) for name, body in bodies.items()}, REGIONS)


def test_the_snippet_is_the_sentence_that_comes_nearest() -> None:
    [one] = a_base(a="先打电话。彩礼退不退，要看情况。带上材料。").search("彩礼")
    assert one.snippet == "彩礼退不退，要看情况。"


def test_a_long_sentence_is_cut_around_what_was_asked() -> None:
    [one] = a_base(a=f"{'前' * 80}彩礼{'后' * 80}。").search("彩礼")
    assert "彩礼" in one.snippet
    assert one.snippet.startswith("…")
    assert one.snippet.endswith("…")
    assert len(one.snippet) == 62


def test_numbers_and_latin_words_are_found_whole() -> None:
    base = a_base(a="打12348问。", b="打12356问。", c="用iOS的手机。")
    assert [one.article.key for one in base.search("12356")] == ["other/b"]
    assert [one.article.key for one in base.search("IOS")] == ["other/c"]
    assert base.search("123") == []


def test_an_empty_base_finds_nothing() -> None:
    assert KnowledgeBase([], knowledge().directory).search("离婚") == []
