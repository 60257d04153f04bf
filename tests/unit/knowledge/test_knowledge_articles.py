"""An article's file becomes a vetted answer, or a clear refusal that names it."""

from __future__ import annotations

from datetime import date

import pytest

from bot.conversation.errors import InvalidData, NotFound
from bot.conversation.messages import MAX_TEXT_BYTES, fits
from bot.knowledge import KnowledgeBase
from bot.knowledge.articles import MAX_CHARACTERS, Article, Citation, Grade, parse_article
from tests.unit.world import CHANGSHA, DATA, HUNAN, knowledge

FRONT = """title: 离婚冷静期
intent: divorce_cooling_off
laws:
- {law: 民法典, article: 第一千零七十七条, since: 2021-01-01}
grade: text
reviewed_on: 2026-11-22
review_by: 2027-05-22
related: []
"""
REGIONS = 'regions: [{code: "430000", name: 湖南省, parent: null, hotline: "12338", hours: null}]'


def a_file(body: str = "冷静期是30天。打{hotline}。", front: str = FRONT) -> str:
    return f"---\n{front}---\n{body}\n"


def a_base(**texts: str) -> KnowledgeBase:
    return KnowledgeBase.parse({f"divorce/{name}": text for name, text in texts.items()}, REGIONS)


# --- one article ------------------------------------------------------------------------------------------------


def test_an_article_is_read_whole() -> None:
    assert parse_article("divorce/cooling_off", a_file()) == Article(
        key="divorce/cooling_off",
        title="离婚冷静期",
        intent="divorce_cooling_off",
        laws=(Citation("民法典", "第一千零七十七条", date(2021, 1, 1)),),
        grade=Grade.TEXT,
        reviewed_on=date(2026, 11, 22),
        review_by=date(2027, 5, 22),
        related=(),
        body="冷静期是30天。打{hotline}。",
    )


def test_a_line_in_the_body_may_look_like_the_fence() -> None:
    assert parse_article("divorce/x", a_file("上面\n---\n下面")).body == "上面\n---\n下面"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "没有开头",
        "---\ntitle: 只有开头\n",
        a_file(front="title: [\n"),
        a_file(front=""),
        a_file(front="- 一\n- 二\n"),
        a_file(front=FRONT.replace("title: 离婚冷静期\n", "")),
        a_file(front=FRONT.replace("grade: text", "grade: sure")),
        a_file(front=FRONT.replace("reviewed_on: 2026-11-22", "reviewed_on: 去年")),
        a_file(front=FRONT.replace("since: 2021-01-01", "since: 2021")),
        a_file(front=FRONT.replace("- {law: 民法典, article: 第一千零七十七条, since: 2021-01-01}", "- 民法典")),
        a_file(body=" \n "),
        a_file(body="长" * (MAX_CHARACTERS + 1)),
    ],
    ids=str,
)
def test_a_malformed_article_is_refused_by_its_name(text: str) -> None:
    with pytest.raises(InvalidData, match="article divorce/x"):
        parse_article("divorce/x", text)


def test_the_longest_article_is_one_message() -> None:
    assert fits("长" * MAX_CHARACTERS)


# --- all articles -----------------------------------------------------------------------------------------------


def test_an_answer_is_in_the_accounts_own_words() -> None:
    base = a_base(x=a_file("这里是{account}，电话{hotline}。"))
    assert base.render("divorce/x", HUNAN) == "这里是湖南妇联，电话12338。"
    assert base.render("divorce/x", CHANGSHA) == "这里是长沙妇联，电话12338。"


def test_a_choice_is_worded_by_its_articles_title() -> None:
    base = a_base(x=a_file())
    assert base.title_of_intent("divorce_cooling_off") == "离婚冷静期"
    assert base.title_of_intent("divorce_custody") is None


def test_an_article_that_is_missing_is_not_found() -> None:
    base = a_base(x=a_file())
    with pytest.raises(NotFound):
        base.render("divorce/y", HUNAN)
    with pytest.raises(NotFound):
        base.article("divorce/y")


def test_two_articles_of_one_intent_are_refused() -> None:
    with pytest.raises(InvalidData, match="divorce/y"):
        a_base(x=a_file(), y=a_file())


def test_a_link_to_nowhere_is_refused() -> None:
    with pytest.raises(InvalidData, match=r"divorce/x.*divorce/gone"):
        a_base(x=a_file(front=FRONT.replace("related: []", "related: [divorce/gone]")))


@pytest.mark.parametrize("placeholder", ["{phone}", "{Hotline}", "{电话}"])
def test_a_placeholder_that_nobody_fills_is_refused(placeholder: str) -> None:
    with pytest.raises(InvalidData, match="divorce/x"):
        a_base(x=a_file(f"打{placeholder}"))


# --- the real ones ----------------------------------------------------------------------------------------------


def test_the_real_articles_are_all_there_and_each_is_one_message() -> None:
    keys = {article.key for article in knowledge()}
    assert len(keys) == len(list((DATA / "knowledge").glob("*/*.md"))) > 50
    for key in keys:
        for account in (HUNAN, CHANGSHA):
            said = knowledge().render(key, account)
            assert len(said.encode()) <= MAX_TEXT_BYTES, key
            assert "{" not in said, key
