"""Every robot is told of every alert at least once while it stands, gathered, and no more often than it takes."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from time import process_time

import pytest

from bot.alerting import Robots, Teller, Wording
from bot.alerting.robots import MAX_BYTES
from bot.alerting.words import Called
from bot.conversation.accounts import Account, Accounts
from bot.conversation.alerts import Alert, AlertKind, AlertRobot, Telling
from bot.conversation.levels import Level
from bot.conversation.repositories import UnitOfWork
from tests.contract.alerting.conftest import Platform
from tests.doubles.clock import SettableClock
from tests.doubles.memory_store import MemoryUnits

TOO_OFTEN = (200, json.dumps({"errcode": 45009, "errmsg": "api freq out of limit"}))
DESK = "https://desk.example"


class Groups:
    """Two accounts with their groups, and a house that raises alerts."""

    def __init__(self, hunan: Sequence[AlertRobot], changsha: Sequence[AlertRobot] = ()) -> None:
        self.clock, self.units, self.robots = SettableClock(), MemoryUnits(), Robots()
        made = (("hunan", "湖南妇联", "430000", hunan), ("changsha", "长沙妇联", "430100", changsha))
        self.accounts: Accounts = {
            account_id: Account(account_id, name, region, "", "", "", "", alert_robots=tuple(robots))
            for account_id, name, region, robots in made
        }
        self.on_call: list[str] = []
        self.supervisors: list[str] = []
        self.teller = self.another()

    def another(self) -> Teller:
        """One in another process."""
        wording = Wording(self.accounts, {"430000": "湖南省", "430100": "长沙市"}.__getitem__, DESK)

        async def names(uow: UnitOfWork, account_id: str, region: str, now: datetime) -> list[str]:
            return self.on_call

        async def supervisors(uow: UnitOfWork, account_id: str, region: str, now: datetime) -> list[str]:
            return self.supervisors

        return Teller(self.units, self.robots, self.clock, self.accounts, wording, names, supervisors)

    async def raises(
        self,
        name: str,
        level: Level = Level.HIGH,
        account_id: str = "hunan",
        minutes: int = 12,
        kind: AlertKind = AlertKind.WAITING_LATE,
    ) -> Alert:
        now = self.clock.now()
        since = now - timedelta(minutes=minutes)
        alert = Alert(name, kind, name, account_id, "430100", since, now, level)
        async with self.units() as uow:
            await uow.alerts.raise_(alert)
            await uow.commit()
        return alert

    async def clears(self, alert: Alert) -> None:
        async with self.units() as uow:
            await uow.alerts.clear(alert.kind, alert.subject, self.clock.now())
            await uow.commit()

    async def live(self, seconds: int) -> int:
        """So many seconds with a round in each; returns how many messages were taken."""
        told = 0
        for _ in range(seconds):
            self.clock.advance(timedelta(seconds=1))
            told += await self.teller.tell_due()
        return told


@pytest.fixture
async def groups(platform: Platform) -> AsyncIterator[Groups]:
    groups = Groups([platform.wecom()])
    yield groups
    await groups.robots.close()


async def test_an_alert_is_told_at_once_and_once(groups: Groups, platform: Platform) -> None:
    groups.on_call = ["张三", "李四"]
    await groups.raises("a", Level.CRITICAL, minutes=3)
    assert await groups.teller.tell_due() == 1
    assert await groups.live(700) == 0
    assert platform.texts == [
        "【娘家】有件事等着处理\n紧急｜湖南妇联·长沙市｜等人接入，没有人接（已 3 分钟）\n值守：张三、李四\n"
        f"打开工作台：{DESK}/desk/alerts"
    ]
    assert platform.heard[0]["text"]["mentioned_list"] == ["@all"]
    (telling,) = groups.units.kept(Telling)
    assert telling.told_at is not None


async def test_what_is_very_late_names_the_nearest_supervisors_and_nobody_else_is_added(
    groups: Groups, platform: Platform
) -> None:
    groups.supervisors = ["王芳", "刘洋", "周静", "吴敏"]
    await groups.raises("a")
    await groups.raises("c", minutes=40, kind=AlertKind.WAITING_VERY_LATE)
    await groups.live(10)
    await groups.raises("b")
    await groups.live(10)
    very_late, late = platform.texts
    assert "\n督导：王芳、刘洋、周静\n" in very_late
    assert "督导" not in late


async def test_several_are_gathered_into_one_message_the_most_urgent_first(groups: Groups, platform: Platform) -> None:
    await groups.raises("a", Level.NORMAL, minutes=70)
    await groups.raises("b", Level.CRITICAL, minutes=1)
    await groups.raises("c", Level.HIGH)
    assert await groups.live(20) == 1
    (text,) = platform.texts
    head, *lines, foot = text.split("\n")
    assert head == "【娘家】3 件事等着处理"
    assert [line.partition("｜")[0] for line in lines] == ["紧急", "重要", "一般"]
    assert foot == f"打开工作台：{DESK}/desk/alerts"


async def test_a_flood_stays_below_what_a_robot_takes(groups: Groups, platform: Platform) -> None:
    told = 0
    for number in range(60):
        for place in range(3):
            await groups.raises(f"{number}-{place}", Level.CRITICAL)
        told += await groups.live(1)
    told += await groups.live(10)
    assert told == len(platform.heard)
    assert 10 <= told <= 18
    assert all(len(text.encode()) <= 2048 for text in platform.texts)
    assert len({telling.alert_id for telling in groups.units.kept(Telling) if telling.told_at}) == 180


async def test_a_hundred_at_once_fit_into_one_message(groups: Groups, platform: Platform) -> None:
    for number in range(100):
        await groups.raises(f"a{number}")
    assert await groups.live(10) == 1
    (text,) = platform.texts
    assert len(text.encode()) <= 2048
    shown = text.count("等人接入")
    assert f"还有 {100 - shown} 件，请到工作台看" in text


async def test_what_was_not_taken_is_told_again_later_and_later(groups: Groups, platform: Platform) -> None:
    platform.answers = [(502, ""), (200, '{"errcode": false}'), (200, "")]
    await groups.raises("a")
    tried = []
    for second in range(60):
        await groups.live(1)
        if platform.requests > len(tried):
            tried.append(second)
    assert [later - earlier for earlier, later in pairwise(tried)] == [5, 15, 30]
    assert len(platform.heard) == 1


async def test_a_robot_that_was_told_too_often_is_left_alone_for_a_while(groups: Groups, platform: Platform) -> None:
    platform.answers = [TOO_OFTEN]
    await groups.raises("a")
    await groups.live(5)
    await groups.raises("b")
    assert await groups.live(50) == 0
    assert await groups.live(20) == 1
    assert "2 件事" in platform.texts[0]


async def test_what_is_over_before_it_could_be_told_is_not_told_any_more(groups: Groups, platform: Platform) -> None:
    platform.answers = [(502, "")]
    alert = await groups.raises("a")
    await groups.live(2)
    await groups.clears(alert)
    assert await groups.live(60) == 0
    await groups.raises("a", minutes=1)
    assert await groups.live(10) == 1


async def test_another_process_goes_on_where_one_died(groups: Groups, platform: Platform) -> None:
    await groups.raises("a")
    async with groups.units() as uow:  # the try was noted, then the process was killed
        now = groups.clock.now()
        await uow.alerts.take(platform.wecom().id, ["hunan"], now, now + timedelta(seconds=30))
        await uow.commit()
    groups.teller = groups.another()
    assert await groups.live(25) == 0
    assert await groups.live(10) == 1


async def test_each_group_is_told_of_its_own_accounts_and_one_bad_robot_keeps_nobody_waiting(
    platform: Platform,
) -> None:
    shared = platform.wecom("省里的群")
    groups = Groups([shared, platform.wecom("错的", key="wrong")], [platform.dingtalk(), replace(shared, name="省")])
    await groups.raises("a", account_id="changsha")
    await groups.raises("b", account_id="hunan")
    assert await groups.live(20) == 2
    by_kind = {"at" in message: message["text"]["content"] for message in platform.heard}
    assert "湖南妇联" not in by_kind[True]
    assert "长沙妇联" in by_kind[True]
    assert "湖南妇联" in by_kind[False]
    assert "长沙妇联" in by_kind[False]
    troubles = {telling.trouble for telling in groups.units.kept(Telling)}
    assert troubles == {None, "93000"}
    await groups.robots.close()


async def test_a_single_alert_links_to_what_it_is_about(groups: Groups) -> None:
    alert = await groups.raises("a")
    wording, now = groups.teller.wording, groups.clock.now()
    talk, case = replace(alert, conversation_id="c1"), replace(alert, case_id="k1", level=None)
    assert wording.say([talk], Called(), now).endswith(f"{DESK}/desk/conversations/c1")
    assert wording.say([case], Called(), now).endswith(f"{DESK}/desk/cases/k1")
    assert wording.say([talk, case], Called(), now).endswith(f"{DESK}/desk/alerts")


async def test_a_clock_that_was_set_back_silences_no_group(groups: Groups, platform: Platform) -> None:
    await groups.raises("a")
    assert await groups.teller.tell_due() == 1
    groups.clock.advance(timedelta(hours=-1))
    await groups.raises("b", Level.CRITICAL)
    assert await groups.live(10) == 1
    assert "紧急" in platform.texts[-1]


def test_thousands_of_alerts_are_one_message_that_is_found_at_once() -> None:
    now = SettableClock().now()
    alerts = [
        Alert(str(number), AlertKind.WAITING_LATE, str(number), "hunan", "430100", now, now, Level.HIGH)
        for number in range(5000)
    ]
    begun = process_time()
    text = Wording({}, {"430100": "长沙市"}.__getitem__, DESK).say(alerts, Called(), now)
    assert process_time() - begun < 1
    assert text.startswith("【娘家】5000 件事等着处理")
    assert "还有" in text
    assert MAX_BYTES - 100 < len(text.encode()) <= MAX_BYTES
