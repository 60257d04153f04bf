"""The office's files at the desk: the list, one case, what is done in it, and who may."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest
from fastapi.routing import APIRoute

from bot import cases
from bot.console import case_pages
from bot.console import case_wording as wording
from bot.conversation.call_backs import CallOutcome
from bot.conversation.case_checks import Question, Verdict
from bot.conversation.case_work import RISKS, CaseStep, EntryKind, Outcome, Visit, VisitStatus
from bot.conversation.cases import Agency, Case, CaseStatus
from bot.conversation.conversations import Conversation
from bot.conversation.deadlines import DeadlineKind
from bot.conversation.flows import ReferralKind
from bot.conversation.levels import Level, Topic
from bot.conversation.staff import Role, Scope, Staff
from tests.doubles.office import Office
from tests.sites.console.pages import words

VISIT = "0" * 32
FORMS: dict[str, dict[str, str]] = {
    "steps": {"status": "accepted"},
    "notes": {"words": "记下了"},
    "risk": {"mark": "choking"},
    "visits": {"day": "2026-11-28", "words": "她说周六上午"},
    "report-needed": {"words": "孩子有伤"},
    "report": {"agency": "police", "day": "2026-11-21", "words": "接警7"},
    "extension": {"words": "主任批准"},
    f"visits/{VISIT}": {"status": "refused"},
    "report-lifted": {"words": "没有孩子"},
    "referrals": {"kind": "legal_aid"},
    "handler": {"handler": "nobody"},
}
HTMX = {"HX-Request": "true"}


async def post(client: httpx.AsyncClient, case: Case, path: str, **changes: str) -> httpx.Response:
    return await client.post(f"/desk/cases/{case.id}/{path}", data={**FORMS[path], **changes})


async def shown(client: httpx.AsyncClient, case: Case) -> str:
    return words((await client.get(f"/desk/cases/{case.id}")).text)


async def referred(office: Office, talk: Conversation) -> None:
    async with office.units() as uow:
        await cases.refer(uow, talk, ReferralKind.LEGAL_AID, office.clock.now())
        await uow.commit()


async def step(office: Office, case: Case, staff: Staff, *steps: CaseStep) -> None:
    for one in steps:
        await cases.advance(case.id, one, staff, office.units, office.clock)


def numbers(page: str) -> list[str]:
    """The numbers of the list, in its order; what is to be done today stands above it."""
    return re.findall(r'<span class="number">(\S+)</span>', page.partition('id="case-list"')[2])


# --- the list -----------------------------------------------------------------------------------------------------


async def test_the_urgent_come_first_then_the_newest_and_the_archived_last(office: Office) -> None:
    li = await office.hire("li")
    talks = [
        await office.waiting("1", level=Level.HIGH, minutes=9),
        await office.waiting("2", level=Level.CRITICAL, minutes=8),
        await office.waiting("3", level=Level.HIGH, minutes=7),
        await office.waiting("4", level=Level.CRITICAL, minutes=6),
    ]
    ways = (CaseStatus.ACCEPTED, CaseStatus.HANDLED, CaseStatus.ANSWERED, CaseStatus.ARCHIVED)
    await step(office, await office.file_of(talks[3]), li, *(CaseStep(status, "已答复") for status in ways))
    async with office.browser("li") as client:
        page = (await client.get("/desk/cases")).text
    assert numbers(page) == ["2026-000002", "2026-000003", "2026-000001", "2026-000004"]
    assert "办件 4 件" in words(page)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("status=accepted", ["2026-000002"]),
        ("topic=divorce", ["2026-000001"]),
        ("level=critical", ["2026-000002"]),
        ("region=430100", ["2026-000001"]),
        ("region=430000", ["2026-000002", "2026-000001"]),
        ("referral=legal_aid", ["2026-000002"]),
        ("overdue=1", ["2026-000001"]),
        ("report=1", ["2026-000002"]),
        ("q=0002", ["2026-000002"]),
        ("q=%25", []),
        ("status=odd&topic=&level=&region=&referral=&q=", ["2026-000002", "2026-000001"]),
        ("mine=1", ["2026-000002"]),
        ("today=1", ["2026-000002", "2026-000001"]),
        ("quiet=1", []),
        ("page=2", []),
    ],
)
async def test_the_list_is_narrowed_by_what_is_asked(office: Office, asked: str, found: list[str]) -> None:
    li = await office.hire("li")
    await office.waiting("1", topic=Topic.DIVORCE, account_id="changsha")
    talk = await office.waiting("2", level=Level.CRITICAL)
    await referred(office, talk)
    office.clock.advance(timedelta(days=16))
    case = await office.file_of(talk)
    await step(office, case, li, CaseStep(CaseStatus.ACCEPTED))
    await cases.need_report(case.id, "孩子有伤", li, office.units, office.clock)
    async with office.browser("li") as client:
        page = (await client.get(f"/desk/cases?{asked}")).text
    assert numbers(page) == found


async def test_pages_of_fifty_lead_to_each_other_and_keep_what_is_asked(office: Office) -> None:
    await office.hire("li")
    for number in range(52):
        await office.waiting("你好", level=Level.HIGH, minutes=number)
    async with office.browser("li") as client:
        first = (await client.get("/desk/cases?level=high")).text
        assert "/desk/cases?level=high&amp;page=2" in first
        second = (await client.get("/desk/cases?level=high&page=2")).text
        odd = await client.get("/desk/cases?page=0")
    assert (len(numbers(first)), len(numbers(second))) == (50, 2)
    assert "第 2 页，共 2 页" in words(second)
    assert odd.status_code == 422


async def test_what_is_to_be_done_today_stands_above_the_list(office: Office) -> None:
    li = await office.hire("li")
    async with office.browser("li") as client:
        empty = words((await client.get("/desk/cases")).text)
        assert "今天要办 0 件 没有到期的，没有约在今天的回访，也没有过了时间的回电。" in empty
        assert "还没有办件" in empty
        visit, late, calm = [await office.file_of(await office.waiting(str(number))) for number in range(3)]
        today = office.clock.now().date()
        await cases.plan_visit(visit.id, today, "她说上午", li, office.units, office.clock)
        await cases.need_report(late.id, "孩子有伤", li, office.units, office.clock)
        page = words((await client.get("/desk/cases")).text)
        narrowed = words((await client.get("/desk/cases?mine=1")).text)
    office.clock.advance(timedelta(days=16))
    async with office.browser("li") as client:
        later = words((await client.get("/desk/cases")).text)
    assert "今天要办 2 件" in page
    assert f"{visit.number} 重要 家庭暴力 今天回访" in page
    assert f"{late.number} 重要 家庭暴力 要强制报告" in page
    assert f"{late.number} 重要 家庭暴力 要强制报告；12月6日已过期" in later
    assert f"{visit.number} 重要 家庭暴力 12月6日已过期；{today.month}月{today.day}日约的回访还没填结果" in later
    assert f"{calm.number} 重要 家庭暴力 12月6日已过期" in later
    assert "件 没有到期的" not in narrowed


# --- one case -----------------------------------------------------------------------------------------------------


async def test_a_case_goes_its_way_on_its_page(office: Office) -> None:
    li = await office.hire("li", name="李晓梅")
    case = await office.file_of(await office.waiting("你好"))
    async with office.browser("li") as client:
        assert "12月6日前" in await shown(client, case)
        await post(client, case, "steps")
        lacking = await post(client, case, "steps", status="assigned")
        assert lacking.status_code == 422
        assert "转送、转交要选单位" in words(lacking.text)
        about = {"status": "assigned", "agency": "lower_federation", "words": "请天心区妇联上门看看"}
        await post(client, case, "steps", **about)
        page = await shown(client, case)
        assert "已转交 · 下级妇联" in page
        assert "已受理 → 已转交 下级妇联 请天心区妇联上门看看 李晓梅" in page
        assert "问对方单位收不收（对方可提异议） 11月27日前" in page
        answer = {"status": "answered", "words": "已为她联系庇护所", "day": "2026-11-21"}
        assert (await post(client, case, "steps", **answer)).status_code == 303
        again = await post(client, case, "steps", **answer)
        assert again.status_code == 409
        await post(client, case, "steps", status="archived")
        page = await shown(client, case)
    assert "已归档" in page
    assert "下一步 重新办理 要写为什么" in page
    assert "跟进中 → " not in page
    actions = [action for _, action in await office.audited(case.id)]
    assert actions.count("case.open") == 3
    assert [one for one in actions if one != "case.open"] == [
        "case.accepted",
        "case.assigned",
        "case.answered",
        "case.archived",
    ]
    assert {who for who, _ in await office.audited(case.id)} == {li.id}


async def test_what_must_be_reported_stands_in_red_until_it_is(office: Office) -> None:
    await office.hire("li")
    case = await office.file_of(await office.waiting("你好", reasons=("孩子正被打伤或虐待",)))
    async with office.browser("li") as client:
        page = (await client.get(f"/desk/cases/{case.id}")).text
        assert 'class="must-report"' in page
        assert "不用报告" not in page  # only who oversees may lift it
        assert "要强制报告" in words((await client.get("/desk/cases")).text)
        talk = (await client.get(f"/desk/conversations/{case.conversation_id}")).text
        assert "请马上报公安" in words(talk)
        assert (await post(client, case, "report", day="2026-12-01")).status_code == 422
        await post(client, case, "report")
        after = await client.get(f"/desk/cases/{case.id}")
    assert 'class="must-report"' not in after.text
    assert "已强制报告 公安 11月21日 接警7" in words(after.text)


async def test_the_danger_is_assessed_and_a_visit_planned_and_made(office: Office) -> None:
    await office.hire("li")
    case = await office.file_of(await office.waiting("你好"))
    async with office.browser("li") as client:
        await client.post(f"/desk/cases/{case.id}/risk", data={"mark": ["choking", "habits"], "words": "脖子有印"})
        page = await shown(client, case)
        assert "分量 5（掐过脖子、酗酒、吸毒、赌博）" in page
        assert "脖子有印" in page
        await post(client, case, "visits")
        [visit_id] = set(re.findall(r"/visits/(\w{32})", (await client.get(f"/desk/cases/{case.id}")).text))
        path = f"/desk/cases/{case.id}/visits/{visit_id}"
        assert (await client.post(path, data={"status": "done"})).status_code == 422
        await client.post(path, data={"status": "done", "outcome": "better", "words": "搬出来了"})
        page = await shown(client, case)
    assert "11月28日 回访过了：好转了" in page
    assert "搬出来了" in page


async def test_a_supervisor_gives_more_time_and_lifts_a_report(office: Office) -> None:
    li = await office.hire("li")
    await office.hire("boss", Role.SUPERVISOR)
    case = await office.file_of(await office.waiting("你好"))
    await step(office, case, li, CaseStep(CaseStatus.ACCEPTED))
    async with office.browser("li") as client:
        assert "延长30日（" not in await shown(client, case)
        refused = await client.post(f"/desk/cases/{case.id}/extension", data={"words": "难"}, headers=HTMX)
        assert refused.status_code == 403
        assert "督导" in refused.text
    async with office.browser("boss") as client:
        await post(client, case, "extension")
        await post(client, case, "report-needed")
        await post(client, case, "report-lifted")
        page = await shown(client, case)
    assert "2027年2月19日前" in page
    assert "核实后不必强制报告 没有孩子" in page


async def test_hostile_words_stay_words(office: Office) -> None:
    await office.hire("li")
    case = await office.file_of(await office.waiting("你好"))
    async with office.browser("li") as client:
        await post(client, case, "notes", words="<script>alert(1)</script>\u202e")
        page = (await client.get(f"/desk/cases/{case.id}")).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


async def test_who_works_on_it_stands_on_the_page_and_in_the_list_and_may_be_changed(office: Office) -> None:
    li = await office.hire("li", name="李晓梅")
    wang = await office.hire("wang", name="王芳")
    boss = await office.hire("boss", Role.SUPERVISOR)
    await office.hire("far", name="远处", scope=Scope(regions=frozenset({"430300"})))
    case = await office.file_of(await office.waiting("你好"))
    async with office.browser("li") as client:
        assert "经办人 还没有" in await shown(client, case)
        await post(client, case, "steps")
        page = await shown(client, case)
        assert "经办人 李晓梅" in page
        assert "远处" not in page
        assert (await post(client, case, "handler")).status_code == 422
    async with office.browser("wang") as client:
        assert "谁来办 我来办 换" in await shown(client, case)
        refused = await post(client, case, "handler", handler=boss.id)
        assert (refused.status_code, "自己接过来" in refused.text) == (403, True)
        await post(client, case, "handler", handler=wang.id)
        assert "经办人 王芳 王芳" in await shown(client, case)
        assert "· 王芳" in words((await client.get("/desk/cases?mine=1")).text)
    async with office.browser("boss") as client:
        assert (await post(client, case, "handler", handler=li.id)).status_code == 303
    assert (boss.id, "case.handler") in await office.audited(case.id)


async def test_what_she_asks_a_colleague_for_is_noted_once(office: Office) -> None:
    await office.hire("li", name="李晓梅")
    case = await office.file_of(await office.waiting("你好"))
    async with office.browser("li") as client:
        await post(client, case, "referrals", words="想请律师")
        again = await post(client, case, "referrals")
        page = await shown(client, case)
        listed = words((await client.get("/desk/cases?referral=legal_aid")).text)
    assert again.status_code == 409
    assert "请求 法律援助 想请律师 李晓梅" in page
    assert case.number in listed


async def test_who_saw_the_case_as_it_was_before_is_asked_to_look_again(office: Office) -> None:
    li = await office.hire("li")
    case = await office.file_of(await office.waiting("你好"))
    async with office.browser("li") as client:
        assert 'name="seen" value="registered"' in (await client.get(f"/desk/cases/{case.id}")).text
        await step(office, case, li, CaseStep(CaseStatus.ACCEPTED))
        late = {"status": "forwarded", "agency": "police", "seen": "registered"}
        refused = await post(client, case, "steps", **late)
    assert (refused.status_code, "请看最新情况" in refused.text) == (409, True)


# --- who may ------------------------------------------------------------------------------------------------------


def test_every_route_is_tried_here() -> None:
    found = {route.path for route in case_pages.routes.routes if isinstance(route, APIRoute)}
    paths = {f"/desk/cases/{{case_id}}/{path.replace(VISIT, '{visit_id}')}" for path in FORMS}
    assert found == paths | {"/desk/cases", "/desk/cases/{case_id}"}


async def test_nobody_and_no_stranger_reads_or_changes_a_case(office: Office) -> None:
    await office.hire("zhou", Role.CONTENT)
    await office.hire("far", Role.SUPERVISOR, Scope(regions=frozenset({"430300"})))
    case = await office.file_of(await office.waiting("你好", account_id="changsha"))
    async with office.visitor() as client:
        for answer in [await client.get(f"/desk/cases/{case.id}"), *[await post(client, case, path) for path in FORMS]]:
            assert answer.headers["location"].startswith("/sign-in")
    for who, expected in (("zhou", {403, 404}), ("far", {404})):
        async with office.browser(who) as client:
            got = {(await client.get(f"/desk/cases/{case.id}")).status_code}
            got |= {(await post(client, case, path)).status_code for path in FORMS}
            assert got <= expected
            listed = await client.get("/desk/cases")
        assert numbers(listed.text) == []
    assert await office.audited(case.id) == []


async def test_nothing_is_done_without_the_csrf_token(office: Office) -> None:
    await office.hire("boss", Role.SUPERVISOR)
    case = await office.file_of(await office.waiting("你好"))
    async with office.browser("boss") as client:
        del client.headers["X-CSRF-Token"]
        assert {(await post(client, case, path)).status_code for path in FORMS} == {403}
    assert await office.audited(case.id) == []


async def test_a_visit_of_another_case_is_not_there(office: Office) -> None:
    li = await office.hire("li")
    mine = await office.file_of(await office.waiting("1"))
    hers = await office.file_of(await office.waiting("2"))
    day = office.clock.now().date() + timedelta(days=3)
    visit: Visit = await cases.plan_visit(hers.id, day, "她说下午", li, office.units, office.clock)
    async with office.browser("li") as client:
        answer = await client.post(f"/desk/cases/{mine.id}/visits/{visit.id}", data={"status": "refused"})
    assert answer.status_code == 404


def test_all_our_codes_have_words() -> None:
    assert set(wording.AGENCIES) == set(Agency)
    assert set(wording.DEADLINES) == set(wording.DEADLINE_SOURCES) == set(DeadlineKind)
    assert set(wording.ENTRIES) == set(EntryKind)
    assert set(wording.VISITS) == set(VisitStatus)
    assert set(wording.OUTCOMES) == set(Outcome)
    assert set(wording.RISKS) == set(RISKS)
    assert set(wording.QUESTIONS) == set(Question)
    assert set(wording.VERDICTS) == set(Verdict)
    assert set(wording.CALL_BACKS) == {"asked", "open", "late", *CallOutcome}
