"""The vetted answers beside the chat: an operator searches, and one key puts an article into her reply."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from bot.console.canned import Ready, places, ready, replies_of
from bot.console.ports import ConsolePorts, Ports
from bot.console.show import pages
from bot.console.wording import GRADES
from bot.conversation.accounts import account_of
from bot.conversation.errors import NotFound
from bot.knowledge import Article
from bot.web.access import Visitor
from bot.web.sessions import Visit

routes = APIRouter(include_in_schema=False)

SHOWN = 6
_LOOKED_AT = 20
"""More than are shown: some may not hold where she is."""


@dataclass(frozen=True, slots=True)
class Offered:
    """An article that an operator may put into her reply: its parts in the words for this person, and its sources."""

    key: str
    title: str
    snippet: str
    parts: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Offers:
    """What was found; `asked` is False where nothing was looked for."""

    asked: bool
    canned: tuple[Ready, ...]
    articles: tuple[Offered, ...]


@routes.get("/desk/articles")
async def search(
    request: Request,
    visit: Visitor,
    ports: Ports,
    account: Annotated[str, Query()],
    region: Annotated[str, Query()],
    case: Annotated[str, Query(max_length=20)] = "",
    q: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """The canned replies with these words, and the articles that come nearest, for somebody of this account, region."""
    visit.staff.check_may_chat()
    found = tuple(_offered(q, account, region, ports))[:SHOWN]
    values = places(account_of(ports.accounts, account), region, case, visit.staff, ports)
    canned = await _canned(q, values, visit, ports)
    return pages.show(request, "_articles.html", Offers(bool(q.strip()), canned, found))


async def _canned(query: str, values: Mapping[str, str], visit: Visit, ports: ConsolePorts) -> tuple[Ready, ...]:
    if not query.strip():
        return ()
    found = [reply for reply in await replies_of(visit.staff, ports) if reply.answers(query)]
    return ready(found[:SHOWN], values)


def _offered(query: str, account_id: str, region: str, ports: ConsolePorts) -> Iterator[Offered]:
    account = account_of(ports.accounts, account_id)
    for found in ports.knowledge.search(query, limit=_LOOKED_AT):
        key = found.article.key
        try:
            article = ports.knowledge.article(key, region)
        except NotFound:  # it does not hold where she is
            continue
        numbers = range(1, len(article.parts) + 1)
        parts = tuple(ports.knowledge.render(key, account, region, number) for number in numbers)
        yield Offered(key, article.title, found.snippet("\n".join(parts)), parts, tuple(_sources(article)))


def _sources(article: Article) -> Iterator[str]:
    for (law, since), cited in groupby(article.laws, lambda one: (one.law, one.since)):
        numbers = "、".join(one.article for one in cited)
        yield f"《{law}》{f'第{numbers}条' if numbers[0].isdigit() else numbers}（{since}起施行）"
    yield f"{GRADES[article.grade]}，{article.reviewed_on}复核，{article.review_by}前再核"
