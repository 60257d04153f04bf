"""What must be sent, in SQL; the words are sealed."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.conversation.messages import Delivery, DeliveryStatus, Route
from bot.conversation.ports import Sealer
from bot.store.tables import UNDECIDED, deliveries, undecided
from bot.store.transaction import Transaction, Values, held


class SqlDeliveries:
    """Deliveries, in the order in which they were added."""

    def __init__(self, transaction: Transaction, sealer: Sealer) -> None:
        self._transaction = transaction
        self._sealer = sealer

    async def get(self, delivery_id: str) -> Delivery:
        """The delivery of this id; raises NotFound."""
        row = await self._transaction.get(held(deliveries).where(deliveries.c.id == delivery_id))
        return delivery_of(row, self._sealer)

    async def add(self, delivery: Delivery) -> None:
        """Keep it and give it its sequence."""
        await self._transaction.hold_contact(delivery.contact_id)
        delivery.sequence = int(await self._transaction.insert(deliveries, _values(delivery, self._sealer)))

    async def save(self, delivery: Delivery) -> None:
        """Raises NotFound."""
        await self._transaction.hold_contact(delivery.contact_id)
        await self._transaction.update(deliveries, _values(delivery, self._sealer))

    async def for_inbound(self, key: str) -> list[Delivery]:
        """The deliveries that answer this message, in order."""
        return await self._all(_in_order().where(deliveries.c.inbound_key == key))

    async def held(self, contact_id: str) -> list[Delivery]:
        """Those kept until she writes again, in order."""
        kept = deliveries.c.status == DeliveryStatus.HELD
        return await self._all(_in_order().where(deliveries.c.contact_id == contact_id, kept))

    async def due(self, now: datetime, limit: int) -> list[Delivery]:
        """Open deliveries whose time has come, at most one a contact: its first open one by sequence.

        Those of a contact whom another unit holds are left out, so that no two couriers get the same delivery.
        """
        earlier = deliveries.alias("earlier")
        waits_behind = sa.exists().where(
            earlier.c.contact_id == deliveries.c.contact_id,
            earlier.c.sequence < deliveries.c.sequence,
            undecided(earlier),
        )
        query = (
            held(deliveries, skip_held=True)
            .where(UNDECIDED, deliveries.c.due_at <= now, ~waits_behind)
            .order_by(deliveries.c.due_at, deliveries.c.sequence)
            .limit(limit)
        )
        return await self._all(query)

    async def _all(self, query: sa.Select[Any]) -> list[Delivery]:
        return [delivery_of(row, self._sealer) for row in await self._transaction.all(query)]


def _in_order() -> sa.Select[Any]:
    return held(deliveries).order_by(deliveries.c.sequence)


def delivery_of(row: sa.Row[Any], sealer: Sealer) -> Delivery:
    """The delivery of a row of `deliveries`, opened."""
    return Delivery(
        id=row.id,
        message_id=row.message_id,
        conversation_id=row.conversation_id,
        contact_id=row.contact_id,
        account_id=row.account_id,
        text=sealer.open(row.text).decode(),
        status=DeliveryStatus(row.status),
        due_at=row.due_at,
        created_at=row.created_at,
        inbound_key=row.inbound_key,
        sequence=row.sequence,
        attempts=row.attempts,
        route=row.route and Route(row.route),
        errcode=row.errcode,
        settled_at=row.settled_at,
    )


def _values(delivery: Delivery, sealer: Sealer) -> Values:
    values = asdict(delivery)
    del values["sequence"]
    return {**values, "text": sealer.seal(delivery.text.encode())}
