"""The lint itself, on bases small enough to see through."""

from __future__ import annotations

from datetime import date

import pytest

from bot.knowledge.articles import Grade
from tests.knowledge.laws import Cited, Laws, number_of
from tests.knowledge.readability import readability
from tests.knowledge.reading import Base, read_file
from tests.knowledge.rules import reachable, silent, violations

TODAY = date(2026, 11, 22)
LAWS = Laws.parse("""
laws:
- law: 反家庭暴力法
  since: 2016-03-01
  articles: [{grade: text, source: LR, numbers: [13, 23, 24, 25, 26, 31]}]
- law: 民法典
  since: 2021-01-01
  articles: [{grade: text, source: JL, numbers: [20, 1053, 1077]}]
- law: 刑法
  since: 1997-10-01
  articles: [{grade: text, source: LR, since: 2015-11-01, numbers: [260之一]}]
- law: 最高人民法院关于适用《中华人民共和国民法典》婚姻家庭编的解释（一）
  names: [解释（一）]
  since: 2021-01-01
  articles: [{grade: text, source: LR, numbers: [5]}]
- law: 婚姻登记条例
  since: 2025-05-10
  articles: [{grade: secondhand, source: U5, numbers: [全文]}]
- law: 治安管理处罚法
  since: 2026-01-01
  articles: [{grade: text, source: ZA, numbers: [50]}]
superseded:
- {law: 治安管理处罚法, now: 新的治安管理处罚法, articles: {42: 50}}
- {law: 婚姻法, now: 民法典}
- {law: 暂行办法, names: [20号令], now: 新办法}
""")
FIRST = "最高人民法院关于适用《中华人民共和国民法典》婚姻家庭编的解释（一）"
CITED = "{law: 反家庭暴力法, article: '23', since: 2016-03-01}"


def a_file(
    body: str = "可以申请保护令。", *, key: str = "divorce/x", laws: str = "", grade: str = "text", **changes: str
) -> tuple[str, str]:
    """The name and the text of an article's file; `changes` are other fields of its front matter."""
    fields = {
        "title": "一篇答复",
        "intent": "divorce_x" if key == "divorce/x" else "null",
        "laws": f"[{laws}]",
        "grade": grade,
        "reviewed_on": "2026-11-22",
        "review_by": "2027-05-22",
        "regions": "all",
        "related": "[]",
        **changes,
    }
    front = "".join(f"{name}: {value}\n" for name, value in fields.items())
    return key, f"---\n{front}---\n{body}\n"


def a_base(*files: tuple[str, str]) -> Base:
    return Base(
        files=tuple(read_file(name, text) for name, text in files),
        laws=LAWS,
        hotlines=frozenset({"110", "12110", "12338"}),
        intents=frozenset({"divorce_x"}),
        named=frozenset({"other/fixed"}),
        regions=frozenset({"430000", "430100"}),
    )


def wrong(*files: tuple[str, str]) -> list[str]:
    return violations(a_base(*files), TODAY)


# --- what a text cites ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("五", 5),
        ("十", 10),
        ("十七", 17),
        ("二十", 20),
        ("一百零四", 104),
        ("二百三十六", 236),
        ("一千零七十七", 1077),
        ("23", 23),
    ],
)
def test_chinese_numerals_are_numbers(written: str, number: int) -> None:
    assert number_of(written) == number


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("《反家庭暴力法》第二十三条", [("反家庭暴力法", "23")]),
        ("《中华人民共和国民法典》第1077条第一款", [("民法典", "1077")]),
        ("《反家庭暴力法》第二十三、二十四条", [("反家庭暴力法", "23"), ("反家庭暴力法", "24")]),
        ("《反家庭暴力法》第二十三条、第三十一条", [("反家庭暴力法", "23"), ("反家庭暴力法", "31")]),
        ("《反家庭暴力法》第二十三至二十五条", [("反家庭暴力法", f"{number}") for number in (23, 24, 25)]),
        ("《刑法》第二百六十条之一", [("刑法", "260之一")]),
        ("《反家庭暴力法》讲了（第二十三条，《民法典》第二十条）。", [("反家庭暴力法", "23"), ("民法典", "20")]),
        ("解释（一）第五条", [(FIRST, "5")]),
        ("《民法典》，解释（一）第五条，还有第一千零五十三条", [(FIRST, "5"), ("民法典", "1053")]),
        ("第二十三条", [(None, "23")]),
        ("《某法》第九条", [("某法", "9")]),
        ("第一次不批，还有第二条路", []),
    ],
)  # fmt: skip
def test_what_a_text_cites_is_of_the_law_that_was_named_last(text: str, cited: list[tuple[str | None, str]]) -> None:
    assert LAWS.cited(text) == [Cited(*one) for one in cited]


