"""The office's files over the API: listed, read with their history, moved, and counted without naming anybody."""

from __future__ import annotations

import pytest

from bot.conversation.levels import Level, Topic
from bot.conversation.staff import Role, Scope
from tests.doubles.office import Office

MONTH = {"first": "2026-11-01", "last": "2026-11-30"}


async def test_files_are_listed_by_urgency_and_narrowed(office: Office) -> None:
    await office.hire("li")
    await office.waiting("1", topic=Topic.DIVORCE)
    await office.waiting("2", level=Level.CRITICAL)
    async with office.program("li") as client:
        everything = (await client.get("/api/v1/cases")).json()
        divorce = (await client.get("/api/v1/cases", params={"topic": "divorce"})).json()
        odd = await client.get("/api/v1/cases", params={"number": "%"})
    assert [case["number"] for case in everything["cases"]] == ["2026-000002", "2026-000001"]
    assert (everything["total"], everything["pages"]) == (2, 1)
    assert [case["number"] for case in divorce["cases"]] == ["2026-000001"]
    assert odd.status_code == 422


async def test_a_step_carries_what_it_needs_and_stands_in_the_history(office: Office) -> None:
    li = await office.hire("li")
    case = await office.file_of(await office.waiting("你好"))
    address = f"/api/v1/cases/{case.id}"
    async with office.program("li") as client:
        assert (await client.post(f"{address}/steps", json={"status": "forwarded"})).status_code == 422
        step = {"status": "forwarded", "agency": "court", "words": "起诉离婚"}
        moved = (await client.post(f"{address}/steps", json=step)).json()
        again = await client.post(f"{address}/steps", json=step)
        whole = (await client.get(address)).json()
    assert (moved["status"], moved["agency"], moved["due_on"]) == ("forwarded", "court", "2026-11-27")
    assert again.status_code == 409
    [entry] = whole["entries"]
    assert (entry["staff_id"], entry["before"], entry["after"], entry["words"]) == (
        li.id,
        "registered",
        "forwarded",
        "起诉离婚",
    )
    assert [one["kind"] for one in whole["deadlines"]] == ["tell", "objection"]
    assert await office.audited(case.id) == [(li.id, "case.forwarded"), (li.id, "case.open")]


async def test_figures_hold_no_small_count(office: Office) -> None:
    await office.hire("boss", Role.SUPERVISOR)
    for _ in range(7):
        await office.waiting("你好", topic=Topic.DIVORCE)
    await office.waiting("救命", topic=Topic.DOMESTIC_VIOLENCE)
    async with office.program("boss") as client:
        figures = (await client.get("/api/v1/reports", params=MONTH)).json()
        odd = await client.get("/api/v1/reports", params={"first": "2026-11-02", "last": "2026-11-01"})
    assert figures["cases"] == 8
    assert figures["topics"] == {"divorce": None, "domestic_violence": None}
    assert figures["levels"] == {"high": 8}
    assert figures["conversations"] == {"alone": 0, "called": 8}
    assert figures["waits"]["high"] == {"count": 0, "middle_s": None, "nine_of_ten_s": None}
    assert odd.status_code == 422


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.CONTENT])
async def test_figures_are_only_for_who_looks_after_the_whole(office: Office, role: Role) -> None:
    await office.hire("she", role)
    async with office.program("she") as client:
        assert (await client.get("/api/v1/reports", params=MONTH)).status_code == 403


async def test_nothing_of_another_scope_is_listed_or_counted(office: Office) -> None:
    await office.hire("far", Role.SUPERVISOR, Scope(regions=frozenset({"430300"})))
    await office.waiting("你好", account_id="changsha")
    async with office.program("far") as client:
        assert (await client.get("/api/v1/cases")).json()["total"] == 0
        assert (await client.get("/api/v1/reports", params=MONTH)).json()["cases"] == 0
