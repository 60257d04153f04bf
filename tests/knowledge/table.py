"""Writes docs/knowledge.md: every article with its intent, its laws, its grade and its dates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from bot.conversation.levels import Topic
from bot.knowledge.articles import Article, Citation
from bot.knowledge.buttons import WORDS_OF_FLOW, flow_of
from tests.knowledge.reading import ROOT, Base, read

PAGE = ROOT / "docs/knowledge.md"

TOPICS = {
    Topic.DOMESTIC_VIOLENCE: "家庭暴力",
    Topic.DIVORCE: "离婚",
    Topic.CHILD_GAME_REFUND: "孩子充值打赏",
    Topic.PARENTING: "家庭教育",
    Topic.OTHER: "其他和固定用语",
}
GRADES = {"text": "看过条文", "secondhand": "二手", "memory": "凭记忆"}

HEAD = """\
# 答复总表

由 `make articles` 从 `data/knowledge` 生成，`make test` 检查它是不是最新的；改答复请改那里的文件。`make knowledge`
检查每篇答复：引用的法条在 `data/laws.yml` 里、现在有效，施行日一致；正文写到的每一条都在文件开头列出，列出的每一条
正文都写到（只有二手材料的文件可以不写）；复核没有过期；字数、链接、按钮、电话号码都对。

- **把握**以最弱的一处为准。看过条文：所引的条文都看过原文。二手：有的只看到新闻、转载或解读。凭记忆：还有没看过出处的
  做法（不当作法律说）。二手和凭记忆的，上线前要由人核对。
- **依据**：阿拉伯数字是第几条，括号里是这些条文从哪天起施行。
- **意图**是助手听懂的问题；没有意图的，从别的答复、按钮、菜单或程序里的固定用语走到。
"""


def render(base: Base) -> str:
    """The page of this base."""
    articles = [article for _, article in base.articles]
    parts = [HEAD, _totals(base, articles), _numbers()]
    for topic, title in TOPICS.items():
        mine = [article for article in articles if article.key.startswith(f"{topic.value}/")]
        lines = [
            f"## {title}",
            "",
            "| 答复 | 意图 | 依据 | 把握 | 复核于 | 复核期限 | 按钮 |",
            "| --- | --- | --- | --- | --- | --- | --- |",
            *(_line(article) for article in mine),
        ]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _totals(base: Base, articles: Sequence[Article]) -> str:
    grades = Counter(article.grade.value for article in articles)
    cited = {(law.law, law.article) for article in articles for law in article.laws}
    laws = {law for law, _ in cited}
    rows = [
        ("答复", len(articles)),
        ("其中有第二部分的", sum(len(article.parts) == 2 for article in articles)),
        ("其中有按钮的", sum(bool(article.buttons) for article in articles)),
        ("其中只给部分地区的", sum(bool(article.regions) for article in articles)),
        ("意图（每个都有一篇答复）", len(base.intents)),
        *((f"把握：{GRADES[grade]}", grades[grade]) for grade in GRADES),
        ("引用的法律和文件", len(laws)),
        ("引用的条文", len(cited)),
    ]
    lines = ["| 总数 | |", "| --- | --- |", *(f"| {name} | {number} |" for name, number in rows)]
    return "\n".join(lines) + "\n"


def _numbers() -> str:
    return "能写进答复的全国统一号码在 `data/hotlines.yml`，各单位自己的号码和接听时间在 `data/regions.yml`。\n"


def _line(article: Article) -> str:
    where = f"（{', '.join(article.regions)}）" if article.regions else ""
    second = "，两部分" if len(article.parts) == 2 else ""
    buttons = "、".join(_button(button) for button in article.buttons)
    return (
        f"| {article.title}{where}{second}<br>`{article.key}` | {f'`{article.intent}`' if article.intent else ''} "
        f"| {_laws(article.laws)} | {GRADES[article.grade.value]} | {article.reviewed_on} | {article.review_by} "
        f"| {buttons} |"
    )


def _button(button: str) -> str:
    flow = flow_of(button)
    return WORDS_OF_FLOW[flow] if flow is not None else f"`{button}`"


def _laws(laws: Sequence[Citation]) -> str:
    return "<br>".join(_law(law, list(several)) for law, several in groupby(laws, lambda one: (one.law, one.since)))


def _law(law: tuple[str, object], several: Sequence[Citation]) -> str:
    name, since = law
    return f"{name} {'、'.join(citation.article for citation in several)}（{since}）"


def main(page: Path = PAGE) -> None:
    """Write the page."""
    page.write_text(render(read()), encoding="utf-8")


if __name__ == "__main__":
    main()
