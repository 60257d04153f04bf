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
    assert one.snippet(one.article.body) == "彩礼退不退，要看情况。"


def test_a_long_sentence_is_cut_around_what_was_asked() -> None:
    [one] = a_base(a=f"{'前' * 80}彩礼{'后' * 80}。").search("彩礼")
    snippet = one.snippet(one.article.body)
    assert "彩礼" in snippet
    assert snippet.startswith("…")
    assert snippet.endswith("…")
    assert len(snippet) == 62


def test_numbers_and_latin_words_are_found_whole() -> None:
    base = a_base(a="打12348问。", b="打12356问。", c="用iOS的手机。")
    assert [one.article.key for one in base.search("12356")] == ["other/b"]
    assert [one.article.key for one in base.search("IOS")] == ["other/c"]
    assert base.search("123") == []


def test_an_empty_base_finds_nothing() -> None:
    assert KnowledgeBase([], knowledge().directory).search("离婚") == []


COMMONEST = {
    "保护令": "domestic_violence/protection_order",
    "人身安全保护令": "domestic_violence/protection_order",
    "家暴": "domestic_violence/disclosed",
    "告诫书": "domestic_violence/warning_letter",
    "报警": "domestic_violence/police_report",
    "验伤": "domestic_violence/injury_exam",
    "庇护所": "domestic_violence/shelter",
    "没地方住": "domestic_violence/shelter",
    "跟踪": "domestic_violence/stalking",
    "家暴证据": "domestic_violence/evidence",
    "录音": "domestic_violence/photos_and_recordings",
    "违反保护令": "domestic_violence/order_violated",
    "协议离婚": "divorce/by_agreement",
    "起诉离婚": "divorce/lawsuit",
    "冷静期": "divorce/cooling_off",
    "抚养权": "divorce/custody",
    "抚养费": "divorce/child_support",
    "探视": "divorce/visitation",
    "彩礼": "divorce/bride_price",
    "财产分割": "divorce/house_and_savings",
    "出轨": "divorce/adultery",
    "债务": "divorce/debts",
    "离婚协议": "divorce/agreement_what_to_write",
    "传票": "divorce/sued_for_divorce",
    "法律援助": "other/legal_aid",
    "律师": "other/legal_aid",
    "心理咨询": "other/counselling",
    "调解": "other/mediation",
    "自杀": "other/suicidal_thoughts",
    "性骚扰": "other/sexual_harassment",
    "强制报告": "other/mandatory_report",
    "外嫁女": "other/land_rights",
    "产假": "other/work_rights",
    "游戏退款": "child_game_refund/can_i_get_it_back",
    "打赏": "child_game_refund/live_stream_tips",
    "12315": "child_game_refund/complaint_12315",
    "霸凌": "parenting/bullying",
    "叛逆": "parenting/rebellion",
    "厌学": "parenting/school_refusal",
    "抑郁": "parenting/low_mood",
}
"""What operators type most, a word or two of the trade, and the article that they mean."""

AMONG_THREE = {"抚养权", "家暴证据", "法律援助", "自杀"}
"""Where more than one is meant."""


@pytest.mark.parametrize(("query", "key"), COMMONEST.items())
def test_what_operators_type_most_finds_the_main_article_first(query: str, key: str) -> None:
    assert key in found(query, limit=3 if query in AMONG_THREE else 1)
