"""Alerts in memory, and how exchanges stand."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.conversation.alerts import Alert, AlertKind, Taken, Telling
from bot.conversation.handoffs import Handoff, HandoffStatus, Waits
from bot.conversation.levels import Level
from bot.conversation.messages import Author, Exchange, Message
from tests.doubles.memory_tables import Work


class MemoryAlerts:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def raise_(self, alert: Alert) -> bool:
        known = self._of(alert.kind, alert.subject)
        if known is None:
            self._work.add(alert)
            return True
        if known.cleared_at is None and (known.level, known.region) == (alert.level, alert.region):
            return False
        begun = alert if known.cleared_at is not None else replace(known, level=alert.level, region=alert.region)
        self._work.save(replace(begun, id=known.id))
        for telling in self._work.all(Telling):
            if telling.alert_id == known.id:
                self._work.remove(telling)
        return True

    async def clear(self, kind: AlertKind, subject: str, at: datetime) -> bool:
        known = self._of(kind, subject)
        if known is None or known.cleared_at is not None:
            return False
        self._work.save(replace(known, cleared_at=at))
        return True

    async def standing(self, *kinds: AlertKind) -> list[Alert]:
        standing = [one for one in self._work.all(Alert) if one.cleared_at is None and (not kinds or one.kind in kinds)]
        return sorted(standing, key=lambda one: (one.raised_at, one.id))

    async def no_longer_waiting(self, *kinds: AlertKind) -> list[Alert]:
        asked = {one.id: one for one in self._work.all(Handoff)}

        def waits(alert: Alert) -> bool:
            handoff = asked[alert.subject]
            return handoff.status is HandoffStatus.WAITING and handoff.waits_since <= alert.since

        return [alert for alert in await self.standing(*kinds) if not waits(alert)]

    async def take(self, robot: str, account_ids: Collection[str], now: datetime, until: datetime) -> list[Taken]:
        taken = []
        for alert in await self.standing():
            known = self._work.find(Telling, f"{alert.id} {robot}")
            waits = known is not None and (known.told_at is not None or known.next_try_at > now)
            if alert.account_id in account_ids and not waits:
                tries = 1 if known is None else known.tries + 1
                trouble = None if known is None else known.trouble
                self._work.put(Telling(alert.id, robot, now, until, tries, trouble=trouble))
                taken.append(Taken(alert, tries))
        return taken

    async def settle(self, robot: str, tried_at: datetime, told: bool, trouble: str | None, next_try: datetime) -> None:
        for one in self._work.all(Telling):
            if (one.robot, one.tried_at) == (robot, tried_at):
                told_at = tried_at if told else None
                self._work.save(replace(one, told_at=told_at, trouble=trouble, next_try_at=next_try))

    async def last_try(self, robot: str) -> Telling | None:
        tries = [one for one in self._work.all(Telling) if one.robot == robot]
        return max(tries, key=lambda one: one.tried_at, default=None)

    def _of(self, kind: AlertKind, subject: str) -> Alert | None:
        return next((one for one in self._work.all(Alert) if (one.kind, one.subject) == (kind, subject)), None)


def exchange_of(said: Sequence[Message]) -> Exchange:
    """How the exchange with operators stands after these messages."""
    replies = [place for place, message in enumerate(said) if message.author is Author.OPERATOR]
    since = said[replies[-1] + 1 :] if replies else said
    unread = (message.at for message in since if message.author is Author.CONTACT)
    return Exchange(max((said[place].at for place in replies), default=None), min(unread, default=None))


def late_ones(
    work: Work, before: Mapping[Level, datetime], kind: AlertKind, without: Collection[str], limit: int
) -> list[Handoff]:
    """See `repositories.Handoffs.late`."""
    standing = (one for one in work.all(Alert) if one.kind is kind and one.cleared_at is None)
    told = {(one.subject, one.level, one.region) for one in standing}
    waiting = [
        one for one in work.all(Handoff) if one.status is HandoffStatus.WAITING and one.account_id not in without
    ]
    too_long = (one for one in waiting if one.waits_since <= before[one.level])
    late = [one for one in too_long if (one.id, one.level, one.region) not in told]
    return sorted(late, key=lambda one: (-one.level.rank, one.waits_since))[:limit]


def waits_by_level(work: Work, without: Collection[str]) -> Mapping[Level, Waits]:
    """See `repositories.Handoffs.waits`."""
    waits: dict[Level, Waits] = {}
    for one in work.all(Handoff):
        if one.status is HandoffStatus.WAITING and one.account_id not in without:
            known = waits.get(one.level, Waits(0, one.waits_since))
            waits[one.level] = Waits(known.count + 1, min(known.since, one.waits_since))
    return waits
