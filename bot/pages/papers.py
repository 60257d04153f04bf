"""The page of a visit, and its files."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.conversation.clock import HUNAN
from bot.conversation.errors import NotFound
from bot.conversation.flows import Flow
from bot.conversation.payments import Payment
from bot.guidance import Opened
from bot.pages.ports import PagesPorts, Ports, Visit, pages
from bot.papers import Paper
from bot.papers.stationery import MEDIA_TYPES, FileKind
from bot.web.files import attachment

routes = APIRouter(prefix="/p")

TAKES_BILLS = frozenset({"child_game_refund"})
"""The flows to which a bill belongs."""


@dataclass(frozen=True, slots=True)
class PapersPage:
    """What the page of a flow shows."""

    papers: tuple[str, ...]
    payments: tuple[Payment, ...]
    takes_bills: bool


@routes.get("/")
async def home(request: Request, visit: Visit, ports: Ports) -> Response:
    """What the link led to."""
    if visit.flow is None:
        return pages.show(request, "record.html", await ports.record_of(visit.link.contact_id))
    flow = visit.flow
    papers = tuple(paper.name for paper in await _papers(flow, ports))
    return pages.show(request, "papers.html", PapersPage(papers, flow.payments, flow.name in TAKES_BILLS))


@routes.get("/record.txt")
async def record(visit: Visit, ports: Ports) -> Response:
    """All that is stored of her, as a file."""
    if visit.flow is not None:
        raise NotFound("not a visit to a record")
    kept = await ports.record_of(visit.link.contact_id)
    return attachment(kept.text.encode("utf-8-sig"), "记录.txt", "text/plain; charset=utf-8")


@routes.get("/{number}.{kind}")
async def paper(number: int, kind: FileKind, visit: Visit, ports: Ports) -> Response:
    """One paper, made now; raises NotFound for a number that there is not."""
    made = await _papers(_flow(visit), ports)
    if not 1 <= number <= len(made):
        raise NotFound("no such paper")
    one = made[number - 1]
    return attachment(await asyncio.to_thread(one.file, kind), f"{one.name}.{kind}", MEDIA_TYPES[kind])


async def _papers(flow: Flow, ports: PagesPorts) -> list[Paper]:
    today = ports.guidance.clock.now().astimezone(HUNAN).date()
    return await asyncio.to_thread(ports.stationery.make_papers, flow.name, flow.answers, today, flow.payments)


def _flow(visit: Opened) -> Flow:
    if visit.flow is None:
        raise NotFound("no papers here")
    return visit.flow
