"""The audit trail in SQL: a chain in which each entry's hash covers the one before it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import UTC
from typing import Any

import sqlalchemy as sa

from bot.conversation.ports import Sealer
from bot.conversation.staff import AuditEntry
from bot.store.tables import audit
from bot.store.transaction import Transaction

BEGINNING = ""
"""Stands for the hash before the first entry, and for one that is not there."""

_AT_ONCE = 500


class SqlAuditTrail:
    """Who did what: only ever added to; the database itself refuses anything else."""

    def __init__(self, transaction: Transaction, sealer: Sealer) -> None:
        self._transaction = transaction
        self._sealer = sealer
        self._waiting: list[AuditEntry] = []

    async def append(self, entry: AuditEntry) -> None:
        """Add one line when the unit is committed."""
        self._waiting.append(entry)

    async def write(self) -> None:
        """Chain what waits to the end of the trail; the last thing before a commit.

        The trail is held from here on, and nothing else may be asked for while it is: whoever holds a person and
        waits for the trail never waits for somebody who holds the trail and waits for that person.
        """
        if not self._waiting:
            return
        await self._transaction.hold_audit()
        previous = await self._end()
        for entry in self._waiting:
            previous = self._sealer.tag(chained(previous, entry))
            await self._transaction.insert(audit, {**asdict(entry), "hash": previous})
        self._waiting.clear()

    async def _end(self) -> str:
        query = sa.select(audit.c.hash).order_by(audit.c.position.desc()).limit(1)
        last = await self._transaction.first(query)
        # An entry that was robbed of its hash stays a break; the trail goes on behind it.
        return BEGINNING if last is None else str(last.hash or BEGINNING)


def chained(previous: str, entry: AuditEntry) -> bytes:
    """What the hash of an entry covers: canonical JSON of its fields and the hash before it."""
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    fields = {**asdict(entry), "at": at, "previous": previous}
    return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()


async def lines(transaction: Transaction) -> AsyncIterator[sa.Row[Any]]:
    """Every row of the trail, in order, without having them all in memory."""
    position = 0
    while True:
        query = sa.select(audit).where(audit.c.position > position).order_by(audit.c.position).limit(_AT_ONCE)
        rows = await transaction.all(query)
        for row in rows:
            yield row
        if len(rows) < _AT_ONCE:
            return
        position = rows[-1].position


def entry_of(row: sa.Row[Any]) -> AuditEntry:
    """The entry of a row of `audit`."""
    return AuditEntry(id=row.id, staff_id=row.staff_id, action=row.action, target=row.target, at=row.at)
