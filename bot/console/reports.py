"""The figures that the office hands in: on a page, and as Excel; for those who look after the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from bot import cases
from bot.console.ports import ConsolePorts, Ports
from bot.console.report_tables import tables_of
from bot.console.screens import Names
from bot.console.show import pages
from bot.console.wording import ROLES
from bot.conversation.deadlines import day_of
from bot.conversation.errors import InvalidData
from bot.conversation.figures import Figures, Period
from bot.conversation.messages import new_id
from bot.conversation.staff import AuditEntry, Staff
from bot.papers.workbook import Table, workbook
from bot.web.access import Visitor
from bot.web.errors import Told

routes = APIRouter(prefix="/desk/reports", include_in_schema=False)

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ODD = "开始的日期要在结束的前面，一次最多看一年。"

Day = Annotated[date | None, Query()]


@dataclass(frozen=True, slots=True)
class ReportScreen:
    """The page."""

    period: Period
    total: int
    tables: Sequence[Table]
    role: str
    oversees: bool = True


@routes.get("")
async def show(request: Request, visit: Visitor, ports: Ports, first: Day = None, last: Day = None) -> Response:
    """The tables with every count: whoever sees them may open each case anyway."""
    figures = await _figures(visit.staff, ports, first, last)
    tables = tables_of(figures, Names(ports.accounts, ports.directory), leaving=False)
    screen = ReportScreen(figures.period, figures.cases, tables, ROLES[visit.staff.role])
    return pages.show(request, "reports.html", screen)


@routes.get("/excel")
async def download(visit: Visitor, ports: Ports, first: Day = None, last: Day = None) -> Response:
    """The same as Excel without small counts, for it leaves the office; that it was taken is written down."""
    figures = await _figures(visit.staff, ports, first, last)
    period = f"{figures.period.first} 至 {figures.period.last}"
    about = f"12338 办件报表 {period}（小于5的数已隐去；为了不让人算出来，有时相邻的数也隐去）"
    data = workbook(about, tables_of(figures, Names(ports.accounts, ports.directory), leaving=True))
    async with ports.units() as uow:
        await uow.audit.append(AuditEntry(new_id(), visit.staff.id, "report.save", period, ports.clock.now()))
        await uow.commit()
    name = quote(f"办件报表 {period}.xlsx")
    return Response(data, 200, {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}, _EXCEL)


async def _figures(staff: Staff, ports: ConsolePorts, first: date | None, last: date | None) -> Figures:
    staff.check_may_oversee()
    today = day_of(ports.clock.now())
    try:
        period = Period(first or today.replace(day=1), last or today)
    except InvalidData:
        raise Told(422, _ODD) from None
    return await ports.case_reads.figures(staff.scope, period, today, cases.is_workday)
