"""The office's files over the API: listed, read with their history, moved, and counted without naming anybody."""

from __future__ import annotations

import pytest

from bot.conversation.levels import Level, Topic
from bot.conversation.staff import Role, Scope
from tests.doubles.office import Office
from tests.doubles.office_letters import LETTER

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
    assert figures["cases"] == 5
    assert figures["topics"] == {"divorce": 5}
    assert figures["levels"] == {"high": 5}
    assert figures["crossed"] == {"430000": {"divorce": 5}}
    service = figures["service"]
    assert (service["total"], service["step"]) == ({"asked": 5, "called": 5}, "day")
    assert service["by_topic"] == {"divorce": {"asked": 5, "called": 5}}
    assert service["by_step"] == {"2026-11-21": {"asked": 5, "called": 5}}
    assert service["waits"]["high"] == {"count": None, "middle_s": None, "nine_of_ten_s": None}
    assert service["in_time"] == {"high": {"running": 5}}
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
        assert (await client.get("/api/v1/reports", params=MONTH)).json()["cases"] is None


async def test_figures_may_be_of_one_topic_level_or_region(office: Office) -> None:
    await office.hire("boss", Role.SUPERVISOR)
    for _ in range(6):
        await office.waiting("你好", topic=Topic.DIVORCE, account_id="changsha")
    for _ in range(5):
        await office.waiting("你好", topic=Topic.PARENTING, level=Level.CRITICAL)
    async with office.program("boss") as client:
        for chosen in ({"topic": "divorce"}, {"level": "high"}, {"region": "430100"}):
            figures = (await client.get("/api/v1/reports", params=MONTH | chosen)).json()
            assert (figures["cases"], figures["topics"]) == (5, {"divorce": 5})
            assert figures["service"]["total"] == {"asked": 5, "called": 5}
        odd = await client.get("/api/v1/reports", params=MONTH | {"topic": "odd"})
    assert odd.status_code == 422


async def test_a_note_a_visit_and_a_letter_stand_in_the_history(office: Office) -> None:
    li = await office.hire("li")
    case = await office.file_of(await office.waiting("你好"))
    address = f"/api/v1/cases/{case.id}"
    async with office.program("li") as client:
        assert (await client.post(f"{address}/notes", json={"text": "已联系社区"})).json()["number"] == case.number
        visit = await client.post(f"{address}/visits", json={"day": "2026-11-23", "words": "周一上午"})
        lacking = await client.post(f"{address}/visits/{visit.json()['id']}", json={"status": "done"})
        result = {"status": "done", "outcome": "better", "words": "搬出来了"}
        settled = await client.post(f"{address}/visits/{visit.json()['id']}", json=result)
        assert (await client.post(f"{address}/letters", json=LETTER)).status_code == 409
        await client.post(f"{address}/steps", json={"status": "forwarded", "agency": "police"})
        odd = await client.post(f"{address}/letters", json=LETTER | {"named": "王小梅"})
        letter = await client.post(f"{address}/letters", json=LETTER | {"named": "王小梅", "agreed": True})
        pdf = await client.get(f"{address}/letters/{letter.json()['id']}.pdf")
        whole = (await client.get(address)).json()
    assert (visit.status_code, visit.json()["status"]) == (201, "planned")
    assert (lacking.status_code, settled.json()["outcome"], odd.status_code) == (422, "better", 422)
    assert letter.json()["letter"] == {
        "number": case.number,
        "day": "2026-11-21",
        "status": "forwarded",
        "agency": "police",
        "to": "某局",
        "agreed": True,
    }
    assert pdf.headers["content-type"] == "application/pdf"
    assert [one["kind"] for one in whole["entries"]] == ["note", "visit_planned", "visit_settled", "step", "letter"]
    assert (li.id, "letter.save") in await office.audited(case.id)


async def test_only_what_is_mine_or_due_today_is_listed(office: Office) -> None:
    await office.hire("li")
    mine, _ = [await office.file_of(await office.waiting(str(number))) for number in range(2)]
    async with office.program("li") as client:
        await client.post(f"/api/v1/cases/{mine.id}/visits", json={"day": "2026-11-21", "words": "今天"})
        for asked in ({"mine": True}, {"today": True}):
            found = (await client.get("/api/v1/cases", params=asked)).json()
            assert [case["number"] for case in found["cases"]] == [mine.number]
