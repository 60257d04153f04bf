"""Who is signed in, asked at every request and so without the lock of a unit of work; what is renewed by the way."""

from __future__ import annotations

from contextlib import aclosing
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.staff import Session, Staff
from bot.store.engine import reading, writing
from bot.store.repositories.staff import staff_of
from bot.store.tables import sessions, staff
from bot.store.transaction import Transaction

_SESSION = "session_"
_WITH_STAFF = sa.select(staff, *(column.label(_SESSION + column.name) for column in sessions.c)).join(
    sessions, sessions.c.staff_id == staff.c.id
)


async def find_session(engine: AsyncEngine, token_digest: str, now: datetime) -> tuple[Session, Staff] | None:
    """The sign-in of this token that holds at this moment, and whose it is; raises StoreUnavailable."""
    mine = _WITH_STAFF.where(sessions.c.token_digest == token_digest, sessions.c.expires_at > now)
    async with aclosing(await Transaction.begin(reading(engine))) as snapshot:
        row = await snapshot.first(mine)
    if row is None:
        return None
    session = {column.name: row._mapping[_SESSION + column.name] for column in sessions.c}
    return Session(**session), staff_of(row)


async def extend_session(engine: AsyncEngine, token_digest: str, until: datetime) -> None:
    """Let the sign-in hold until then, if it did not so long anyway; nothing happens if it has ended."""
    mine = (sessions.c.token_digest == token_digest, sessions.c.expires_at < until)
    async with aclosing(await Transaction.begin(writing(engine))) as transaction:
        await transaction.execute(sa.update(sessions).where(*mine).values(expires_at=until))
        await transaction.commit()


async def renew_hash(engine: AsyncEngine, staff_id: str, old: str, new: str) -> None:
    """Keep a new hash of the same password; nothing happens if she has another one by now. Raises StoreUnavailable."""
    async with aclosing(await Transaction.begin(writing(engine))) as transaction:
        await transaction.change(staff, {"id": staff_id, "password_hash": new}, staff.c.password_hash == old)
        await transaction.commit()
