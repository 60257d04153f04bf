"""Keep the alerts what the handoffs say: raise what has become late, clear what is over."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog
from prometheus_client import Counter, Gauge

from bot.conversation.accounts import Accounts, drills_among
from bot.conversation.alerts import Alert, AlertKind
from bot.conversation.clock import Clock
from bot.conversation.errors import RedisUnavailable
from bot.conversation.events import Event, EventKind
from bot.conversation.handoffs import Handoff, Waits
from bot.conversation.levels import Level
from bot.conversation.messages import new_id
from bot.conversation.ports import Feed, Queue
from bot.conversation.repositories import UnitOfWork, UnitsOfWork
from bot.conversation.roster import Calendar
from bot.handoff.call_backs import overdue_calls
from bot.handoff.deadlines import WATCHED, late, late_before
from bot.handoff.unfilled import unfilled

log = structlog.get_logger(__name__)

_OF_WAITING = (AlertKind.WAITING_LATE, AlertKind.WAITING_VERY_LATE)
_OF_TALKS = (*({*WATCHED.keys(), *WATCHED.values()} - set(_OF_WAITING)), AlertKind.CALL_BACK_LATE)
_BY_PRESENCE = (AlertKind.NOBODY_ON_DUTY, AlertKind.SHIFT_UNFILLED)

AT_ONCE = 50
"""How many alerts of a kind one look raises; where more are late, the next looks raise the others."""

_RAISED = Counter("niangjia_alerts_total", "alerts that came to stand", ["kind"])
_WAITING = Gauge("niangjia_waiting", "conversations that wait for an operator", ["level"])
_OLDEST = Gauge("niangjia_waiting_oldest_seconds", "how long the one waits that waits longest", ["level"])


@dataclass(frozen=True, slots=True)
class WatchPorts:
    """What watching needs."""

    units: UnitsOfWork
    queue: Queue
    feed: Feed
    clock: Clock
    accounts: Accounts
    calendar: Calendar


async def watch(ports: WatchPorts) -> int:
    """Look once; returns how many alerts came or went. Raises StoreUnavailable.

    Several workers may look at once: an alert is told of by the one that raised it.
    """
    now, present = ports.clock.now(), await _present(ports.queue)
    drills = drills_among(ports.accounts)
    async with ports.units(reading=True) as uow:
        _show(await uow.handoffs.waits(drills), now)
        late_ones = await _waiting_too_long(uow, drills, now)
        over = await uow.alerts.no_longer_waiting(*_OF_WAITING)
        kinds = _OF_TALKS if present is None else (*_OF_TALKS, *_BY_PRESENCE)
        must = await _unanswered(uow, drills, now) + await overdue_calls(uow, drills, now)
        if present is not None:
            must += await _unattended(uow, drills, present, now)
            must += await unfilled(uow, present, ports.accounts, now, ports.calendar)
        standing = {(alert.kind, alert.subject): alert for alert in await uow.alerts.standing(*kinds)}
    wanted = {(alert.kind, alert.subject): alert for alert in must}
    over += [alert for key, alert in standing.items() if key not in wanted]
    fresh = [one for key, one in wanted.items() if key not in standing or _stood(standing[key]) != _stood(one)]
    return await _change(late_ones + fresh, over, ports) if late_ones or fresh or over else 0


async def _waiting_too_long(uow: UnitOfWork, drills: Collection[str], now: datetime) -> list[Alert]:
    """Those who wait too long, of whom that is not yet told; thousands may wait, so SQL does the choosing."""
    return [
        _alert(kind, one, one.waits_since, now)
        for kind in _OF_WAITING
        for one in await uow.handoffs.late(late_before(kind, now), kind, drills, AT_ONCE)
    ]


async def _unanswered(uow: UnitOfWork, drills: Collection[str], now: datetime) -> list[Alert]:
    """Those who were taken and are not answered in time."""
    claimed = [one for one in await uow.handoffs.claimed() if one.account_id not in drills]
    exchanges = await uow.messages.exchanges([one.conversation_id for one in claimed])
    return [
        _alert(kind, one, since, now)
        for one in claimed
        for kind, since in late(one, exchanges[one.conversation_id], now).items()
    ]


async def _unattended(uow: UnitOfWork, drills: Collection[str], present: Collection[str], now: datetime) -> list[Alert]:
    """The critical ones for whom nobody is at her desk who may take them."""
    critical = [one for one in await uow.handoffs.critical() if one.account_id not in drills]
    staff = await uow.staff.some(present) if critical else []
    return [
        _alert(AlertKind.NOBODY_ON_DUTY, one, one.waits_since, now)
        for one in critical
        if not any(member.looks_after(one.account_id, one.region) for member in staff)
    ]


def _stood(alert: Alert) -> tuple[Level | None, str]:
    """How urgent it is and who sees it: where that has changed, it is raised anew."""
    return alert.level, alert.region


def _alert(kind: AlertKind, handoff: Handoff, since: datetime, now: datetime) -> Alert:
    return Alert(
        id=new_id(),
        kind=kind,
        subject=handoff.id,
        account_id=handoff.account_id,
        region=handoff.region,
        since=since,
        raised_at=now,
        level=handoff.level,
        conversation_id=handoff.conversation_id,
    )


async def _change(fresh: Iterable[Alert], over: Iterable[Alert], ports: WatchPorts) -> int:
    async with ports.units() as uow:
        raised = [alert for alert in fresh if await uow.alerts.raise_(alert)]
        cleared = [alert for alert in over if await uow.alerts.clear(alert.kind, alert.subject, ports.clock.now())]
        await uow.commit()
    for alert in raised:
        _RAISED.labels(alert.kind).inc()
        log.warning("alert", kind=alert.kind, subject=alert.subject, level=alert.level)
    try:
        await ports.feed.publish(*_events(raised, EventKind.ALERT_RAISED), *_events(cleared, EventKind.ALERT_CLEARED))
    except RedisUnavailable as error:  # the pages ask again by themselves
        log.warning("alerts not announced", error=str(error))
    return len(raised) + len(cleared)


def _events(alerts: Iterable[Alert], kind: EventKind) -> Iterator[Event]:
    for alert in alerts:
        yield Event(kind, alert.account_id, alert.region, alert.conversation_id or "", level=alert.level)


async def _present(queue: Queue) -> frozenset[str] | None:
    """Who is at her desk; None while Redis does not say."""
    try:
        return await queue.present()
    except RedisUnavailable as error:
        log.warning("presence not known", error=str(error))
        return None


def _show(waits: Mapping[Level, Waits], now: datetime) -> None:
    for level in Level:
        known = waits.get(level)
        _WAITING.labels(level).set(known.count if known else 0)
        _OLDEST.labels(level).set((now - known.since).total_seconds() if known else 0)
