"""Drills: an operator sees either what is real or what is a drill, never both."""

from __future__ import annotations

from datetime import timedelta

import httpx

from bot import handoff
from bot.conversation.alarms import AlarmKind
from bot.conversation.conversations import Mode
from bot.conversation.staff import Role, Scope
from tests.doubles.office import Office
from tests.sites.console.pages import cards, words

REAL, DRILLED = "真的来信", "演练的来信"
BAND = "演练，不是真的来信"


async def begin(client: httpx.AsyncClient) -> None:
    """Turn the switch on."""
    answer = await client.post("/desk/drill", data={"drill": "on"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")


async def two_waiting(office: Office) -> tuple[str, str]:
    """Conversations for which a person was asked: a real one and a drill."""
    real = await office.waiting(REAL)
    return real.id, (await office.waiting(DRILLED, account_id="drill")).id


async def test_without_the_switch_no_drill_is_seen_anywhere(office: Office) -> None:
    await office.hire("li", Role.SUPERVISOR)
    real, drill = await two_waiting(office)
    await office.raises_alarm("drill", AlarmKind.DEAD_LETTER, "ValueError")
    await office.buries("drill:1")
    async with office.browser("li") as client:
        desk = (await client.get("/desk")).text
        assert REAL in desk
        assert DRILLED not in desk
        assert BAND not in desk
        assert "ValueError" not in desk
        assert (await client.get(f"/desk/conversations/{real}")).status_code == 200
        assert (await client.get(f"/desk/conversations/{drill}")).status_code == 404
        assert "drill:1" not in (await client.get("/desk/dead-letters")).text
        listed = words((await client.get("/desk/cases")).text)
        assert "2026-000001" in listed
        assert "练2026" not in listed


async def test_with_the_switch_only_drills_are_seen_and_every_page_says_so(office: Office) -> None:
    await office.hire("li", Role.SUPERVISOR)
    real, drill = await two_waiting(office)
    async with office.browser("li") as client:
        await begin(client)
        for path in ("/desk", "/desk/cases", "/desk/reports", f"/desk/conversations/{drill}"):
            assert BAND in (await client.get(path)).text, path
        assert [DRILLED in card for card in cards((await client.get("/desk")).text)] == [True]
        assert (await client.get(f"/desk/conversations/{real}")).status_code == 404
        listed = words((await client.get("/desk/cases")).text)
        assert "练2026-000001" in listed
        assert " 2026-000001" not in listed


async def test_next_takes_only_of_its_own_kind(office: Office) -> None:
    await office.hire("li")
    real, drill = await two_waiting(office)
    async with office.browser("li") as client:
        await begin(client)
        assert (await client.post("/desk/next")).headers["location"].endswith(drill)
        assert (await client.post("/desk/next")).headers["location"].endswith("told=none")
        assert (await client.post(f"/desk/conversations/{real}/claim")).status_code == 404
        await client.post("/desk/drill", data={"drill": "off"})
        assert (await client.post("/desk/next")).headers["location"].endswith(real)


async def test_who_holds_somebody_real_does_not_begin_a_drill(office: Office) -> None:
    li = await office.hire("li")
    talk = await office.waiting()
    await handoff.claim(talk.id, li, office.ports.handoff)
    async with office.browser("li") as client:
        answer = await client.post("/desk/drill", data={"drill": "on"})
        assert answer.status_code == 409
        assert "手上还有 1 条真的会话" in answer.text
        assert BAND not in (await client.get("/desk")).text


async def test_the_end_of_the_drill_ends_what_she_still_held_of_it(office: Office) -> None:
    await office.hire("li")
    drill = await office.waiting(DRILLED, account_id="drill")
    async with office.browser("li") as client:
        await begin(client)
        await client.post(f"/desk/conversations/{drill.id}/claim")
        await client.post("/desk/drill", data={"drill": "off"})
    async with office.units() as uow:
        assert (await uow.conversations.get(drill.id)).mode is Mode.CLOSED


async def test_who_drills_is_on_duty_for_nobody_real(office: Office) -> None:
    li = await office.hire("li")
    await office.queue.arrive(li.id)
    async with office.browser("li") as client:
        await begin(client)
        assert li.id not in await office.queue.present()
        await client.post("/desk/duty", data={"duty": "on"})
        assert li.id not in await office.queue.present()
        assert "/desk/duty" not in (await client.get("/desk")).text


async def test_the_next_sign_in_begins_in_earnest(office: Office) -> None:
    await office.hire("li")
    async with office.browser("li") as client, office.browser("li") as next_one:
        await begin(client)
        assert BAND in (await client.get("/desk")).text
        assert BAND not in (await next_one.get("/desk")).text
        await client.post("/desk/drill", data={"drill": "off"})
        assert BAND not in (await client.get("/desk")).text


async def test_nothing_real_is_assigned_to_who_drills(office: Office) -> None:
    li = await office.hire("li", name="李晓梅")
    await office.hire("boss", Role.SUPERVISOR)
    real = await office.waiting(REAL)
    path = f"/desk/conversations/{real.id}"
    given = {"target": f"staff:{li.id}", "at_once": "true", "note": "她等很久了"}
    async with office.browser("li") as client, office.browser("boss") as boss, office.program("boss") as program:
        await begin(client)
        assert "李晓梅 · 正在演练" in (await boss.get(f"{path}/passing")).text
        for header in ({}, {"HX-Request": "true"}):
            refused = await boss.post(f"{path}/assign", data=given, headers=header)
            assert refused.status_code == 422
            assert "她正在演练，看不到真的来信，没有指派给她" in refused.text
            assert "她等很久了" in refused.text
        asked = await program.post(f"/api/v1{path[5:]}/assign", json={"staff_id": li.id, "at_once": True})
        assert asked.status_code == 409
        assert (await program.get(f"/api/v1{path[5:]}")).json()["mode"] == "waiting"
        await client.post("/desk/drill", data={"drill": "off"})
        assert (await boss.post(f"{path}/assign", data=given)).status_code == 303
        again = await client.post("/desk/drill", data={"drill": "on"})
    assert again.status_code == 409, "she holds somebody real now"


async def test_without_an_account_for_drills_in_her_scope_there_is_no_switch(office: Office) -> None:
    await office.hire("li", scope=Scope(accounts=frozenset({"xiangtan"})))
    async with office.browser("li") as client:
        assert 'action="/desk/drill"' not in (await client.get("/desk")).text
        assert (await client.post("/desk/drill", data={"drill": "on"})).status_code == 409


async def test_programs_ask_for_drills_by_a_word_of_the_address(office: Office) -> None:
    await office.hire("li")
    await office.hire("xu", scope=Scope(accounts=frozenset({"xiangtan"})))
    real, drill = await two_waiting(office)
    async with office.program("li") as client:
        assert real in (await client.get("/api/v1/queue")).text
        assert drill not in (await client.get("/api/v1/queue")).text
        assert drill in (await client.get("/api/v1/queue?drill=true")).text
        assert (await client.get(f"/api/v1/conversations/{drill}")).status_code == 404
        taken = await client.post("/api/v1/queue/claim?drill=true")
        assert drill in taken.text
    async with office.program("xu") as client:  # never is something real taken for a drill
        assert (await client.post("/api/v1/queue/claim?drill=true")).status_code == 403


async def test_real_cases_leave_no_gap_for_drills(office: Office) -> None:
    for account in ("hunan", "drill", "hunan"):
        talk = await office.waiting(account_id=account)
        office.clock.advance(timedelta(minutes=1))
    assert (await office.file_of(talk)).number.endswith("-000002")


async def test_who_drills_waits_for_no_colleague_who_is_nearer_in_earnest(office: Office) -> None:
    await office.hire("li")
    wang = await office.hire("wang", scope=Scope(regions=frozenset({"430100"})))
    await office.queue.arrive(wang.id)
    drill = await office.waiting(DRILLED, account_id="drill", minutes=0)
    async with office.browser("li") as client:
        await begin(client)
        assert (await client.post("/desk/next")).headers["location"].endswith(drill.id)
