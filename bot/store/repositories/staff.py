"""Staff and their sign-ins in SQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.conversation.handoffs import Skill
from bot.conversation.staff import Role, Scope, Session, Staff
from bot.store.tables import sessions, staff
from bot.store.transaction import Transaction, Values


class SqlStaffMembers:
    """Who may sign in; names differ by more than case."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, staff_id: str) -> Staff:
        """The member of staff of this id; raises NotFound."""
        return staff_of(await self._transaction.get(sa.select(staff).where(staff.c.id == staff_id)))

    async def hold(self, staff_id: str) -> Staff:
        """As `get`, behind her lock; whoever holds a person of the chats already takes that lock first."""
        query = sa.select(staff).where(staff.c.id == staff_id)
        return staff_of(await self._transaction.get(query.with_for_update(key_share=True)))

    async def by_username(self, username: str) -> Staff | None:
        """The member of staff of this name, in any case of its letters."""
        query = sa.select(staff).where(staff.c.folded_username == username.casefold())
        row = await self._transaction.first(query)
        return None if row is None else staff_of(row)

    async def some(self, staff_ids: Collection[str]) -> Sequence[Staff]:
        """Those of these ids, by name."""
        query = sa.select(staff).where(staff.c.id.in_(staff_ids)).order_by(staff.c.folded_username)
        return [staff_of(row) for row in await self._transaction.all(query)]

    async def all(self) -> Sequence[Staff]:
        """Everybody, by name."""
        rows = await self._transaction.all(sa.select(staff).order_by(staff.c.folded_username))
        return [staff_of(row) for row in rows]

    async def add(self, member: Staff) -> None:
        """Raises Conflict if the name is taken."""
        await self._transaction.insert(staff, _values(member))

    async def save(self, member: Staff) -> None:
        """Raises NotFound, and Conflict if the name is taken."""
        await self._transaction.update(staff, _values(member))


class SqlSessions:
    """Sign-ins."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def find(self, token_digest: str, now: datetime) -> Session | None:
        """The sign-in of this token, if it still holds."""
        mine = sa.select(sessions).where(sessions.c.token_digest == token_digest, sessions.c.expires_at > now)
        row = await self._transaction.first(mine)
        return None if row is None else Session(**row._mapping)

    async def add(self, session: Session) -> None:
        """Raises Conflict if the token or the member of staff is not what it should be."""
        await self._transaction.insert(sessions, asdict(session))

    async def drill(self, token_digest: str, *, on: bool) -> None:
        """Let the sign-in show drills alone from now on, or what is real; nothing happens if there is none."""
        mine = sa.update(sessions).where(sessions.c.token_digest == token_digest)
        await self._transaction.execute(mine.values(drilling=on))

    async def drilling(self, now: datetime) -> frozenset[str]:
        """The ids of the staff of whom a sign-in that holds shows drills alone."""
        query = sa.select(sessions.c.staff_id).where(sessions.c.drilling, sessions.c.expires_at > now)
        return frozenset((await self._transaction.execute(query)).scalars())

    async def end(self, token_digest: str) -> None:
        """Forget the sign-in; nothing happens if there is none."""
        await self._transaction.execute(sa.delete(sessions).where(sessions.c.token_digest == token_digest))

    async def end_all(self, staff_id: str, but: str = "") -> None:
        """Forget every sign-in of this member of staff, but for that of this digest."""
        hers = (sessions.c.staff_id == staff_id, sessions.c.token_digest != but)
        await self._transaction.execute(sa.delete(sessions).where(*hers))


def staff_of(row: sa.Row[Any]) -> Staff:
    """The member of staff of a row of `staff`."""
    return Staff(
        id=row.id,
        username=row.username,
        display_name=row.display_name,
        role=Role(row.role),
        password_hash=row.password_hash,
        created_at=row.created_at,
        scope=Scope(frozenset(row.scope["accounts"]), frozenset(row.scope["regions"])),
        active=row.active,
        skills=frozenset(map(Skill, row.skills or ())),
        max_chats=row.max_chats,
    )


def _values(member: Staff) -> Values:
    scope = member.scope
    return {
        "id": member.id,
        "username": member.username,
        "folded_username": member.username.casefold(),
        "display_name": member.display_name,
        "role": member.role,
        "password_hash": member.password_hash,
        "created_at": member.created_at,
        "scope": {"accounts": sorted(scope.accounts), "regions": sorted(scope.regions)},
        "active": member.active,
        "skills": sorted(member.skills),
        "max_chats": member.max_chats,
    }
