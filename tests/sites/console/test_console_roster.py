"""The plan of duty on the desk: a week for everybody, changed by supervisors, within their scope alone."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute

from bot.console import roster
from bot.conversation.roster import Shift
from bot.conversation.staff import Role, Scope, Staff
from tests.doubles.office import Office
from tests.sites.console.pages import words
from tests.sites.console.planning import add

# The office's clock stands on Saturday, 2026-11-21, 09:05; its week began on Monday the 16th.
CHANGSHA, XIANGTAN = Scope(regions=frozenset({"430100"})), Scope(regions=frozenset({"430300"}))
WORKDAYS = ["0", "1", "2", "3", "4"]


async def plan(office: Office, who: Staff) -> list[Shift]:
    async with office.units() as uow:
        return await uow.shifts.of(who.id)


def cells(page: str, name: str) -> list[str]:
    """What stands in each day of this person's row."""
    row = next(one for one in re.findall(r"<tr>.*?</tr>", page, flags=re.DOTALL) if f'row">{name}' in one)
    return [" ".join(re.findall(r"<b>(.*?)</b>", cell)) for cell in re.findall(r"<td.*?</td>", row, flags=re.DOTALL)]


async def shown(client: httpx.AsyncClient, **asked: str) -> str:
    return (await client.get("/desk/roster", params=asked)).text


async def test_a_supervisor_plans_a_week_and_everybody_sees_it(office: Office) -> None:
    li, boss = await office.hire("li", name="李晓梅"), await office.hire("boss", Role.SUPERVISOR)
    async with office.browser("boss") as client:
        assert "这里还没有排班" in words(await shown(client))
        assert (await add(client, li, *WORKDAYS)).status_code == 303
        assert (await add(client, li, "2", starts="22:00", ends="08:00", kind="on_call")).status_code == 303
    async with office.browser("li") as client:
        page = await shown(client)
    night = "8:30–17:30 22:00–次日8:00"
    assert cells(page, "李晓梅") == ["8:30–17:30", "8:30–17:30", night, "8:30–17:30", "8:30–17:30", "", ""]
    assert "周一 0:00 到 8:30" in words(page)
    assert "周五 17:30 到周日 24:00" in words(page)
    assert "/desk/roster/add" not in page
    assert "现在在岗" not in page
    assert [one for one in await office.audited(li.id) if one[0] == boss.id] == [(boss.id, "roster.change")] * 2


async def test_a_gap_over_midnight_is_one_and_a_full_week_is_said(office: Office) -> None:
    li = await office.hire("li")
    await office.hire("boss", Role.SUPERVISOR)
    async with office.browser("boss") as client:
        await add(client, li, "0", "1", "3", "4", "5", "6", starts="00:00", ends="00:00")
        await add(client, li, "2", starts="00:00", ends="22:00")
        page = words(await shown(client))
        assert "没有人的时段 周三 22:00 到 24:00" in page
        await add(client, li, "2", starts="22:00", ends="00:00")
        page = words(await shown(client))
    assert "这一周从早到晚都有人值班" in page


async def test_a_date_replaces_the_standing_plan_and_a_day_off_empties_it(office: Office) -> None:
    li = await office.hire("li")
    await office.hire("boss", Role.SUPERVISOR)
    async with office.browser("boss") as client:
        await add(client, li, *WORKDAYS)
        await add(client, li, "2026-11-18", starts="12:00", ends="20:00")
        assert (await add(client, li, "2026-11-19", kind="off", starts="", ends="")).status_code == 303
        page = await shown(client)
        later = await shown(client, day="2026-11-25")
        clashing = await add(client, li, "2026-11-19")
    assert cells(page, "li")[:5] == ["8:30–17:30", "8:30–17:30", "12:00–20:00", "休息", "8:30–17:30"]
    assert cells(later, "li")[:5] == ["8:30–17:30"] * 5
    assert clashing.status_code == 409
    assert "11月19日已经排了休息" in words(clashing.text)


async def test_a_holiday_goes_by_its_own_plan_and_a_worked_saturday_by_monday(office: Office) -> None:
    li = await office.hire("li")
    await office.hire("boss", Role.SUPERVISOR)
    async with office.browser("boss") as client:
        await add(client, li, "0")
        await add(client, li, "holiday", starts="09:00", ends="12:00")
        page = await shown(client, day="2026-10-01")
        after = await shown(client, day="2026-10-10")
    assert cells(page, "li") == ["8:30–17:30", "", "", *["9:00–12:00"] * 4]
    assert "周四 10/1 节假日" in words(page)
    assert cells(after, "li") == ["9:00–12:00"] * 3 + ["", "", "8:30–17:30", ""]
    assert "周六 10/10 调休，按周一" in words(after)


