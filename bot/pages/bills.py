"""Uploading a bill: read in memory, shown for confirmation, and only what she confirmed is kept."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from bot import guidance
from bot.bills import Finding, find_child_spending, read_bill
from bot.conversation.errors import InvalidData, NotFound
from bot.conversation.payments import Payment, payment_from_json, payment_to_json
from bot.conversation.ports import Sealer
from bot.guidance import Opened
from bot.pages.entry import HOME
from bot.pages.papers import TAKES_BILLS
from bot.pages.ports import PagesPorts, Ports, Visit, pages
from bot.papers.refund import MOST_PAYMENTS

routes = APIRouter(prefix="/p")

_READING = asyncio.Semaphore(2)
"""A large bill costs half a minute of computing: more at once would make everybody wait."""


@dataclass(frozen=True, slots=True)
class FoundPage:
    """What was found in a bill; `sealed` holds it until she has chosen. `trouble` says why it could not be read."""

    findings: tuple[Finding, ...]
    sealed: str
    trouble: str | None = None


@routes.post("/bill")
async def upload(
    request: Request, visit: Visit, ports: Ports, bill: UploadFile, password: Annotated[str, Form(max_length=64)] = ""
) -> Response:
    """Read the bill and show which payments look like games or live streams."""
    _check(visit)
    data = await bill.read()
    try:
        async with _READING:
            found = await asyncio.to_thread(_find, bill.filename or "", data, password or None, ports)
    except InvalidData as error:
        return pages.show(request, "found.html", FoundPage((), "", str(error)), 422)
    return pages.show(request, "found.html", found)


@routes.post("/payments")
async def confirm(request: Request, visit: Visit, ports: Ports) -> Response:
    """Keep the payments that she confirmed."""
    _check(visit)
    # read here, because FastAPI takes at most a thousand fields, and each payment is one
    form = await request.form(max_fields=MOST_PAYMENTS + 1)
    found = _opened(str(form.get("sealed", "")), ports.sealer)
    chosen = {int(str(index)) for index in form.getlist("chosen") if str(index).isdecimal()}
    kept = [found[index] for index in sorted(chosen) if index < len(found)]
    await guidance.confirm_payments(visit.token, kept, ports.guidance)
    return RedirectResponse(HOME, 303)


def _check(visit: Opened) -> None:
    if visit.flow is None or visit.flow.name not in TAKES_BILLS:
        raise NotFound("no bills here")


def _find(name: str, data: bytes, password: str | None, ports: PagesPorts) -> FoundPage:
    bill = read_bill(name, data, password)
    findings = tuple(find_child_spending(bill.payments, ports.merchants))
    return FoundPage(findings, _sealed([finding.payment for finding in findings], ports.sealer))


def _sealed(payments: Sequence[Payment], sealer: Sealer) -> str:
    rows = [payment_to_json(payment) for payment in payments]
    return sealer.seal(json.dumps(rows, ensure_ascii=False).encode()).decode()


def _opened(sealed: str, sealer: Sealer) -> list[Payment]:
    """What was found, as we sealed it; raises InvalidData for anything else."""
    return [payment_from_json(row) for row in json.loads(sealer.open(sealed.encode()))]
