"""The reports: right in sum, anonymous where they leave the office, and only for who looks after the whole."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from fastapi.routing import APIRoute
from openpyxl import load_workbook

from bot import handoff
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
    assert "报表 2026年11月1日至11月21日，登记 8 件" in page
    assert "件数 家庭暴力 2 离婚 6" in page
    assert "件数 湖南省（没说哪个市州） 6 长沙市 2" in page
    assert "来问的会话 8 来问的人 8 叫了人工的会话 8 没叫人工的会话 0 没叫人工的占 0%" in page
    assert "告知本人是否受理、转到哪里 0 0 8 —" in page
    assert "来问 叫了人工 没叫人工 家庭暴力 2 2 0 离婚 6 6 0" in page
    assert "湖南省（没说哪个市州） <5 5 <5 <5 <5 长沙市 <5 <5 <5 <5 <5" in page
    assert "登记 0 件" in before


async def test_small_counts_do_not_leave_the_office(office: Office) -> None:
    boss = await office.hire("boss", Role.SUPERVISOR)
    await some_cases(office)
    async with office.browser("boss") as client:
        answer = await client.get("/desk/reports/excel")
    assert answer.headers["content-disposition"].endswith(".xlsx")
    book = load_workbook(BytesIO(answer.content))
    assert book.sheetnames == ["服务", "办件", "地区和事由"]
    told = {row[0]: row[1] for row in book["办件"].iter_rows(values_only=True)}
    assert (told["家庭暴力"], told["离婚"], told["一共"]) == ("<5", 5, 5)
    assert {row[0]: row[1] for row in book["服务"].iter_rows(values_only=True)}["叫了人工的会话"] == 5
    assert not {1, 2, 3, 4} & {cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    assert await office.audited("2026-11-01 至 2026-11-21") == [(boss.id, "report.save")]


async def test_the_figures_are_of_ones_own_scope(office: Office) -> None:
    await office.hire("near", Role.SUPERVISOR, Scope(regions=frozenset({"430100"})))
    await some_cases(office)
    async with office.browser("near") as client:
        page = words((await client.get("/desk/reports")).text)
    assert "登记 2 件" in page
    assert "件数 家庭暴力 2 地区" in page


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


async def test_a_slice_shows_only_its_own_and_says_so_where_it_leaves(office: Office) -> None:
    await office.hire("boss", Role.SUPERVISOR)
    await some_cases(office)
    async with office.browser("boss") as client:
        page = words((await client.get("/desk/reports?topic=divorce&level=high&region=430000")).text)
        nothing = words((await client.get("/desk/reports?region=430300&topic=odd")).text)
        answer = await client.get("/desk/reports/excel?topic=divorce")
        odd = await client.get("/desk/reports?region=x")
    assert "登记 6 件" in page
    assert "登记 0 件" in nothing
    assert "，离婚" in str(load_workbook(BytesIO(answer.content))["服务"]["A1"].value)
    assert odd.status_code == 422


async def test_waits_are_told_with_the_share_in_time(office: Office) -> None:
    await office.hire("boss", Role.SUPERVISOR)
    li = await office.hire("li")
    for minutes in (3, 9, 40):
        talk = await office.waiting("你好", minutes=minutes)
        await handoff.claim(talk.id, li, office.ports.handoff)
    await office.waiting("你好", minutes=2)
    async with office.browser("boss") as client:
        page = words((await client.get("/desk/reports")).text)
    assert "轻重 次数 一半在 九成在 重要 3 9分钟 33分钟" in page
    assert "轻重 守住 超了 还在等 没等就完 守住的占 重要 2 1 1 0 67%" in page


async def test_a_picture_names_the_table_that_stands_beside_it(office: Office) -> None:
    await office.hire("boss", Role.SUPERVISOR)
    await some_cases(office)
    async with office.browser("boss") as client:
        page = (await client.get("/desk/reports")).text
    drawn = re.findall(r'<canvas data-chart="(line|bar)" data-table="([\w-]+)" role="img" aria-label="[^"]+">', page)
    assert len(drawn) >= 3
    for _, table in drawn:
        assert f'<table id="{table}"' in page
