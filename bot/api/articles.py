"""The vetted answers: search, and one whole, with what it rests on."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from bot.api.models import ArticleView, FoundArticle
from bot.api.ports import Ports
from bot.api.problems import ROOT, problems
from bot.conversation.accounts import account_of
from bot.conversation.levels import Topic
from bot.web.access import Caller

routes = APIRouter(prefix=f"{ROOT}/articles", tags=["articles"], responses=problems(401, 422, 503))

Name = Annotated[str, Path(pattern="^[a-z0-9_]+$", description="an article's key is its topic and its name")]


@routes.get("")
async def search_articles(
    visit: Caller,
    ports: Ports,
    q: Annotated[str, Query(max_length=200, description="a question in plain words, or keywords")],
    topic: Annotated[Topic | None, Query(description="only of this topic")] = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> list[FoundArticle]:
    """The articles that come nearest to the question, the best first."""
    return [FoundArticle.of(found) for found in ports.knowledge.search(q, topic, limit)]


@routes.get("/{topic}/{name}", responses=problems(404))
async def show_article(
    topic: Topic,
    name: Name,
    visit: Caller,
    ports: Ports,
    account: Annotated[str | None, Query(description="id of an account, to fill in the placeholders for it")] = None,
    region: Annotated[str | None, Query(pattern="^[0-9]{6}$", description="GB/T 2260 code of where she is")] = None,
) -> ArticleView:
    """One article as it stands now; for an account, in the words with which it is given there."""
    key = f"{topic.value}/{name}"
    if account is None:
        article = ports.knowledge.article(key, region)
        return ArticleView.of(article, article.parts, ports.knowledge)
    asked = account_of(ports.accounts, account)
    article = ports.knowledge.article(key, region or asked.region)
    parts = [ports.knowledge.render(key, asked, region, part) for part in range(1, len(article.parts) + 1)]
    return ArticleView.of(article, parts, ports.knowledge)
