"""The reports: right in sum, anonymous where they leave the office, and only for who looks after the whole."""

from __future__ import annotations

from io import BytesIO

import pytest
from fastapi.routing import APIRoute
from openpyxl import load_workbook

from bot.console import reports
from bot.conversation.levels import Level, Topic
from bot.conversation.staff import Role, Scope
from tests.doubles.office import Office
from tests.sites.console.pages import words

PATHS = ("/desk/reports", "/desk/reports/excel")


async def some_cases(office: Office) -> None:
    for _ in range(6):
        await office.waiting("你好", topic=Topic.DIVORCE)
    for _ in range(2):
        await office.waiting("救命", topic=Topic.DOMESTIC_VIOLENCE, level=Level.CRITICAL, account_id="changsha")


async def test_the_page_shows_every_count_of_the_period(office: Office) -> None:
    await office.hire("boss", Role.SUPERVISOR)
    await some_cases(office)
    async with office.browser("boss") as client:
        page = words((await client.get("/desk/reports")).text)
        before = words((await client.get("/desk/reports?first=2026-10-01&last=2026-10-31")).text)
    assert "报表 2026-11-01 至 2026-11-21，登记 8 件" in page
    assert "事由 件数 家庭暴力 2 离婚 6" in page
    assert "地区 件数 湖南省 6 长沙市 2" in page
    assert "没有叫人工的 0 叫了人工的 8 助手自己答完的占 0%" in page
    assert "告知本人是否受理、转到哪里 0 0 8" in page
    assert "登记 0 件" in before


async def test_small_counts_do_not_leave_the_office(office: Office) -> None:
    boss = await office.hire("boss", Role.SUPERVISOR)
    await some_cases(office)
    async with office.browser("boss") as client:
        answer = await client.get("/desk/reports/excel")
    assert answer.headers["content-disposition"].endswith(".xlsx")
    rows = list(load_workbook(BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
    told = {str(row[0]): row[1] for row in rows if row[0]}
    assert (told["家庭暴力"], told["离婚"]) == ("已隐去", "已隐去")  # the sum would give the 2 away
    assert told["叫了人工的"] == 8
    assert 2 not in [cell for row in rows for cell in row]
    assert await office.audited("2026-11-01 至 2026-11-21") == [(boss.id, "report.save")]


async def test_the_figures_are_of_ones_own_scope(office: Office) -> None:
    await office.hire("near", Role.SUPERVISOR, Scope(regions=frozenset({"430100"})))
    await some_cases(office)
    async with office.browser("near") as client:
        page = words((await client.get("/desk/reports")).text)
    assert "登记 2 件" in page
    assert "离婚" not in page


@pytest.mark.parametrize("path", PATHS)
async def test_only_who_looks_after_the_whole_sees_them(office: Office, path: str) -> None:
    for role in (Role.OPERATOR, Role.CONTENT):
        await office.hire(role.value, role)
        async with office.browser(role.value) as client:
            assert (await client.get(path)).status_code == 404
    async with office.visitor() as client:
        assert (await client.get(path)).headers["location"].startswith("/sign-in")
    await office.hire("boss", Role.ADMIN)
    async with office.browser("boss") as client:
        assert (await client.get(path)).status_code == 200
        odd = await client.get(path, params={"first": "2026-11-02", "last": "2026-11-01"})
    assert odd.status_code == 422
    assert "一次最多看一年" in words(odd.text)


def test_every_route_is_tried_here() -> None:
    assert {route.path for route in reports.routes.routes if isinstance(route, APIRoute)} == set(PATHS)
