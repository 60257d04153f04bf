"""Calls back in SQL; the number, when it is safe, and what may be said to others are sealed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
import structlog

from bot.conversation.call_backs import CallBack, CallOutcome, OverdueCall
from bot.conversation.errors import InvalidData
from bot.conversation.levels import Level
from bot.conversation.ports import Sealer
from bot.store.desk_tables import call_backs
from bot.store.transaction import Transaction, Values, held

log = structlog.get_logger(__name__)

OPEN = call_backs.c.settled_at.is_(None)


class SqlCallBacks:
    """Calls back."""

    def __init__(self, transaction: Transaction, sealer: Sealer) -> None:
        self._transaction = transaction
        self._sealer = sealer

    async def get(self, call_back_id: str) -> CallBack:
        """The call back of this id; raises NotFound, and InvalidData if no key opens it."""
        row = await self._transaction.get(held(call_backs).where(call_backs.c.id == call_back_id))
        return _call_back_of(row, self._sealer)

    async def open_of(self, contact_id: str) -> list[CallBack]:
        """Those of hers that are not settled and that a key opens, the oldest first."""
        query = held(call_backs).where(call_backs.c.contact_id == contact_id, OPEN).order_by(call_backs.c.asked_at)
        return readable_call_backs(await self._transaction.all(query), self._sealer)

    async def overdue(self, now: datetime) -> list[OverdueCall]:
        """Those not settled that should have been made by now, the longest overdue first."""
        return list(map(overdue_of, await self._transaction.all(overdue_query(now).order_by(call_backs.c.due_at))))

    async def add(self, call_back: CallBack) -> None:
        """Raises StaleVersion if she was erased."""
        await self._transaction.hold_contact(call_back.contact_id)
        await self._transaction.insert(call_backs, _values(call_back, self._sealer))

    async def save(self, call_back: CallBack) -> None:
        """Raises NotFound, and StaleVersion if she was erased."""
        await self._transaction.hold_contact(call_back.contact_id)
        await self._transaction.update(call_backs, _values(call_back, self._sealer))


def overdue_query(now: datetime) -> sa.Select[Any]:
    """The rows that `overdue_of` reads: nothing of them is sealed."""
    one = call_backs.c
    columns = (one.id, one.conversation_id, one.account_id, one.region, one.level, one.due_at)
    return sa.select(*columns).where(OPEN, one.due_at <= now)


def overdue_of(row: sa.Row[Any]) -> OverdueCall:
    """The call back of such a row."""
    return OverdueCall(**{**row._mapping, "level": Level(row.level)})


async def open_call_back(transaction: Transaction, sealer: Sealer, contact_id: str) -> CallBack | None:
    """The newest of hers that is not settled, read without holding her."""
    query = sa.select(call_backs).where(call_backs.c.contact_id == contact_id, OPEN)
    rows = await transaction.all(query.order_by(call_backs.c.asked_at.desc()))
    return next(iter(readable_call_backs(rows, sealer)), None)


def readable_call_backs(rows: Iterable[sa.Row[Any]], sealer: Sealer) -> list[CallBack]:
    """The calls back of these rows that a key opens, and a line in the log for each other."""
    opened = []
    for row in rows:
        try:
            opened.append(_call_back_of(row, sealer))
        except InvalidData:
            log.error("a call back cannot be read", call_back_id=row.id)
    return opened


def _call_back_of(row: sa.Row[Any], sealer: Sealer) -> CallBack:
    kept = json.loads(sealer.open(row.content))
    return CallBack(
        id=row.id,
        contact_id=row.contact_id,
        conversation_id=row.conversation_id,
        account_id=row.account_id,
        region=row.region,
        level=Level(row.level),
        phone=kept["phone"],
        when=kept["when"],
        discreet=kept["discreet"],
        words=kept["words"],
        asked_at=row.asked_at,
        due_at=row.due_at,
        tries=row.tries,
        first_called_at=row.first_called_at,
        late=row.late,
        settled_at=row.settled_at,
        settled_by=row.settled_by,
        outcome=None if row.outcome is None else CallOutcome(row.outcome),
        dialled_by=row.dialled_by,
        dialled_at=row.dialled_at,
    )


def _values(call_back: CallBack, sealer: Sealer) -> Values:
    told = {
        "phone": call_back.phone,
        "when": call_back.when,
        "discreet": call_back.discreet,
        "words": call_back.words,
    }
    return {
        "id": call_back.id,
        "contact_id": call_back.contact_id,
        "conversation_id": call_back.conversation_id,
        "account_id": call_back.account_id,
        "region": call_back.region,
        "level": call_back.level,
        "content": sealer.seal(json.dumps(told, ensure_ascii=False).encode()),
        "asked_at": call_back.asked_at,
        "due_at": call_back.due_at,
        "tries": call_back.tries,
        "first_called_at": call_back.first_called_at,
        "late": call_back.late,
        "settled_at": call_back.settled_at,
        "settled_by": call_back.settled_by,
        "outcome": call_back.outcome,
        "dialled_by": call_back.dialled_by,
        "dialled_at": call_back.dialled_at,
    }
