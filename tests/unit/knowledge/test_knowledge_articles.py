"""An article's file becomes a vetted answer, or a clear refusal that names it."""

from __future__ import annotations

from datetime import date

import pytest

from bot.conversation.errors import InvalidData, NotFound
from bot.conversation.flows import FLOWS
from bot.conversation.messages import MAX_TEXT_BYTES, fits
from bot.knowledge import KnowledgeBase
from bot.knowledge.articles import MAX_CHARACTERS, Article, Citation, Grade, parse_article
from bot.knowledge.buttons import WORDS_OF_FLOW
from tests.unit.world import CHANGSHA, DATA, HUNAN, knowledge

FRONT = """title: 离婚冷静期
intent: divorce_cooling_off
laws:
- {law: 民法典, article: 第一千零七十七条, since: 2021-01-01}
grade: text
reviewed_on: 2026-11-22
review_by: 2027-05-22
regions: all
related: []
"""
REGIONS = """
regions:
- {code: "430000", name: 湖南省, hotline: "12338", hours: null}
- {code: "430100", name: 长沙市, hotline: null, hours: 工作日9:00到17:00}
- {code: "430102", name: 芙蓉区, hotline: null, hours: null}
- {code: "431000", name: 郴州市, hotline: null, hours: null}
"""


def a_file(body: str = "冷静期是30天。打{hotline}。", front: str = FRONT) -> str:
    return f"---\n{front}---\n{body}\n"


def with_line(line: str) -> str:
    """The front matter with this line in place of the one of the same name."""
    name = line.partition(":")[0]
    kept = [other for other in FRONT.splitlines() if not other.startswith(f"{name}:")]
    return "\n".join([*kept, line, ""])


def a_base(**texts: str) -> KnowledgeBase:
    """Of articles by the names of their files, with `_at_` for the @ before a region's code."""
    files = {f"divorce/{name.replace('_at_', '@')}": text for name, text in texts.items()}
    return KnowledgeBase.parse(files, REGIONS)


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
        regions=(),
        related=(),
        buttons=(),
        parts=("冷静期是30天。打{hotline}。",),
    )


def test_a_second_part_stands_below_a_line_of_three_plus_signs() -> None:
    article = parse_article("divorce/x", a_file("冷静期是30天。\n\n+++\n\n30天满了，\n不会自动离婚。"))
    assert article.parts == ("冷静期是30天。", "30天满了，\n不会自动离婚。")
    assert article.body == "冷静期是30天。\n\n30天满了，\n不会自动离婚。"


def test_a_version_names_the_words_and_nothing_else() -> None:
    article = parse_article("divorce/x", a_file())
    same = parse_article("divorce/y", a_file(front=with_line("review_by: 2027-06-01")))
    other = [
        parse_article("divorce/x", a_file("冷静期是三十天。打{hotline}。")),
        parse_article("divorce/x", a_file(front=with_line("title: 冷静期"))),
    ]
    assert same.version == article.version
    assert article.version not in {one.version for one in other}
    assert article.reference == f"divorce/x@{article.version}"
    assert len(article.version) == 8


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
        a_file(front=with_line("regions: Hunan")),
        a_file(front=with_line("regions: []")),
        a_file(front=with_line("regions: null")),
        a_file(front=with_line("buttons: [divorce/a, divorce/b, divorce/c, divorce/d]")),
        a_file(body=" \n "),
        a_file(body="长" * (MAX_CHARACTERS + 1)),
        a_file(body="短\n+++\n" + "长" * (MAX_CHARACTERS + 1)),
        a_file(body="短\n+++\n"),
        a_file(body="一\n+++\n二\n+++\n三"),
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


@pytest.mark.parametrize(
    "line", ["related: [divorce/gone]", "buttons: [divorce/gone]", 'buttons: ["flow:gone"]', "regions: ['440000']"]
)
def test_what_leads_nowhere_is_refused(line: str) -> None:
    with pytest.raises(InvalidData, match=r"divorce/x.*(gone|440000)"):
        a_base(x=a_file(front=with_line(line)))


@pytest.mark.parametrize("placeholder", ["{phone}", "{Hotline}", "{电话}"])
def test_a_placeholder_that_nobody_fills_is_refused(placeholder: str) -> None:
    with pytest.raises(InvalidData, match="divorce/x"):
        a_base(x=a_file(f"打{placeholder}"))


