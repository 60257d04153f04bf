"""The figures that the office hands in: on a page, and as Excel; for those who look after the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from bot.console.ports import ConsolePorts, Ports
from bot.console.report_tables import CHARTS, sheets_of
from bot.console.screens import Names
from bot.console.show import pages
from bot.console.wording import LEVELS, ROLES, TOPICS
from bot.conversation.deadlines import day_of
from bot.conversation.errors import InvalidData
from bot.conversation.figures import Figures, Period, Slice
from bot.conversation.levels import Level, Topic
from bot.conversation.messages import new_id
from bot.conversation.staff import AuditEntry, Staff
from bot.papers.workbook import Table, workbook
from bot.web.access import Visitor
from bot.web.errors import Told

routes = APIRouter(prefix="/desk/reports", include_in_schema=False)

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ODD = "开始的日期要在结束的前面，一次最多看一年。"


@dataclass(frozen=True, slots=True)
class ReportScreen:
    """The page; `regions` are the codes that may be asked for."""

    period: Period
    chosen: Slice
    total: int
    sheets: Mapping[str, Sequence[Table]]
    regions: Sequence[str]
    names: Names
    role: str
    charts: Mapping[str, str] = field(default_factory=lambda: CHARTS)


type Asked = tuple[date | None, date | None, Slice]


def _asked(
    first: Annotated[date | None, Query()] = None,
    last: Annotated[date | None, Query()] = None,
    topic: Annotated[str, Query()] = "",
    level: Annotated[str, Query()] = "",
    region: Annotated[str, Query(pattern="^([0-9]{6})?$")] = "",
) -> Asked:
    chosen = Slice(
        Topic(topic) if topic in set(Topic) else None, Level(level) if level in set(Level) else None, region or None
    )
    return first, last, chosen


OfWhat = Annotated[tuple[date | None, date | None, Slice], Depends(_asked)]


@routes.get("")
async def show(request: Request, visit: Visitor, ports: Ports, asked: OfWhat) -> Response:
    """The tables with every count: whoever sees them may open each case anyway."""
    figures = await _figures(visit.staff, ports, asked)
    names = Names(ports.accounts, ports.directory)
    screen = ReportScreen(
        period=figures.period,
        chosen=asked[2],
        total=figures.cases,
        sheets=sheets_of(figures, names, leaving=False),
        regions=sorted({account.region for account in ports.accounts.values()}),
        names=names,
        role=ROLES[visit.staff.role],
    )
    return pages.show(request, "reports.html", screen)


@routes.get("/excel")
async def download(visit: Visitor, ports: Ports, asked: OfWhat) -> Response:
    """The same as Excel without small counts, for it leaves the office; that it was taken is written down."""
    figures = await _figures(visit.staff, ports, asked)
    names = Names(ports.accounts, ports.directory)
    period = f"{figures.period.first} 至 {figures.period.last}"
    about = f"12338 报表 {_narrowed(period, asked[2], names)}（小于5的数已隐去；为了不让人算出来，有时相邻的数也隐去）"
    data = workbook(about, sheets_of(figures, names, leaving=True))
    async with ports.units() as uow:
        await uow.audit.append(AuditEntry(new_id(), visit.staff.id, "report.save", period, ports.clock.now()))
        await uow.commit()
    name = quote(f"报表 {period}.xlsx")
    return Response(data, 200, {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}, _EXCEL)


def _narrowed(period: str, chosen: Slice, names: Names) -> str:
    parts = (
        period,
        chosen.topic and TOPICS[chosen.topic],
        chosen.level and LEVELS[chosen.level],
        chosen.region and names.region(chosen.region),
    )
    return "，".join(filter(None, parts))


async def _figures(staff: Staff, ports: ConsolePorts, asked: Asked) -> Figures:
    staff.check_may_oversee()
    now = ports.clock.now()
    first, last, chosen = asked
    today = day_of(now)
    try:
        period = Period(first or today.replace(day=1), last or today)
    except InvalidData:
        raise Told(422, _ODD) from None
    return await ports.case_reads.figures(staff.scope, period, chosen, now)