async def test_spans_of_one_person_that_overlap_are_refused_with_words_and_nothing_is_saved(office: Office) -> None:
    li = await office.hire("li")
    await office.hire("boss", Role.SUPERVISOR)
    async with office.browser("boss") as client:
        await add(client, li, "1", starts="22:00", ends="08:00")
        refused = await add(client, li, "4", "2", starts="07:00", ends="12:00")
    assert refused.status_code == 409
    assert "每周二 22:00 到 次日8:00" in words(refused.text)
    assert len(await plan(office, li)) == 1


@pytest.mark.parametrize(
    "form",
    [
        {"who": ""},
        {"day": []},
        {"day": ["7"]},
        {"day": ["2026-02-30"]},
        {"starts": ""},
        {"kind": "off"},
        {"day": ["2030-01-01"]},
        {"day": ["0001-01-01"]},
        {"kind": "odd"},
        {"starts": "25:00"},
    ],
)
async def test_what_is_lacking_or_odd_is_refused(office: Office, form: dict[str, Any]) -> None:
    li = await office.hire("li")
    await office.hire("boss", Role.SUPERVISOR)
    async with office.browser("boss") as client:
        assert (await add(client, li, "0", **form)).status_code == 422
    assert await plan(office, li) == []


async def test_a_line_is_taken_away_once(office: Office) -> None:
    li = await office.hire("li")
    boss = await office.hire("boss", Role.SUPERVISOR)
    async with office.browser("boss") as client:
        await add(client, li, "0", "1")
        [first, second] = await plan(office, li)
        gone = await client.post("/desk/roster/remove", data={"shift": first.id, "back": "2026-11-25", "place": "x"})
        again = await client.post("/desk/roster/remove", data={"shift": first.id})
    assert gone.headers["location"] == "/desk/roster?day=2026-11-25&place=x"
    assert again.status_code == 409
    assert await plan(office, li) == [second]
    assert await office.audited(li.id) == [(boss.id, "roster.change")] * 2


async def test_a_standing_plan_is_copied_and_replaces_the_other(office: Office) -> None:
    li, wang = await office.hire("li"), await office.hire("wang")
    await office.hire("boss", Role.SUPERVISOR)
    async with office.browser("boss") as client:
        await add(client, li, "0", "holiday")
        await add(client, li, "2026-11-18")
        await add(client, wang, "5")
        await add(client, wang, "2026-11-20", starts="10:00", ends="11:00")
        assert (await client.post("/desk/roster/copy", data={"whose": li.id, "who": wang.id})).status_code == 303
        page = await shown(client)
        assert (await client.post("/desk/roster/copy", data={"whose": li.id, "who": li.id})).status_code == 422
    assert cells(page, "wang") == ["8:30–17:30", "", "", "", "10:00–11:00", "", ""]
    assert len(await plan(office, wang)) == 3


async def test_last_week_is_copied_to_the_dates_of_this_week(office: Office) -> None:
    li, wang = await office.hire("li"), await office.hire("wang")
    await office.hire("boss", Role.SUPERVISOR)
    async with office.browser("boss") as client:
        await add(client, li, "0", "1", "2")
        await add(client, li, "2026-11-17", kind="off")
        await add(client, li, "2026-11-21", starts="09:00", ends="12:00")
        await add(client, wang, *WORKDAYS)
        form = {"whose": li.id, "who": wang.id, "week": "2026-11-23"}
        assert (await client.post("/desk/roster/copy", data=form)).status_code == 303
        page, before = await shown(client, day="2026-11-25"), await shown(client)
        again = await client.post("/desk/roster/copy", data=form)
    assert cells(page, "wang") == ["8:30–17:30", "休息", "8:30–17:30", "休息", "休息", "9:00–12:00", "休息"]
    assert cells(before, "wang")[:5] == ["8:30–17:30"] * 5
    assert again.status_code == 303
    assert len(await plan(office, wang)) == 5 + 7


async def test_who_is_there_who_is_missing_and_who_is_on_call_is_said_to_supervisors(office: Office) -> None:
    li, wang = await office.hire("li", name="李晓梅"), await office.hire("wang", name="王芳")
    chen, zhao = await office.hire("chen", name="陈静"), await office.hire("zhao", name="赵敏")
    await office.hire("boss", Role.SUPERVISOR, name="周主任")
    await office.queue.arrive(li.id)
    async with office.browser("boss") as client:
        for who in (li, wang):
            await add(client, who, "5", starts="09:00", ends="12:00")
        await add(client, chen, "5", starts="09:00", ends="12:00", kind="on_call")
        await add(client, zhao, "5", starts="12:00", ends="13:00")
        page = words(await shown(client))
        assert "现在在岗 1 人：李晓梅 排了班还没到：王芳 待命：陈静" in page
        office.queue.available = False
        assert "现在谁在岗，暂时查不到" in words(await shown(client))