def test_an_article_is_known_with_its_own_date() -> None:
    entry = LAWS.entry(Cited("刑法", "260之一"))
    assert entry is not None
    assert (entry.since, entry.grade, entry.source) == (date(2015, 11, 1), Grade.TEXT, "LR")


def test_an_article_that_is_there_twice_is_refused() -> None:
    row = "{law: 民法典, since: 2021-01-01, articles: [{grade: text, source: JL, numbers: [20, 20]}]}"
    with pytest.raises(ValueError, match="twice"):
        Laws.parse(f"laws: [{row}]\nsuperseded: []")


# --- the rules --------------------------------------------------------------------------------------------------


def test_a_sound_article_breaks_no_rule() -> None:
    body = "可以申请保护令（《反家庭暴力法》第二十三条）。有危险打110，或发到12110、打{hotline}。2026年花了648元。"
    assert wrong(a_file(body, laws=CITED), a_file(key="other/fixed")) == []


@pytest.mark.parametrize(
    ("laws", "body", "fault"),
    [
        ("", "可以申请（《反家庭暴力法》第二十三条）。", "the words cite 反家庭暴力法 23"),
        (CITED, "可以申请（《反家庭暴力法》第二十三、二十四条）。", "the words cite 反家庭暴力法 24"),
        (CITED, "可以申请保护令。", "the front matter cites 反家庭暴力法 23, the words do not"),
        (CITED, "可以申请（第二十三条）。", "of no law that was named before"),
        (CITED.replace("23", "99"), "可以。", "反家庭暴力法 99 is not in data/laws.yml"),
        (CITED.replace("2016", "2015"), "可以。", "in force since 2016-03-01, not 2015-03-01"),
        (f"{CITED}, {CITED}", "可以。", "stands twice"),
        ("{law: 婚姻登记条例, article: 全文, since: 2025-05-10}", "可以。", "its weakest citation is secondhand"),
        ("{law: 治安管理处罚法, article: '42', since: 2026-01-01}", "可以。", "now 新的治安管理处罚法 50"),
        ("", "按《治安管理处罚法》第四十二条处理。", "now 新的治安管理处罚法 50"),
        ("", "按《婚姻法》办。", "婚姻法 is no longer in force; now 民法典"),
        ("", "按20号令办。", "20号令 is no longer in force; now 新办法"),
        ("", "按《某办法》办。", "《某办法》 is not in data/laws.yml"),
    ],
)
def test_what_is_cited_wrongly_is_told(laws: str, body: str, fault: str) -> None:
    assert fault in "\n".join(wrong(a_file(body, laws=laws)))


