"""The codes that staff give beside their passwords, in SQL."""

from __future__ import annotations

from dataclasses import asdict

import sqlalchemy as sa

from bot.conversation.ports import Sealer
from bot.conversation.staff import SecondFactor
from bot.store.tables import second_factors
from bot.store.transaction import Transaction

_her = second_factors.c.staff_id


class SqlSecondFactors:
    """At most one for each member of staff."""

    def __init__(self, transaction: Transaction, sealer: Sealer) -> None:
        self._transaction = transaction
        self._sealer = sealer

    async def of(self, staff_id: str) -> SecondFactor | None:
        """Hers, locked; raises InvalidData if no key opens it."""
        row = await self._transaction.first(sa.select(second_factors).where(_her == staff_id).with_for_update())
        if row is None:
            return None
        opened = {"secret": self._sealer.open(row.secret).decode(), "recovery": tuple(row.recovery)}
        return SecondFactor(**{**row._mapping, **opened})

    async def save(self, factor: SecondFactor) -> None:
        """Keep it in place of an earlier one; raises Conflict if there is no such member of staff."""
        sealed = {"secret": self._sealer.seal(factor.secret.encode()), "recovery": list(factor.recovery)}
        values = {**asdict(factor), **sealed}
        changed = await self._transaction.execute(
            sa.update(second_factors).where(_her == factor.staff_id).values(values)
        )
        if changed.rowcount == 0:
            await self._transaction.insert(second_factors, values)

    async def end(self, staff_id: str) -> None:
        """Forget it; nothing happens if there is none."""
        await self._transaction.execute(sa.delete(second_factors).where(_her == staff_id))
