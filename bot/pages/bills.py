"""Uploading a bill: read in memory, shown for confirmation, and only what she confirmed is kept."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from bot import guidance
from bot.bills import Finding, find_child_spending, read_bill
from bot.conversation.errors import InvalidData, NotFound
from bot.conversation.payments import PayChannel, Payment, SpendingKind
from bot.conversation.ports import Sealer
from bot.guidance import Opened
from bot.pages.entry import HOME
from bot.pages.papers import TAKES_BILLS
from bot.pages.ports import PagesPorts, Ports, Visit, pages

routes = APIRouter(prefix="/p")

_ONE_AT_A_TIME = asyncio.Semaphore(2)
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
        async with _ONE_AT_A_TIME:
            found = await asyncio.to_thread(_find, bill.filename or "", data, password or None, ports)
    except InvalidData as error:
        return pages.show(request, "found.html", FoundPage((), "", str(error)), 422)
    return pages.show(request, "found.html", found)


@routes.post("/payments")
async def confirm(
    visit: Visit, ports: Ports, sealed: Annotated[str, Form()], chosen: Annotated[list[int] | None, Form()] = None
) -> Response:
    """Keep the payments that she confirmed."""
    _check(visit)
    found = _opened(sealed, ports.sealer)
    kept = [found[index] for index in sorted(set(chosen or ())) if 0 <= index < len(found)]
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
    rows = [{**asdict(payment), "at": payment.at.isoformat()} for payment in payments]
    return sealer.seal(json.dumps(rows, ensure_ascii=False).encode()).decode()


def _opened(sealed: str, sealer: Sealer) -> list[Payment]:
    """What was found, as we sealed it; raises InvalidData for anything else."""
    rows: list[dict[str, Any]] = json.loads(sealer.open(sealed.encode()))
    return [
        Payment(
            **{
                **row,
                "at": datetime.fromisoformat(row["at"]),
                "channel": PayChannel(row["channel"]),
                "kind": SpendingKind(row["kind"]),
            }
        )
        for row in rows
    ]
