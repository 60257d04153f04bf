"""What must be sent, in SQL; the contents are sealed."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import datetime
from itertools import takewhile
from typing import Any

import sqlalchemy as sa
import structlog

from bot.conversation.content import Outgoing, Text, content_to_json, outgoing_from_json
from bot.conversation.errors import InvalidData
from bot.conversation.messages import Delivery, DeliveryStatus, Route
from bot.conversation.ports import Sealer
from bot.store.tables import UNDECIDED, conversations, deliveries, undecided, urgency
from bot.store.transaction import Transaction, Values, held

log = structlog.get_logger(__name__)


class SqlDeliveries:
    """Deliveries, in the order in which they were added.

    One that no key opens is left out of every list, with a line in the log, so that it holds up no other.
    """

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

    async def under_way(self, contact_id: str) -> list[Delivery]:
        """Those not yet decided, in order."""
        return await self._all(_in_order().where(deliveries.c.contact_id == contact_id, UNDECIDED))

    async def held(self, contact_id: str) -> list[Delivery]:
        """Those kept until she writes again, in order."""
        kept = deliveries.c.status == DeliveryStatus.HELD
        return await self._all(_in_order().where(deliveries.c.contact_id == contact_id, kept))

    async def due(self, now: datetime, limit: int, *, leaving_out: Collection[str] = ()) -> list[Delivery]:
        """Open deliveries whose time has come, at most one a contact: its first open one by sequence.

        The most urgent conversations come first. Those of a contact whom another unit holds are left out, so that no
        two couriers get the same delivery. One that no key opens becomes HELD and the next takes its place: it is
        found again when she writes and the key is back, so commit even if nothing came.
        """
        query = _due(now, leaving_out).limit(limit)
        while True:
            rows = await self._transaction.all(query)
            opened = self._opened(rows)
            if len(opened) == len(rows):
                return opened
            await self._set_aside({row.id for row in rows} - {delivery.id for delivery in opened})

    async def any_due(self, now: datetime) -> bool:
        """Whether the time of any open delivery has come, be it held by others or behind another one."""
        some = sa.select(deliveries.c.id).where(UNDECIDED, deliveries.c.due_at <= now).limit(1)
        return await self._transaction.first(some) is not None

    async def following(self, delivery: Delivery) -> list[Delivery]:
        """The pending texts, by the assistant or not as this text is, that come right after it, in order."""
        if not isinstance(delivery.content, Text):
            return []
        query = _in_order().where(
            deliveries.c.contact_id == delivery.contact_id, deliveries.c.sequence > delivery.sequence, UNDECIDED
        )
        alike = (DeliveryStatus.PENDING, Text.kind, delivery.by_assistant)
        rows = await self._transaction.all(query)
        return self._opened(takewhile(lambda row: (row.status, row.kind, row.by_assistant) == alike, rows))

    async def _set_aside(self, ids: set[str]) -> None:
        unopened = sa.update(deliveries).where(deliveries.c.id.in_(ids))
        await self._transaction.execute(unopened.values(status=DeliveryStatus.HELD))

    async def _all(self, query: sa.Select[Any]) -> list[Delivery]:
        return self._opened(await self._transaction.all(query))

    def _opened(self, rows: Iterable[sa.Row[Any]]) -> list[Delivery]:
        opened = []
        for row in rows:
            try:
                opened.append(delivery_of(row, self._sealer))
            except InvalidData:
                log.error("a delivery cannot be read", delivery_id=row.id)
        return opened


def _in_order() -> sa.Select[Any]:
    return held(deliveries).order_by(deliveries.c.sequence)


def _due(now: datetime, leaving_out: Collection[str]) -> sa.Select[Any]:
    earlier = deliveries.alias("earlier")
    waits_behind = sa.exists().where(
        earlier.c.contact_id == deliveries.c.contact_id,
        earlier.c.sequence < deliveries.c.sequence,
        undecided(earlier),
    )
    return (
        held(deliveries, skip_held=True)
        .join(conversations, conversations.c.id == deliveries.c.conversation_id)
        .where(UNDECIDED, deliveries.c.due_at <= now, ~waits_behind, deliveries.c.account_id.not_in(leaving_out))
        .order_by(urgency(conversations).desc(), deliveries.c.due_at, deliveries.c.sequence)
    )


def delivery_of(row: sa.Row[Any], sealer: Sealer) -> Delivery:
    """The delivery of a row of `deliveries`, opened; raises InvalidData."""
    return Delivery(
        id=row.id,
        message_id=row.message_id,
        conversation_id=row.conversation_id,
        contact_id=row.contact_id,
        account_id=row.account_id,
        content=_content(row, sealer),
        status=DeliveryStatus(row.status),
        due_at=row.due_at,
        created_at=row.created_at,
        inbound_key=row.inbound_key,
        sequence=row.sequence,
        attempts=row.attempts,
        route=row.route and Route(row.route),
        errcode=row.errcode,
        settled_at=row.settled_at,
        by_assistant=row.by_assistant,
        uploaded_id=row.uploaded_id,
        uploaded_until=row.uploaded_until,
    )


def _content(row: sa.Row[Any], sealer: Sealer) -> Outgoing:
    clear = sealer.open(row.content)
    return Text(clear.decode()) if row.kind == Text.kind else outgoing_from_json(json.loads(clear))


def sending_values(content: Outgoing, sealer: Sealer) -> Values:
    """The columns that hold what is sent."""
    clear = content.text if isinstance(content, Text) else json.dumps(content_to_json(content))
    return {"kind": content.kind, "content": sealer.seal(clear.encode())}


def _values(delivery: Delivery, sealer: Sealer) -> Values:
    values = asdict(delivery)
    del values["sequence"]
    return {**values, **sending_values(delivery.content, sealer)}