# --- parts and buttons ------------------------------------------------------------------------------------------


def test_the_second_part_is_given_on_request() -> None:
    base = a_base(x=a_file("冷静期是30天。\n+++\n细的问{hotline}。"), y=a_file(front=with_line("intent: null")))
    assert base.render("divorce/x", HUNAN) == "冷静期是30天。"
    assert base.render("divorce/x", HUNAN, part=2) == "细的问12338。"
    for key, part in [("divorce/x", 3), ("divorce/x", 0), ("divorce/y", 2)]:
        with pytest.raises(NotFound):
            base.render(key, HUNAN, part=part)


def test_a_button_bears_the_title_of_its_article_or_what_its_flow_does() -> None:
    base = a_base(x=a_file(front=with_line('buttons: [divorce/x, "flow:divorce_path"]')))
    said = [base.words_of_button(button) for button in base.article("divorce/x").buttons]
    assert said == ["离婚冷静期", WORDS_OF_FLOW["divorce_path"]]
    for button in ("divorce/gone", "flow:gone"):
        with pytest.raises(NotFound):
            base.words_of_button(button)


def test_each_flow_has_a_button_that_fits_the_phone() -> None:
    assert set(WORDS_OF_FLOW) == set(FLOWS)
    assert all(len(words) <= 20 for words in WORDS_OF_FLOW.values())


# --- regions ----------------------------------------------------------------------------------------------------


def test_words_of_its_own_stand_in_place_for_a_region_and_what_lies_below_it() -> None:
    base = a_base(
        x=a_file("到处一样。"),
        x_at_430100=a_file("长沙这样。", front=with_line('regions: ["430100"]')),
        x_at_430102=a_file("芙蓉那样。", front=with_line('regions: ["430102"]')),
    )
    said = [base.render("divorce/x", HUNAN, code) for code in ("430102", "430104", "430100", "431000", "999999", None)]
    assert said == ["芙蓉那样。", "长沙这样。", "长沙这样。", "到处一样。", "到处一样。", "到处一样。"]
    assert base.render("divorce/x", CHANGSHA) == "长沙这样。"
    assert [article.key for article in base] == ["divorce/x"]
    assert [article.override for article in base.wordings] == [None, "430100", "430102"]


def test_an_article_for_some_regions_is_not_given_elsewhere() -> None:
    base = a_base(x=a_file("长沙这样。", front=with_line('regions: ["430100"]')))
    assert base.render("divorce/x", CHANGSHA, "430102") == "长沙这样。"
    for region in ("430000", "431000", "999999", None):
        with pytest.raises(NotFound):
            base.render("divorce/x", HUNAN, region)


@pytest.mark.parametrize(
    ("name", "front"),
    [
        ("x_at_430100", with_line("regions: all")),
        ("x_at_430100", with_line('regions: ["431000"]')),
        ("x_at_440000", with_line('regions: ["440000"]')),
        ("x_at_430100", with_line('regions: ["430100"]').replace("divorce_cooling_off", "divorce_custody")),
        ("y_at_430100", with_line('regions: ["430100"]')),
    ],
)
def test_words_of_its_own_that_fit_nothing_are_refused(name: str, front: str) -> None:
    with pytest.raises(InvalidData):
        a_base(x=a_file(), **{name: a_file(front=front)})


def test_the_hours_are_those_of_the_nearest_office_that_tells_them() -> None:
    base = a_base(x=a_file("{hours}。"))
    said = [base.render("divorce/x", HUNAN, code) for code in ("430102", "431000")]
    assert said == ["工作日9:00到17:00。", "接听时间各地不同，以当地公布的为准。"]


# --- the real ones ----------------------------------------------------------------------------------------------


def test_the_real_articles_are_all_there_and_each_is_one_message() -> None:
    keys = {article.key for article in knowledge()}
    assert len(keys) == len(list((DATA / "knowledge").glob("*/*.md"))) > 50
    for article in knowledge():
        for account in (HUNAN, CHANGSHA):
            for part in range(1, len(article.parts) + 1):
                said = knowledge().render(article.key, account, part=part)
                assert len(said.encode()) <= MAX_TEXT_BYTES, article.key
                assert "{" not in said, article.key
