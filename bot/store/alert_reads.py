"""Alerts for the desk: what stands, what is over, how far the groups were told, and what somebody lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.alerts import Alert, Telling
from bot.conversation.cases import Case
from bot.conversation.levels import Level
from bot.conversation.staff import Scope
from bot.store.desk_tables import STANDING, alerts, tellings
from bot.store.engine import reading
from bot.store.queries import contact_name, within
from bot.store.repositories.alerts import alert_of, telling_of
from bot.store.repositories.cases import case_of
from bot.store.tables import REOPENED, UNRESOLVED, cases, handoffs, urgency
from bot.store.transaction import Transaction

AT_MOST = 200
"""How many alerts a page shows; beyond that the count says enough."""

_other = alerts.alias("other")
_RANK = sa.func.coalesce(urgency(alerts), Level.HIGH.rank)


@dataclass(frozen=True, slots=True)
class ShownAlert:
    """An alert, and how far each robot was told of it."""

    alert: Alert
    tellings: tuple[Telling, ...]


@dataclass(frozen=True, slots=True)
class GivenBack:
    """A conversation that was taken from somebody who had vanished; `taken` if a colleague has it by now."""

    conversation_id: str
    contact_name: str
    level: Level
    lost_at: datetime
    taken: bool


@dataclass(frozen=True, slots=True)
class AlertBoard:
    """What stands now, the most urgent first, with how many there are in all; and what somebody lost, or got back.

    `reopened` are the cases that she works on and that were taken up again, the oldest first.
    """

    standing: tuple[ShownAlert, ...]
    total: int
    given_back: tuple[GivenBack, ...]
    reopened: tuple[Case, ...] = ()


@dataclass(frozen=True, slots=True)
class AlertReads:
    """The reads, bound to one database."""

    engine: AsyncEngine

    async def board(self, scope: Scope, staff_id: str, since: datetime) -> AlertBoard:
        """What stands in the scope, what she lost since then and does not hold again, and what came back to her."""
        standing = sa.and_(STANDING, within(scope, alerts), ~_graver(_other.c.cleared_at.is_(None)))
        query = sa.select(alerts).where(standing).order_by(_RANK.desc(), alerts.c.since, alerts.c.id)
        async with aclosing(await Transaction.begin(reading(self.engine))) as snapshot:
            shown = await _shown(snapshot, query)
            total = len(shown)
            if total == AT_MOST:
                counted = await snapshot.first(sa.select(sa.func.count()).select_from(alerts).where(standing))
                total = int(counted[0]) if counted else total
            mine = sa.and_(REOPENED, cases.c.handler == staff_id, within(scope, cases))
            reopened = await snapshot.all(sa.select(cases).where(mine).order_by(cases.c.reopened_at))
            given_back = await _given_back(snapshot, scope, staff_id, since)
            return AlertBoard(shown, total, given_back, tuple(map(case_of, reopened)))

    async def over(self, scope: Scope, since: datetime) -> tuple[ShownAlert, ...]:
        """What was cleared since then, the last first."""
        over = sa.and_(alerts.c.cleared_at >= since, within(scope, alerts), ~_graver(_other.c.cleared_at >= since))
        query = sa.select(alerts).where(over)
        async with aclosing(await Transaction.begin(reading(self.engine))) as snapshot:
            return await _shown(snapshot, query.order_by(alerts.c.cleared_at.desc(), alerts.c.id))


def _graver(also: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Whether the same matter is there as very late: then that says enough."""
    graver_kind = sa.func.replace(alerts.c.kind, "_late", "_very_late")
    is_graver = sa.and_(_other.c.kind == graver_kind, _other.c.kind != alerts.c.kind)
    return sa.exists().where(_other.c.subject == alerts.c.subject, is_graver, also)


async def _shown(snapshot: Transaction, query: sa.Select[Any]) -> tuple[ShownAlert, ...]:
    found = [alert_of(row) for row in await snapshot.all(query.limit(AT_MOST))]
    told = await _tellings(snapshot, [alert.id for alert in found])
    return tuple(ShownAlert(alert, tuple(told[alert.id])) for alert in found)


async def _tellings(snapshot: Transaction, alert_ids: Sequence[str]) -> defaultdict[str, list[Telling]]:
    told: defaultdict[str, list[Telling]] = defaultdict(list)
    if alert_ids:
        query = sa.select(tellings).where(tellings.c.alert_id.in_(alert_ids)).order_by(tellings.c.robot)
        for row in await snapshot.all(query):
            told[row.alert_id].append(telling_of(row))
    return told


async def _given_back(snapshot: Transaction, scope: Scope, staff_id: str, since: datetime) -> tuple[GivenBack, ...]:
    elsewhere = sa.or_(handoffs.c.claimed_by.is_(None), handoffs.c.claimed_by != staff_id)
    lost = sa.and_(handoffs.c.lost_by == staff_id, handoffs.c.lost_at >= since, UNRESOLVED, elsewhere)
    query = sa.select(handoffs).where(lost, within(scope, handoffs)).order_by(handoffs.c.lost_at)
    return tuple(
        GivenBack(
            conversation_id=row.conversation_id,
            contact_name=contact_name(row.contact_id),
            level=Level(row.level),
            lost_at=row.lost_at,
            taken=row.claimed_by is not None,
        )
        for row in await snapshot.all(query)
    )
