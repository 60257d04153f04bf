"""The figures that the office hands in: on a page, and as Excel; for those who look after the whole."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from bot import desk
from bot.console.ports import ConsolePorts, Ports
from bot.console.report_notes import ROUNDED
from bot.console.report_tables import CHARTS, sheets_of
from bot.console.screens import Names
from bot.console.show import pages
from bot.console.wording import LEVELS, ROLES, TOPICS
from bot.conversation.clock import HUNAN
from bot.conversation.deadlines import day_of
from bot.conversation.errors import InvalidData
from bot.conversation.figures import Figures, Period, Slice
from bot.conversation.levels import Level, Topic
from bot.conversation.staff import Staff
from bot.papers.workbook import Table, workbook
from bot.web.access import Visitor
from bot.web.errors import Told
from bot.web.files import attachment
from bot.web.sessions import Visit

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
    rounded: str = ROUNDED


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
    """The tables with every count but those of two signs: whoever sees them may open each case anyway."""
    figures = await _figures(visit.staff, ports, asked)
    names = Names(ports.accounts, ports.directory)
    screen = ReportScreen(
        period=figures.period,
        chosen=asked[2],
        total=figures.cases,
        sheets=sheets_of(figures, names, _places(visit.staff, asked[2]), leaving=False),
        regions=sorted({account.region for account in ports.accounts.values()}),
        names=names,
        role=ROLES[visit.staff.role],
    )
    return pages.show(request, "reports.html", screen)


@routes.get("/excel")
async def download(visit: Visitor, ports: Ports, asked: OfWhat) -> Response:
    """The same as Excel with every count cut, for it leaves the office; that it was taken is written down."""
    figures = await _figures(visit.staff, ports, asked)
    names = Names(ports.accounts, ports.directory)
    period = f"{figures.period.first} 至 {figures.period.last}"
    made = f"{visit.staff.display_name}，{ports.clock.now().astimezone(HUNAN):%Y-%m-%d %H:%M}"
    about = (
        f"12338 报表 {_narrowed(period, asked[2], names)}",
        f"{_whose(visit, names)}做表：{made}。",
        ROUNDED,
    )
    sheets = sheets_of(figures, names, _places(visit.staff, asked[2]), leaving=True)
    data = await asyncio.to_thread(workbook, about, sheets)
    await desk.audit_reading("report.save", period, visit.staff, ports)
    return attachment(data, f"报表 {period}.xlsx", _EXCEL)


def _narrowed(period: str, chosen: Slice, names: Names) -> str:
    parts = (
        period,
        chosen.topic and TOPICS[chosen.topic],
        chosen.level and LEVELS[chosen.level],
        chosen.region and names.region(chosen.region),
    )
    return "，".join(filter(None, parts))


def _places(staff: Staff, chosen: Slice) -> Collection[str]:
    return {chosen.region} if chosen.region else staff.scope.regions


def _whose(visit: Visit, names: Names) -> str:
    """Of what part of the office they are; whoever reads the file cannot see that."""
    scope = visit.staff.scope
    accounts = "、".join(map(names.account, sorted(scope.accounts))) or "全部公众号"
    regions = "、".join(map(names.region, sorted(scope.regions))) or "全部地区"
    return f"{'演练的数，不是真的。' if visit.drilling else ''}范围：{accounts}，{regions}。"


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
