"""Tells the robots of what stands, at least once each, from SQL: a restart forgets nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from prometheus_client import Counter

from bot.alerting.robots import Answer, Robots
from bot.alerting.words import Called, Wording, calls_everybody
from bot.conversation.accounts import Accounts
from bot.conversation.alerts import VERY_LATE, Alert, AlertRobot, Taken, Telling
from bot.conversation.clock import Clock
from bot.conversation.errors import NiangjiaError
from bot.conversation.repositories import UnitOfWork, UnitsOfWork

log = structlog.get_logger(__name__)

ROUND_EVERY_S = 2.0

GATHER = timedelta(seconds=4)
"""After a message to a robot the next one gathers what comes meanwhile: 15 a minute, where both platforms take 20."""

LEASE = timedelta(seconds=30)
"""How long a try is left to a process that may have died; a send takes eight seconds at most."""

BACK_OFF = (5, 15, 30, 60, 120, 300)
"""Seconds until the next try; the last one goes on for as long as the alert stands."""

# WeCom counts by the minute, DingTalk is silent for ten, and 90030 says that a month's messages are used up.
_TOO_OFTEN = {"45009": timedelta(minutes=1), "130101": timedelta(minutes=10), "410100": timedelta(minutes=10)}
_TOO_OFTEN["90030"] = timedelta(hours=1)

_TOLD = Counter("niangjia_alert_messages_total", "messages to robots in groups of staff", ["platform", "result"])

Names = Callable[[UnitOfWork, str, str, datetime], Awaitable[Sequence[str]]]
"""The names of those who are to be called for an account and a region."""


@dataclass(frozen=True, slots=True)
class Errand:
    """One message to one robot: what it is about, when it was taken, and who is named in it."""

    robot: AlertRobot
    taken: tuple[Taken, ...]
    at: datetime
    called: Called

    @property
    def alerts(self) -> list[Alert]:
        """What it is about."""
        return [one.alert for one in self.taken]


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells for as long as the process lives; several may run, each try is taken by one."""

    units: UnitsOfWork
    robots: Robots
    clock: Clock
    accounts: Accounts
    wording: Wording
    on_call: Names
    supervisors: Names

    async def run(self, stop: asyncio.Event) -> None:
        """Tell until `stop` is set; without any robot there is nothing to do but to wait for it."""
        if not self._groups():
            await stop.wait()
        while not stop.is_set():
            try:
                await self.tell_due()
            except NiangjiaError as error:
                log.warning("alerts not told", error=type(error).__name__)
            await asyncio.sleep(ROUND_EVERY_S)

    async def tell_due(self) -> int:
        """Tell every robot what it is time to tell it; returns how many were told. Raises StoreUnavailable."""
        errands = await self._take()
        return sum(await asyncio.gather(*(self._run(errand) for errand in errands)))

    def _groups(self) -> list[tuple[AlertRobot, frozenset[str]]]:
        """Each robot once, with the accounts of which it is told."""
        robots = {robot.id: robot for account in self.accounts.values() for robot in account.alert_robots}
        heard = {
            robot_id: frozenset(
                account.id
                for account in self.accounts.values()
                if any(robot.id == robot_id for robot in account.alert_robots)
            )
            for robot_id in robots
        }
        return [(robot, heard[robot.id]) for robot in robots.values()]

    async def _take(self) -> list[Errand]:
        """Note the tries that are due before anything leaves the house."""
        now, errands = self.clock.now(), []
        async with self.units() as uow:
            for robot, account_ids in self._groups():
                if not _must_be_silent(await uow.alerts.last_try(robot.id), now):
                    taken = await uow.alerts.take(robot.id, account_ids, now, now + LEASE)
                    if taken:
                        errands.append(Errand(robot, tuple(taken), now, await self._called(uow, taken, now)))
            if errands:
                await uow.commit()
        return errands

    async def _called(self, uow: UnitOfWork, taken: Sequence[Taken], now: datetime) -> Called:
        async def of(names: Names, alerts: Sequence[Alert]) -> tuple[str, ...]:
            found: dict[str, None] = {}
            for account_id, region in dict.fromkeys((one.account_id, one.region) for one in alerts):
                found |= dict.fromkeys(await names(uow, account_id, region, now))
            return tuple(found)

        alerts = [one.alert for one in taken]
        very_late = [one for one in alerts if one.kind in VERY_LATE]
        return Called(await of(self.on_call, alerts), await of(self.supervisors, very_late))

    async def _run(self, errand: Errand) -> bool:
        robot, now = errand.robot, self.clock.now()
        text = self.wording.say(errand.alerts, errand.called, now)
        answer = await self.robots.send(robot, text, now, calls_everybody=calls_everybody(errand.alerts))
        _TOLD.labels(robot.kind, "told" if answer.told else "failed").inc()
        if not answer.told:
            log.warning("robot did not take alerts", robot=robot.id, platform=robot.kind, trouble=answer.trouble)
        next_try = self.clock.now() + _pause(errand, answer)
        try:
            async with self.units() as uow:
                await uow.alerts.settle(robot.id, errand.at, answer.told, answer.trouble, next_try)
                await uow.commit()
        except NiangjiaError as error:  # its lease ends, and it is told once more
            log.warning("telling not written", robot=robot.id, error=type(error).__name__)
        return answer.told


def _must_be_silent(last: Telling | None, now: datetime) -> bool:
    """Whether this robot has just spoken, or its platform wants to be left alone."""
    if last is None:
        return False
    # a clock that was set back must not silence a robot until it has caught up
    return abs(now - last.tried_at) < GATHER or (last.trouble in _TOO_OFTEN and last.next_try_at > now)


def _pause(errand: Errand, answer: Answer) -> timedelta:
    """Until the next try: by the newest of what was tried, the others are only later for it."""
    tries = min(one.tries for one in errand.taken)
    pause = timedelta(seconds=BACK_OFF[min(tries, len(BACK_OFF)) - 1])
    return max(pause, _TOO_OFTEN.get(answer.trouble or "", pause))
