"""The plan of duty in SQL."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from bot.conversation.roster import Day, Shift, ShiftKind, day_of_code
from bot.store.desk_tables import shifts
from bot.store.transaction import Transaction

_IN_ORDER = (shifts.c.staff_id, shifts.c.day, shifts.c.starts, shifts.c.id)


class SqlShifts:
    """Lines of the plan; a day is kept as its code or its ISO date."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, shift_id: str) -> Shift:
        """The line of this id; raises NotFound."""
        return shift_of(await self._transaction.get(sa.select(shifts).where(shifts.c.id == shift_id)))

    async def of(self, staff_id: str) -> list[Shift]:
        """Every line of hers."""
        query = sa.select(shifts).where(shifts.c.staff_id == staff_id).order_by(*_IN_ORDER)
        return [shift_of(row) for row in await self._transaction.all(query)]

    async def plan(self, staff_ids: Collection[str], days: Collection[Day]) -> list[Shift]:
        """The lines of these people for these days."""
        query = plan_query(days).where(shifts.c.staff_id.in_(staff_ids))
        return [shift_of(row) for row in await self._transaction.all(query)]

    async def add(self, shift: Shift) -> None:
        """Raises Conflict if there is no such member of staff."""
        values = {
            "id": shift.id,
            "staff_id": shift.staff_id,
            "day": str(shift.day),
            "kind": shift.kind,
            "starts": shift.starts,
            "ends": shift.ends,
        }
        await self._transaction.insert(shifts, values)

    async def end(self, shift_id: str) -> None:
        """Forget the line; nothing happens if there is none."""
        await self._transaction.execute(sa.delete(shifts).where(shifts.c.id == shift_id))


def plan_query(days: Collection[Day]) -> sa.Select[Any]:
    """Asks for everybody's lines for these days."""
    return sa.select(shifts).where(shifts.c.day.in_(map(str, days))).order_by(*_IN_ORDER)


def shift_of(row: sa.Row[Any]) -> Shift:
    """The line of a row of `shifts`."""
    return Shift(row.id, row.staff_id, day_of_code(row.day), ShiftKind(row.kind), row.starts, row.ends)