async def test_the_people_and_the_gaps_are_those_of_one_place(office: Office) -> None:
    near = await office.hire("near", scope=CHANGSHA)
    await office.hire("far", scope=XIANGTAN)
    await office.hire("all", name="省里的")
    await office.hire("boss", Role.SUPERVISOR)
    async with office.browser("boss") as client:
        await add(client, near, *WORKDAYS, "5", "6", starts="00:00", ends="00:00")
        province = await shown(client)
        city = await shown(client, place="changsha 430100")
        odd = await shown(client, place="nowhere")
    assert "near" not in re.findall(r'<th scope="row">(\w+)', province)
    assert set(re.findall(r'<th scope="row">(\w+)', city)) >= {"near", "省里的"}
    assert "far" not in re.findall(r'<th scope="row">(\w+)', city)
    assert "这一周从早到晚都有人值班" in words(city)
    assert "这里还没有排班" in words(province) == words(odd)


async def test_an_operator_of_a_city_sees_her_city_and_the_province_sees_all_places(office: Office) -> None:
    await office.hire("near", scope=CHANGSHA)
    await office.hire("boss", Role.SUPERVISOR)
    async with office.browser("near") as client:
        page = await shown(client)
        assert "长沙市 · 长沙市妇联" in page
        assert "湘潭市" not in page
    async with office.browser("boss") as client:
        page = await shown(client)
    assert re.findall(r'<option value="\w+ \d+"[^>]*>(.*?) ·', page) == ["湖南省", "长沙市", "湘潭市"]


async def test_a_supervisor_changes_only_those_whose_scope_lies_within_hers(office: Office) -> None:
    near, far, everywhere = (
        await office.hire("near", scope=CHANGSHA),
        await office.hire("far", scope=XIANGTAN),
        await office.hire("all"),
    )
    await office.hire("boss", Role.SUPERVISOR, CHANGSHA)
    await office.hire("chief", Role.ADMIN)
    async with office.browser("chief") as client:
        for who in (near, far, everywhere):
            await add(client, who, "0")
    async with office.browser("boss") as client:
        page = await shown(client)
        assert f'<option value="{near.id}">' in page
        assert f'<option value="{everywhere.id}">' not in page
        assert cells(page, "all")[0] == "8:30–17:30"
        assert (await add(client, near, "1")).status_code == 303
        for who in (far, everywhere):
            before = await plan(office, who)
            refused = await add(client, who, "1")
            removed = await client.post("/desk/roster/remove", data={"shift": before[0].id})
            taken = await client.post("/desk/roster/copy", data={"whose": near.id, "who": who.id})
            spied = await client.post("/desk/roster/copy", data={"whose": who.id, "who": near.id})
            assert {one.status_code for one in (refused, removed, taken, spied)} == {409}
            assert await plan(office, who) == before
        stranger = await client.post(
            "/desk/roster/add", data={"who": "0" * 32, "day": "0", "starts": "01:00", "ends": "02:00"}
        )
    assert stranger.status_code == 409
    assert len(await plan(office, near)) == 2


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.CONTENT])
async def test_nobody_else_changes_it_and_nothing_is_done_without_the_csrf_token(office: Office, role: Role) -> None:
    she = await office.hire("she", role)
    await office.hire("boss", Role.SUPERVISOR)
    paths = {route.path for route in roster.routes.routes if isinstance(route, APIRoute) and "POST" in route.methods}
    assert paths == {f"/desk/roster/{name}" for name in ("add", "remove", "copy")}
    form = {"who": she.id, "whose": she.id, "day": "0", "starts": "08:30", "ends": "17:30", "shift": "0" * 32}
    async with office.browser("she") as client:
        assert {(await client.post(path, data=form)).status_code for path in paths} == {404}
        assert (await client.get("/desk/roster")).status_code == (404 if role is Role.CONTENT else 200)
    async with office.browser("boss") as client:
        del client.headers["X-CSRF-Token"]
        assert {(await client.post(path, data=form)).status_code for path in paths} == {403}
    assert await plan(office, she) == []


async def test_names_and_addresses_are_only_text(office: Office) -> None:
    await office.hire("li", name="<b>李</b>")
    await office.hire("boss", Role.SUPERVISOR)
    async with office.browser("boss") as client:
        page = await shown(client, place='"><script>', who="<script>")
        far_away = await client.get("/desk/roster", params={"day": "9999-12-31"})
    assert "<script>" not in page.replace("<script src", "")
    assert "&lt;b&gt;李" in page
    assert far_away.status_code == 422


async def test_the_page_of_another_week_knows_who_is_missing_now(office: Office) -> None:
    li = await office.hire("li", name="李晓梅")
    await office.hire("boss", Role.SUPERVISOR)
    async with office.browser("boss") as client:
        await add(client, li, "2026-11-20", starts="22:00", ends="10:00")
        page = words(await shown(client, day="2027-01-04"))
        assert "排了班还没到：李晓梅" in page
        office.clock.advance(timedelta(hours=1))
        assert "排了班还没到" not in words(await shown(client, day="2027-01-04"))
