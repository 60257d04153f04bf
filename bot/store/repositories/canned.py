"""Canned replies in SQL."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from bot.conversation.canned import CannedReply
from bot.store.desk_tables import canned_replies
from bot.store.transaction import Transaction


class SqlCannedReplies:
    """Words kept at hand: everybody's, and each operator's own."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, reply_id: str) -> CannedReply:
        """Raises NotFound."""
        query = sa.select(canned_replies).where(canned_replies.c.id == reply_id)
        return canned_of(await self._transaction.get(query))

    async def add(self, reply: CannedReply) -> None:
        """Keep a new one."""
        await self._transaction.insert(canned_replies, asdict(reply))

    async def save(self, reply: CannedReply) -> None:
        """Raises NotFound."""
        await self._transaction.update(canned_replies, asdict(reply))

    async def end(self, reply_id: str) -> None:
        """Forget it."""
        await self._transaction.execute(sa.delete(canned_replies).where(canned_replies.c.id == reply_id))


def canned_for(staff_id: str) -> sa.Select[Any]:
    """Her own and everybody's, hers first, each in the order of their titles."""
    mine = sa.or_(canned_replies.c.staff_id == staff_id, canned_replies.c.staff_id.is_(None))
    shared_last = canned_replies.c.staff_id.is_(None)
    return sa.select(canned_replies).where(mine).order_by(shared_last, canned_replies.c.title, canned_replies.c.id)


def canned_of(row: sa.Row[Any]) -> CannedReply:
    """The canned reply of a row of `canned_replies`."""
    return CannedReply(**row._mapping)
