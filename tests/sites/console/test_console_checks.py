"""The supervisors' check at the desk: the list, the form, and what the colleague sees of it."""

from __future__ import annotations

import re

import httpx

from bot import cases
from bot.conversation.case_work import CaseStep
from bot.conversation.cases import Case, CaseStatus
from bot.conversation.conversations import Conversation
from bot.conversation.levels import Level
from bot.conversation.staff import Role, Scope, Staff
from tests.doubles.office import Office
from tests.sites.console.pages import words

GOOD = {**dict.fromkeys(("safety", "law", "promises", "deadlines", "tone"), "good"), "passed": "true", "words": ""}


async def archived(office: Office, by: Staff, talk: Conversation | None = None) -> Case:
    case = await office.file_of(talk or await office.waiting("你好"))
    for status in (CaseStatus.ACCEPTED, CaseStatus.HANDLED, CaseStatus.ANSWERED, CaseStatus.ARCHIVED):
        case = await cases.advance(case.id, CaseStep(status, "已答复"), by, office.units, office.clock)
    return case


async def judge(client: httpx.AsyncClient, case: Case, **changes: str) -> httpx.Response:
    return await client.post(f"/desk/cases/{case.id}/check", data={**GOOD, **changes})


async def test_what_is_to_be_checked_stands_by_level_and_the_oldest_first(office: Office) -> None:
    li, boss = await office.hire("li"), await office.hire("boss", Role.SUPERVISOR)
    levels = (Level.NORMAL, Level.CRITICAL, Level.NORMAL, Level.CRITICAL)
    found = [
        await archived(office, li, await office.waiting("1", level=one, minutes=9 - n)) for n, one in enumerate(levels)
    ]
    own = await archived(office, boss)
    async with office.browser("boss") as client:
        page = (await client.get("/desk/checks")).text
        await judge(client, found[1])
        after = words((await client.get("/desk/checks")).text)
    wanted = [found[1], found[3], own, found[0], found[2]]
    assert re.findall(r'<span class="number">(\S+)</span>', page) == [case.number for case in wanted]
    assert "还有 5 件没检查" in words(page)
    assert words(page).count("您办过，请别人查") == 1
    assert "还有 4 件没检查" in after


async def test_the_colleague_sees_the_judgement_on_the_case(office: Office) -> None:
    li = await office.hire("li")
    boss = await office.hire("boss", Role.SUPERVISOR, name="周主任")
    case = await archived(office, li)
    async with office.browser("boss") as client:
        assert (await judge(client, case, tone="better")).status_code == 422
        assert (await judge(client, case, safety="wrong", words="没问安全")).status_code == 422
        assert (await judge(client, case, safety="wrong", words="没问安全", passed="false")).status_code == 303
        assert (await judge(client, case)).status_code == 409
    async with office.browser("li") as client:
        page = words((await client.get(f"/desk/cases/{case.id}")).text)
        listed = words((await client.get("/desk/cases")).text)
    assert "督导检查 没有通过 安全放在第一 有问题 法律说得对 好" in page
    assert "没问安全 周主任" in page
    assert "检查没通过" in listed
    assert (boss.id, "case.check") in await office.audited(case.id)


async def test_nobody_is_offered_the_check_of_her_own_work(office: Office) -> None:
    boss = await office.hire("boss", Role.SUPERVISOR)
    case = await archived(office, boss)
    async with office.browser("boss") as client:
        page = (await client.get(f"/desk/cases/{case.id}")).text
        refused = await judge(client, case)
    assert "您办过这一件，要请别的督导来检查。" in words(page)
    assert f"/desk/cases/{case.id}/check" not in page
    assert (refused.status_code, "您办过这一件" in refused.text) == (409, True)


async def test_operators_and_strangers_do_not_check(office: Office) -> None:
    li = await office.hire("li")
    await office.hire("wang")
    await office.hire("far", Role.SUPERVISOR, Scope(regions=frozenset({"430300"})))
    case = await archived(office, li)
    async with office.browser("wang") as client:
        assert (await client.get("/desk/checks")).status_code == 404
        assert (await judge(client, case)).status_code == 404
        assert "督导检查" not in words((await client.get(f"/desk/cases/{case.id}")).text)
    async with office.browser("far") as client:
        assert "还有 0 件没检查" in words((await client.get("/desk/checks")).text)
        assert (await judge(client, case)).status_code == 404


async def test_the_report_counts_the_checks(office: Office) -> None:
    li = await office.hire("li")
    await office.hire("boss", Role.SUPERVISOR)
    first, second = await archived(office, li), await archived(office, li)
    await archived(office, li)
    async with office.browser("boss") as client:
        await judge(client, first)
        await judge(client, second, tone="wrong", words="太凶", passed="false")
        page = words((await client.get("/desk/reports")).text)
    assert "督导检查（已归档的） 件数 通过 1 没有通过 1 还没检查 1" in page


async def test_what_does_not_pass_comes_back_to_its_colleague_at_sign_in_and_is_checked_again(office: Office) -> None:
    li = await office.hire("li", name="李晓梅")
    await office.hire("wang")
    await office.hire("boss", Role.SUPERVISOR, name="周主任")
    case = await archived(office, li)
    fault = {"law": "wrong", "words": "保护令不收费", "passed": "false"}
    async with office.browser("boss") as client:
        await judge(client, case, **fault)
        checks = words((await client.get("/desk/checks")).text)
        back = words((await client.get("/desk/cases?status=reopened")).text)
    assert "还有 0 件没检查" in checks
    assert f"{case.number} 重要 家庭暴力 重新办理" in back
    assert "检查没通过 · 李晓梅" in back
    async with office.browser("wang") as client:
        assert "要重新办理" not in words((await client.get("/desk")).text)
    async with office.browser("li") as client:
        desk = words((await client.get("/desk")).text)
        todo = words((await client.get("/desk/cases")).text)
        page = words((await client.get(f"/desk/cases/{case.id}")).text)
        step = {"status": "archived", "seen": "reopened"}
        lacking = await client.post(f"/desk/cases/{case.id}/steps", data=step)
        done = await client.post(f"/desk/cases/{case.id}/steps", data=step | {"words": "已更正"})
        after = words((await client.get("/desk/alerts/banner")).text)
    assert f"您经办的办件，有 1 件要重新办理 重要 {case.number} 家庭暴力" in desk
    assert "检查没通过，退回给您" in desk
    assert f"{case.number} 重要 家庭暴力 检查没通过，重新办理" in todo
    assert "退回给 李晓梅 ：要跟她再说的" in page or "退回给 李晓梅：要跟她再说的" in page
    assert "督导检查（已归档 → 重新办理） 保护令不收费" in page
    assert (lacking.status_code, done.status_code) == (422, 303)
    assert "要重新办理" not in after
    async with office.browser("boss") as client:
        listed = words((await client.get("/desk/checks")).text)
        page = words((await client.get(f"/desk/cases/{case.id}")).text)
        assert (await judge(client, case)).status_code == 303
        passed = words((await client.get(f"/desk/cases/{case.id}")).text)
    assert "上次没通过，改过了" in listed
    assert "改过、又归档了，等着再查一次。" in page
    assert "重新办理 → 已归档 已更正 李晓梅" in page
    assert "督导检查 通过" in passed
    assert "等着再查" not in passed
