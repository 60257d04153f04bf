"""What somebody must be told at once, and how far the robots were told, in SQL."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.conversation.alerts import Alert, AlertKind, Taken, Telling
from bot.conversation.levels import Level
from bot.store.desk_tables import STANDING, alerts, tellings, waits_since
from bot.store.tables import WAITING, UtcDateTime, handoffs
from bot.store.transaction import Transaction

_MOMENTS = [sa.bindparam(name, type_=UtcDateTime()) for name in ("since", "raised_at")]
_COLUMNS = (
    "id",
    "kind",
    "subject",
    "account_id",
    "region",
    "level",
    "conversation_id",
    "case_id",
    "since",
    "raised_at",
)

# Both databases understand these very words: of two units that raise one alert at once, none is refused.
_RAISE = (
    sa.text(
        f"INSERT INTO alerts ({', '.join(_COLUMNS)}) VALUES ({', '.join(f':{name}' for name in _COLUMNS)})"
        " ON CONFLICT (kind, subject) DO UPDATE SET level = excluded.level, region = excluded.region,"
        " since = CASE WHEN alerts.cleared_at IS NULL THEN alerts.since ELSE excluded.since END,"
        " raised_at = CASE WHEN alerts.cleared_at IS NULL THEN alerts.raised_at ELSE excluded.raised_at END,"
        " cleared_at = NULL"
        " WHERE alerts.cleared_at IS NOT NULL OR alerts.level <> excluded.level OR alerts.region <> excluded.region"
        " RETURNING id"
    )
    .bindparams(*_MOMENTS)
    .columns(sa.column("id", sa.String))
)
# What is due and who takes it are one statement: of two units at once the second finds nothing left.
_TAKE = (
    sa.text(
        "INSERT INTO tellings (alert_id, robot, tried_at, next_try_at, tries)"
        " SELECT alerts.id, :robot, :now, :until, 1 FROM alerts"
        " LEFT JOIN tellings AS known ON known.alert_id = alerts.id AND known.robot = :robot"
        " WHERE alerts.cleared_at IS NULL AND alerts.account_id IN :account_ids"
        " AND (known.robot IS NULL OR (known.told_at IS NULL AND known.next_try_at <= :now))"
        " ON CONFLICT (alert_id, robot) DO UPDATE SET tried_at = excluded.tried_at,"
        " next_try_at = excluded.next_try_at, tries = tellings.tries + 1"
        " WHERE tellings.told_at IS NULL AND tellings.next_try_at <= excluded.tried_at"
        " RETURNING alert_id, tries"
    )
    .bindparams(
        sa.bindparam("account_ids", expanding=True),
        sa.bindparam("robot", type_=sa.String()),
        *(sa.bindparam(name, type_=UtcDateTime()) for name in ("now", "until")),
    )
    .columns(sa.column("alert_id", sa.String), sa.column("tries", sa.Integer))
)


class SqlAlerts:
    """Alerts: one row for each kind and subject; see `desk_repositories.Alerts`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def raise_(self, alert: Alert) -> bool:
        """Whether there is something to tell; one that stands already keeps its id and its beginning."""
        values = {name: value for name, value in asdict(alert).items() if name in _COLUMNS}
        raised = (await self._transaction.execute(_RAISE, values)).scalar_one_or_none()
        if raised is None:
            return False
        if raised == alert.id:  # a new row, of which nobody can have been told
            return True
        await self._transaction.execute(sa.delete(tellings).where(tellings.c.alert_id == raised))
        return True

    async def clear(self, kind: AlertKind, subject: str, at: datetime) -> bool:
        """It is over; False if it did not stand."""
        of_this = sa.and_(alerts.c.kind == kind, alerts.c.subject == subject, STANDING)
        cleared = await self._transaction.execute(sa.update(alerts).where(of_this).values(cleared_at=at))
        return cleared.rowcount > 0

    async def standing(self, *kinds: AlertKind) -> list[Alert]:
        """Those not over, of these kinds or of all, the longest standing first."""
        query = sa.select(alerts).where(STANDING).order_by(alerts.c.raised_at, alerts.c.id)
        if kinds:
            query = query.where(alerts.c.kind.in_(kinds))
        return [alert_of(row) for row in await self._transaction.all(query)]

    async def no_longer_waiting(self, *kinds: AlertKind) -> list[Alert]:
        """Those of these kinds that stand though the handoff they are about was taken, or waits anew since."""
        still = sa.and_(WAITING, waits_since <= alerts.c.since)
        query = sa.select(alerts).join(handoffs, handoffs.c.id == alerts.c.subject)
        query = query.where(STANDING, alerts.c.kind.in_(kinds), sa.not_(still))
        return [alert_of(row) for row in await self._transaction.all(query)]

    async def take(self, robot: str, account_ids: Collection[str], now: datetime, until: datetime) -> list[Taken]:
        """Note a try for all that this robot is still to be told of these accounts."""
        values = {"robot": robot, "account_ids": sorted(account_ids), "now": now, "until": until}
        tries = {row.alert_id: row.tries for row in (await self._transaction.execute(_TAKE, values)).all()}
        mine = sa.and_(tellings.c.robot == robot, tellings.c.tried_at == now)
        query = sa.select(alerts).join(tellings, tellings.c.alert_id == alerts.c.id).where(mine)
        rows = await self._transaction.all(query) if tries else []
        return [Taken(alert_of(row), tries[row.id]) for row in rows if row.id in tries]

    async def settle(self, robot: str, tried_at: datetime, told: bool, trouble: str | None, next_try: datetime) -> None:
        """Note for all that was taken at that moment what became of it, and when it is tried again unless told."""
        mine = sa.and_(tellings.c.robot == robot, tellings.c.tried_at == tried_at)
        values = {"told_at": tried_at if told else None, "trouble": trouble, "next_try_at": next_try}
        await self._transaction.execute(sa.update(tellings).where(mine).values(values))

    async def last_try(self, robot: str) -> Telling | None:
        """The newest of this robot's tries."""
        query = sa.select(tellings).where(tellings.c.robot == robot).order_by(tellings.c.tried_at.desc())
        row = await self._transaction.first(query.limit(1))
        return None if row is None else telling_of(row)


def alert_of(row: sa.Row[Any]) -> Alert:
    """The alert of a row of `alerts`."""
    return Alert(**{**row._mapping, "kind": AlertKind(row.kind), "level": row.level and Level(row.level)})


def telling_of(row: sa.Row[Any]) -> Telling:
    """The telling of a row of `tellings`."""
    return Telling(**row._mapping)
