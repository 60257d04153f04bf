"""Alerts on the desk: a banner for those whom they concern, a page, and plain words for who lost a conversation."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot import handoff
from bot.conversation.alerts import AlertKind, AlertRobot, RobotKind
from bot.conversation.conversations import Conversation
from bot.conversation.levels import Level
from bot.conversation.staff import Role, Scope, Staff
from tests.doubles.office import ACCOUNTS, Office
from tests.sites.console.pages import words
from tests.sites.console.watching import look, raised, vanish

GROUP = AlertRobot("值班群", RobotKind.WECOM, "https://robots.example/cgi-bin/webhook/send?key=k")


async def banner(office: Office, username: str) -> str:
    async with office.browser(username) as client:
        page = (await client.get("/desk")).text
        fragment = (await client.get("/desk/alerts/banner")).text
    _, _, rest = page.partition('<section id="alerts"')
    assert words("<" + rest.partition("</section>")[0]) == words("<" + fragment.partition("<section ")[2])
    return words(fragment)


async def test_who_waits_too_long_stands_in_the_banner_with_a_link(office: Office) -> None:
    await office.hire("li")
    talk = await office.waiting("在吗", level=Level.HIGH, minutes=12)
    await office.waiting("在吗", level=Level.HIGH, minutes=2)
    await look(office)
    shown = await banner(office, "li")
    assert "1 件事要看" in shown
    assert "等人接入，没有人接" in shown
    assert "湖南省 · 湖南女性之声 · 已 12分钟" in shown
    async with office.browser("li") as client:
        assert f'href="/desk/conversations/{talk.id}"' in (await client.get("/desk/alerts/banner")).text


async def test_what_is_very_late_is_not_shown_twice(office: Office) -> None:
    await office.hire("li")
    await office.waiting("在吗", level=Level.HIGH, minutes=42)
    await look(office)
    shown = await banner(office, "li")
    assert "1 件事要看" in shown
    assert "等人接入太久了" in shown


async def test_the_banner_ends_when_somebody_takes_it(office: Office) -> None:
    li = await office.hire("li")
    talk = await office.waiting("在吗", level=Level.HIGH, minutes=12)
    await look(office)
    await handoff.claim(talk.id, li, office.ports.handoff)
    await look(office)
    assert "件事要看" not in await banner(office, "li")


async def test_another_city_is_not_bothered(office: Office) -> None:
    await office.hire("li", scope=Scope(regions=frozenset({"430300"})))
    await raised(office)
    assert await banner(office, "li") == ""


async def test_the_page_says_what_since_when_and_whether_the_groups_were_told(office: Office) -> None:
    office.site.state.console = replace(
        office.ports, accounts={**ACCOUNTS, "changsha": replace(ACCOUNTS["changsha"], alert_robots=(GROUP,))}
    )
    await office.hire("boss", Role.SUPERVISOR)
    told, failed = await raised(office, level=Level.HIGH), await raised(office)
    for number in range(2):
        await raised(office, kind=AlertKind.VISIT_DUE, account_id="hunan", case_id=f"k{number}")
    now = office.clock.now()
    async with office.units() as uow:
        await uow.alerts.clear(failed.kind, failed.subject, now)
        await uow.alerts.take(GROUP.id, ["changsha"], now, now)
        await uow.alerts.settle(GROUP.id, now, True, None, now)
        await uow.commit()
    assert told.cleared_at is None
    async with office.browser("boss") as client:
        page = words((await client.get("/desk/alerts")).text)
    assert "提醒 3 件要看" in page
    assert "重要 办件超过期限 长沙市 · 长沙市妇联" in page
    assert "值班群：今天 09:05 通知了" in page
    assert "今天要回访" in page
    assert page.count("没有设置通知群") == 1
    assert "没有设置通知群：湖南女性之声。" in page
    assert "一天里处理了的" in page
    assert "值班群：没来得及通知就处理完了" in page


async def test_a_group_that_could_not_be_told_is_shown_with_the_reason(office: Office) -> None:
    office.site.state.console = replace(
        office.ports, accounts={**ACCOUNTS, "changsha": replace(ACCOUNTS["changsha"], alert_robots=(GROUP,))}
    )
    await office.hire("li")
    await raised(office)
    now = office.clock.now()
    async with office.browser("li") as client:
        assert "值班群：马上通知" in (await client.get("/desk/alerts")).text
        async with office.units() as uow:
            await uow.alerts.take(GROUP.id, ["changsha"], now, now)
            await uow.alerts.settle(GROUP.id, now, False, "45009", now)
            await uow.commit()
        assert "值班群：没发出去，发得太频繁，平台要求等一等。会再试" in (await client.get("/desk/alerts")).text


async def test_without_anything_the_page_says_so(office: Office) -> None:
    await office.hire("li")
    async with office.browser("li") as client:
        assert "没有人等得太久" in (await client.get("/desk/alerts")).text


# --- who vanishes -----------------------------------------------------------------------------------------------


async def taken(office: Office, staff: Staff) -> Conversation:
    talk = await office.waiting("在吗", level=Level.CRITICAL)
    await handoff.claim(talk.id, staff, office.ports.handoff)
    return talk


async def test_who_comes_back_sees_plainly_what_was_given_back(office: Office) -> None:
    li, wang = await office.hire("li"), await office.hire("wang", name="王芳")
    talk = await taken(office, li)
    await vanish(office)
    shown = await banner(office, "li")
    assert "您的页面断开过，有 1 条会话已放回等候" in shown
    assert "还在等人接入" in shown
    assert "断开过" not in await banner(office, "wang")
    async with office.browser("li") as client:
        page = (await client.get(f"/desk/conversations/{talk.id}")).text
        assert "您的页面断开了一分多钟，这条会话在今天" in page
        assert 'id="reply"' not in page
    await handoff.claim(talk.id, wang, office.ports.handoff)
    assert "同事已接入" in await banner(office, "li")
    async with office.browser("wang") as client:
        assert "您的页面断开了" not in (await client.get(f"/desk/conversations/{talk.id}")).text


async def test_who_takes_it_again_is_told_no_more(office: Office) -> None:
    li = await office.hire("li")
    talk = await taken(office, li)
    await vanish(office)
    await handoff.claim(talk.id, li, office.ports.handoff)
    assert "断开过" not in await banner(office, "li")


async def test_a_page_that_tells_of_itself_keeps_what_she_holds(office: Office) -> None:
    li = await office.hire("li")
    talk = await taken(office, li)
    async with office.browser("li") as client:
        for _ in range(10):
            await vanish_for_half_a_minute(office)
            assert (await client.get("/desk/here")).status_code == 204
    async with office.units() as uow:
        assert (await uow.conversations.get(talk.id)).owner == li.id


async def vanish_for_half_a_minute(office: Office) -> None:
    for _ in range(6):
        office.clock.advance(timedelta(seconds=5))
        await office.leases.hear()
        assert await office.leases.gone([]) == frozenset()


async def test_a_program_stays_by_its_calls(office: Office) -> None:
    li = await office.hire("li")
    async with office.program("li") as client:
        for _ in range(5):
            await vanish_for_half_a_minute(office)
            await client.get("/api/v1/queue")
    assert await office.leases.gone([li.id]) == frozenset()
    for _ in range(2):
        await vanish_for_half_a_minute(office)
    assert await office.leases.gone([li.id]) == {li.id}


async def test_a_page_that_tells_of_itself_puts_off_no_end_of_a_sign_in(office: Office) -> None:
    await office.hire("li")
    async with office.browser("li") as client:
        for _ in range(61):
            office.clock.advance(timedelta(minutes=1))
            answer = await client.get("/desk/here")
        assert answer.status_code == 303
