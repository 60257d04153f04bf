"""What the case page can do, done over the API: the same rules, the same lines of the history, the same refusals."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot import cases
from bot.conversation.case_work import CaseStep
from bot.conversation.cases import Agency, Case, CaseStatus
from bot.conversation.flows import ReferralKind
from bot.conversation.levels import Level
from bot.conversation.staff import Role, Scope, Staff
from tests.doubles.office import Office
from tests.doubles.office_shares import lets_read

GOOD = dict.fromkeys(("safety", "law", "promises", "deadlines", "tone"), "good")


async def do(client: httpx.AsyncClient, case: Case, what: str, **body: Any) -> httpx.Response:
    return await client.post(f"/api/v1/cases/{case.id}/{what}", json=body)


async def archived(office: Office, by: Staff) -> Case:
    case = await office.file_of(await office.waiting("你好"))
    for status in (CaseStatus.ACCEPTED, CaseStatus.HANDLED, CaseStatus.ANSWERED, CaseStatus.ARCHIVED):
        case = await cases.advance(case.id, CaseStep(status, "已答复"), by, office.units, office.clock)
    return case


async def entries(client: httpx.AsyncClient, case: Case) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await client.get(f"/api/v1/cases/{case.id}")).json()["entries"]
    return found


# --- who works on it ----------------------------------------------------------------------------------------------


async def test_she_takes_it_on_gives_it_away_and_then_may_no_longer(office: Office) -> None:
    li, wang = await office.hire("li", name="李"), await office.hire("wang", name="王")
    zhao = await office.hire("zhao", name="赵")
    case = await office.file_of(await office.waiting("你好"))
    async with office.program("li") as client:
        for_her = (await client.get(f"/api/v1/cases/{case.id}")).json()["takers"]
        not_hers = await do(client, case, "handler", staff_id=wang.id)
        hers = await do(client, case, "handler", staff_id=li.id)
        for_who_has_it = (await client.get(f"/api/v1/cases/{case.id}")).json()["takers"]
        given = await do(client, case, "handler", staff_id=wang.id)
        again = await do(client, case, "handler", staff_id=zhao.id)
        written = [(one["kind"], one["words"]) for one in await entries(client, case)]
    assert for_her == [{"staff_id": li.id, "name": "李"}]
    assert [one["staff_id"] for one in for_who_has_it] == [wang.id, zhao.id]
    assert (not_hers.status_code, hers.json()["handler"]) == (403, li.id)
    assert (given.json()["handler"], again.status_code) == (wang.id, 403)
    assert written == [("handler", "李"), ("handler", "王")]


async def test_a_supervisor_names_anybody_who_would_see_it_and_nobody_else(office: Office) -> None:
    await office.hire("boss", Role.SUPERVISOR)
    wang = await office.hire("wang")
    far = await office.hire("far", scope=Scope(regions=frozenset({"430300"})))
    writer = await office.hire("zhou", Role.CONTENT)
    case = await office.file_of(await office.waiting("你好", account_id="changsha"))
    async with office.program("boss") as client:
        named = await do(client, case, "handler", staff_id=wang.id)
        odd = [await do(client, case, "handler", staff_id=one) for one in (far.id, writer.id, "nobody")]
    assert named.json()["handler"] == wang.id
    assert [answer.status_code for answer in odd] == [422, 422, 422]


# --- help, danger, harm to minors, time ---------------------------------------------------------------------------


async def test_help_is_asked_for_once(office: Office) -> None:
    li = await office.hire("li")
    case = await office.file_of(await office.waiting("你好"))
    async with office.program("li") as client:
        asked = [await do(client, case, "referrals", kind=kind, words="她说的") for kind in ("legal_aid", "mediation")]
        again = await do(client, case, "referrals", kind="legal_aid")
        odd = await do(client, case, "referrals", kind="money")
        found = (await client.get("/api/v1/cases", params={"referral": "mediation"})).json()["total"]
        written = [(one["kind"], one["marks"], one["words"]) for one in await entries(client, case)]
    assert asked[-1].json()["referrals"] == ["legal_aid", "mediation"]
    assert (again.status_code, odd.status_code, found) == (409, 422, 1)
    assert written == [("referred", ["legal_aid"], "她说的"), ("referred", ["mediation"], "她说的")]
    assert await office.audited(case.id) == [(li.id, "case.referred")] * 2 + [(li.id, "case.open")]


async def test_danger_raises_the_level_and_never_lowers_it(office: Office) -> None:
    await office.hire("li")
    case = await office.file_of(await office.waiting("你好", level=Level.NORMAL))
    async with office.program("li") as client:
        levels = [
            (await do(client, case, "risk", marks=marks)).json()["level"]
            for marks in (["habits"], ["worse", "following", "worse"], ["choking"], [])
        ]
        odd = await do(client, case, "risk", marks=["tired"])
        written = [one["marks"] for one in await entries(client, case)]
    assert levels == ["normal", "high", "critical", "critical"]
    assert odd.status_code == 422
    assert written == [["habits"], ["following", "worse"], ["choking"], []]


async def test_harm_to_a_minor_is_reported_before_anything_is_archived(office: Office) -> None:
    li = await office.hire("li")
    case = await archived(office, li)
    async with office.program("li") as client:
        needed = await do(client, case, "report-needed", words="孩子手上有伤")
        again = await do(client, case, "report-needed", words="孩子手上有伤")
        archive = {"status": "archived", "words": "办好了"}
        too_early = await do(client, case, "steps", **archive)
        not_hers = await do(client, case, "report-lifted", words="没有孩子")
        tomorrow = await do(client, case, "report", agency="police", day="2026-11-22", number="接警7")
        nameless = await do(client, case, "report", agency="police", day="2026-11-21", number=" ")
        made = await do(client, case, "report", agency="police", day="2026-11-21", number="接警7")
        twice = await do(client, case, "report", agency="police", day="2026-11-21", number="接警7")
        done = await do(client, case, "steps", **archive)
        last = (await entries(client, case))[-2]
    assert (needed.json()["status"], needed.json()["must_report"]) == ("reopened", True)
    assert [one.status_code for one in (again, too_early, not_hers, tomorrow, nameless)] == [409, 409, 403, 422, 422]
    assert (made.json()["must_report"], twice.status_code, done.json()["status"]) == (False, 409, "archived")
    assert (last["kind"], last["agency"], last["day"], last["words"]) == ("reported", "police", "2026-11-21", "接警7")


async def test_a_supervisor_says_that_nothing_is_to_be_reported(office: Office) -> None:
    boss = await office.hire("boss", Role.SUPERVISOR)
    case = await office.file_of(await office.waiting("你好", reasons=["孩子正被打伤或虐待"]))
    assert case.must_report
    async with office.program("boss") as client:
        assert (await do(client, case, "report-lifted", words=" ")).status_code == 422
        lifted = await do(client, case, "report-lifted", words="核实过，是夫妻吵架")
        again = await do(client, case, "report-lifted", words="核实过，是夫妻吵架")
    assert (lifted.json()["must_report"], again.status_code) == (False, 409)
    assert await office.audited(case.id) == [(boss.id, "case.report_lifted")]


async def test_time_is_extended_once_by_a_supervisor_and_not_when_it_is_over(office: Office) -> None:
    li, boss = await office.hire("li"), await office.hire("boss", Role.SUPERVISOR)
    given, late = [await office.file_of(await office.waiting(words)) for words in ("你好", "您好")]
    async with office.program("boss") as client:
        not_accepted = await do(client, given, "extension", words="主任批准")
        for case in (given, late):
            await cases.advance(case.id, CaseStep(CaseStatus.ACCEPTED), li, office.units, office.clock)
        assert (await do(client, given, "extension", words="")).status_code == 422
        once = await do(client, given, "extension", words="主任批准")
        twice = await do(client, given, "extension", words="主任批准")
    office.clock.advance(timedelta(days=61))
    async with office.program("boss") as client:
        over = await do(client, late, "extension", words="主任批准")
    async with office.program("li") as client:
        assert (await do(client, late, "extension", words="主任批准")).status_code == 403
    assert [one.status_code for one in (not_accepted, once, twice, over)] == [409, 200, 409, 409]
    assert once.json()["due_on"] == "2027-02-19"
    assert (boss.id, "case.extended") in await office.audited(given.id)


async def test_her_other_files_stand_beside_this_one(office: Office) -> None:
    li = await office.hire("li")
    case = await archived(office, li)
    async with office.units() as uow:
        talk = await uow.conversations.get(case.conversation_id)
        await cases.refer(uow, talk, ReferralKind.MEDIATION, office.clock.now())
        await uow.commit()
    newer = await office.file_of(talk)
    async with office.program("li") as client:
        others = [(await client.get(f"/api/v1/cases/{one.id}")).json()["others"] for one in (case, newer)]
    assert [[one["number"] for one in listed] for listed in others] == [[newer.number], [case.number]]


# --- the check ----------------------------------------------------------------------------------------------------


async def test_what_does_not_pass_comes_back_and_what_passes_is_done(office: Office) -> None:
    li, boss = await office.hire("li"), await office.hire("boss", Role.SUPERVISOR)
    case, own = await archived(office, li), await archived(office, boss)
    async with office.program("boss") as client:
        listed = (await client.get("/api/v1/checks")).json()
        lacking = await do(client, case, "check", verdicts=GOOD | {"law": "wrong"}, passed=False)
        wrong = await do(client, case, "check", verdicts=GOOD | {"law": "wrong"}, passed=True, words="说错了")
        open_one = await do(client, case, "check", verdicts={"law": "good"}, passed=True)
        hers = await do(client, own, "check", verdicts=GOOD, passed=True)
        back = await do(client, case, "check", verdicts=GOOD | {"law": "wrong"}, passed=False, words="说错了")
        too_early = await do(client, case, "check", verdicts=GOOD, passed=True)
        step = CaseStep(CaseStatus.ARCHIVED, "已更正")
        await cases.advance(case.id, step, li, office.units, office.clock)
        passed = await do(client, case, "check", verdicts=GOOD, passed=True)
        again = await do(client, case, "check", verdicts=GOOD, passed=True)
        left = (await client.get("/api/v1/checks")).json()
    assert {one["id"] for one in listed["cases"]} == {case.id, own.id}
    assert (listed["own"], listed["total"]) == ([own.id], 2)
    assert [one.status_code for one in (lacking, wrong, open_one, hers, too_early, again)] == [
        422,
        422,
        422,
        403,
        409,
        409,
    ]
    assert (back.json()["status"], back.json()["check_passed"], back.json()["handler"]) == ("reopened", False, li.id)
    assert (passed.json()["status"], passed.json()["check_passed"]) == ("archived", True)
    assert [one["id"] for one in left["cases"]] == [own.id]
    assert [action for who, action in await office.audited(case.id) if who == boss.id] == ["case.check"] * 2


async def test_operators_neither_list_nor_judge_what_is_to_be_checked(office: Office) -> None:
    li = await office.hire("li")
    await office.hire("wang")
    case = await archived(office, li)
    async with office.program("wang") as client:
        assert (await client.get("/api/v1/checks")).status_code == 403
        assert (await do(client, case, "check", verdicts=GOOD, passed=True)).status_code == 403


# --- another city -------------------------------------------------------------------------------------------------


async def test_what_she_shares_is_read_here_and_both_sides_know_of_it(office: Office) -> None:
    li = await office.hire("li", scope=Scope(accounts=frozenset({"xiangtan"})), name="李晓梅")
    wang = await office.hire("wang", scope=Scope(accounts=frozenset({"changsha"})))
    there, here = await office.waiting("他打我", account_id="changsha"), await office.waiting(account_id="xiangtan")
    step = CaseStep(CaseStatus.FORWARDED, "她说的秘密", Agency.POLICE)
    case = await cases.advance((await office.file_of(there)).id, step, wang, office.units, office.clock)
    share = await lets_read(office, here, there)
    async with office.program("li") as client:
        [offered] = (await client.get(f"/api/v1/conversations/{here.id}")).json()["shares"]
        assert (offered["share_id"], offered["account_id"]) == (share.id, "changsha")
        assert await office.audited(share.id) == []
        read = await client.get(f"/api/v1/shares/{share.id}")
    [shared] = read.json()["cases"]
    assert (shared["number"], shared["status"], shared["agency"]) == (case.number, "forwarded", "police")
    assert [one["status"] for one in shared["steps"]] == ["forwarded"]
    assert not [hidden for hidden in ("秘密", "他打我", case.id, there.contact_id) if hidden in read.text]
    assert await office.audited(share.id) == [(li.id, "share.read")]
    async with office.program("wang") as client:
        assert (await entries(client, case))[-1]["words"] == "湘潭市妇联的李晓梅看了这里的办件"
        assert (await client.get(f"/api/v1/shares/{share.id}")).status_code == 404


async def test_what_she_took_back_is_read_no_more(office: Office) -> None:
    await office.hire("li")
    here = await office.waiting(account_id="xiangtan")
    share = await lets_read(office, here)
    async with office.units() as uow:
        kept = await uow.shares.get(share.id)
        kept.end(office.clock.now())
        await uow.shares.save(kept)
        await uow.commit()
    async with office.program("li") as client:
        assert (await client.get(f"/api/v1/shares/{share.id}")).status_code == 404
        assert (await client.get(f"/api/v1/conversations/{here.id}")).json()["shares"] == []
    assert await office.audited(share.id) == []


# --- the same refusals --------------------------------------------------------------------------------------------

BODIES: dict[str, dict[str, Any]] = {
    "handler": {"staff_id": "nobody"},
    "referrals": {"kind": "legal_aid"},
    "risk": {"marks": ["choking"]},
    "report-needed": {"words": "孩子有伤"},
    "report": {"agency": "police", "day": "2026-11-21", "number": "接警7"},
    "report-lifted": {"words": "没有孩子"},
    "extension": {"words": "主任批准"},
    "check": {"verdicts": GOOD, "passed": True},
}


@pytest.mark.parametrize(("who", "status"), [("zhou", {403, 404}), ("far", {404})])
async def test_no_stranger_changes_a_file(office: Office, who: str, status: set[int]) -> None:
    await office.hire("zhou", Role.CONTENT)
    await office.hire("far", Role.SUPERVISOR, Scope(regions=frozenset({"430300"})))
    case = await office.file_of(await office.waiting("你好", account_id="changsha"))
    async with office.program(who) as client:
        got = {what: (await do(client, case, what, **body)).status_code for what, body in BODIES.items()}
    assert set(got.values()) <= status, got
    assert await office.audited(case.id) == []


async def test_what_has_a_field_too_many_or_lacks_one_is_refused_before_anything_is_done(office: Office) -> None:
    await office.hire("boss", Role.SUPERVISOR)
    case = await office.file_of(await office.waiting("你好"))
    async with office.program("boss") as client:
        for what, body in BODIES.items():
            odd = [body | {"level": "normal"}]
            odd += [{name: body[name] for name in body.keys() - {left_out}} for left_out in body.keys() - {"marks"}]
            odd += [body | {"words": "很" * 2001}] if "words" in body else []
            assert {(await do(client, case, what, **one)).status_code for one in odd} == {422}, what
    assert await office.audited(case.id) == []