def test_a_grade_may_be_worse_than_its_citations_but_never_better() -> None:
    assert wrong(a_file("《反家庭暴力法》第二十三条。", laws=CITED, grade="memory")) == []
    assert len(wrong(a_file(laws="{law: 婚姻登记条例, article: 全文, since: 2025-05-10}"))) == 1


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"title": "一二三四五六七八九十一二三四五六七八九十一"}, "the title has 21 characters"),
        ({"buton": "[divorce/x]"}, "nobody knows the fields ['buton']"),
        ({"reviewed_on": "2026-11-23"}, "yet to come"),
        ({"review_by": "2026-11-21"}, "was to be reviewed by 2026-11-21"),
        ({"review_by": "2027-11-24"}, "allowed is a year"),
        ({"related": "[divorce/gone]"}, "['divorce/gone'] do not exist"),
        ({"buttons": "[divorce/gone]"}, "['divorce/gone'] do not exist"),
        ({"buttons": '["flow:gone"]'}, "['flow:gone'] are no flows"),
        ({"related": "[divorce/x]"}, "it leads to itself"),
        ({"buttons": '["flow:referral", "flow:referral"]'}, "names something twice"),
        ({"regions": '["440000"]'}, "the regions ['440000'] are not"),
        ({"regions": '["430100"]'}, "must be for all regions"),
        ({"intent": "divorce_y"}, "the intent divorce_y, which domain.yml does not know"),
        ({"grade": "sure"}, "article divorce/x: 'sure'"),
    ],
)
def test_front_matter_that_is_amiss_is_told(changes: dict[str, str], fault: str) -> None:
    assert fault in "\n".join(wrong(a_file(**changes)))


@pytest.mark.parametrize(
    "body",
    [
        "可以。\n# 标题", "可以。\n- 一", "**可以**。", "`可以`。", "可以。看[这里](https://a.cn)。", "可以。\n> 引",
        "啊" * 81 + "。", "没有句号\n第二行。",
        "打119。", "可以打12349。", "电话0731-8222222。", "打13800000000。", "找12366问。", "拨打400-123-4567。",
    ],
)  # fmt: skip
def test_words_that_wechat_or_a_tired_person_cannot_take_are_told(body: str) -> None:
    assert len(wrong(a_file(body))) == 1


@pytest.mark.parametrize(
    "body", ["一年有365天。", "打110，再打12338。", "花了110元。", "1. 打{hotline}。", "从2026年1月1日起，罚1000元。"]
)
def test_sums_dates_and_known_numbers_are_no_fault(body: str) -> None:
    assert wrong(a_file(body)) == []


def test_an_intent_without_an_article_is_told() -> None:
    assert wrong(a_file(key="other/fixed")) == ["The intent divorce_x has no article."]


def test_every_article_is_reached_from_an_intent_or_from_what_the_code_names() -> None:
    files = [
        a_file(related="[divorce/a]"),
        a_file(key="divorce/a", buttons="[divorce/b]"),
        a_file(key="divorce/b"),
        a_file(key="divorce/lonely", related="[divorce/x]"),
        a_file(key="other/fixed"),
    ]
    assert reachable(a_base(*files)) == {"divorce/x", "divorce/a", "divorce/b", "other/fixed"}
    assert wrong(*files) == [
        "divorce/lonely: nothing leads to it, neither an intent nor a link, a button, the menu or the code."
    ]


def test_a_document_without_articles_may_be_relied_on_without_being_named() -> None:
    registry = "{law: 婚姻登记条例, article: 全文, since: 2025-05-10}"
    base = a_base(a_file(laws=registry, grade="secondhand"))
    assert violations(base, TODAY) == []
    [(_, article)] = base.articles
    assert silent(base, article) == [Cited("婚姻登记条例", "全文")]


def test_the_words_of_a_region_are_judged_like_any_other() -> None:
    own = a_file("打119。", key="divorce/x@430100", intent="divorce_x", regions='["430100"]')
    assert wrong(a_file(), own) == ["divorce/x@430100: nobody knows the numbers ['119']."]


# --- how it reads -----------------------------------------------------------------------------------------------


def test_long_sentences_and_rare_characters_make_a_text_hard() -> None:
    easy = readability(["先报警。再去医院。", "打120吧"])
    hard = readability(["彳亍于阡陌之间的人，踟蹰不前，嗫嚅难言。"])
    assert (easy.mean, easy.longest, easy.rare) == (4, 5, 0)
    assert hard.mean == 19
    assert hard.rare > 30
    assert readability([]) == (0, 0, 0)
