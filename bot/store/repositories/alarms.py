"""What keeps accounts from working, in SQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.conversation.alarms import Alarm, AlarmKind
from bot.store.tables import UtcDateTime, alarms
from bot.store.transaction import Transaction

# Both databases understand these very words: of two units that raise one alarm at once, none is refused.
_RAISE = sa.text(
    "INSERT INTO alarms (account_id, kind, detail, since, seen_at) VALUES (:account_id, :kind, :detail, :at, :at)"
    " ON CONFLICT (account_id, kind, detail) DO UPDATE SET seen_at = excluded.seen_at"
).bindparams(sa.bindparam("at", type_=UtcDateTime()))


class SqlAlarms:
    """Alarms: one row for each account, kind and detail until it is cleared."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def raise_(self, account_id: str, kind: AlarmKind, detail: str, at: datetime) -> None:
        """Note it; one that is known keeps its beginning."""
        row = {"account_id": account_id, "kind": kind, "detail": detail, "at": at}
        await self._transaction.execute(_RAISE, row)

    async def clear(self, account_id: str, kind: AlarmKind) -> None:
        """Forget all of this kind."""
        of_kind = sa.and_(alarms.c.account_id == account_id, alarms.c.kind == kind)
        await self._transaction.execute(sa.delete(alarms).where(of_kind))

    async def all(self) -> list[Alarm]:
        """Every alarm, the oldest first."""
        return [alarm_of(row) for row in await self._transaction.all(in_order())]


def in_order() -> sa.Select[Any]:
    """Asks for every alarm, the oldest first."""
    return sa.select(alarms).order_by(alarms.c.since, alarms.c.account_id, alarms.c.kind, alarms.c.detail)


def alarm_of(row: sa.Row[Any]) -> Alarm:
    """The alarm of a row of `alarms`."""
    return Alarm(**{**row._mapping, "kind": AlarmKind(row.kind)})
