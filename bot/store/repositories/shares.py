"""What people allow one city to read of another, in SQL."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.conversation.ports import Sealer
from bot.conversation.shares import Allowed, Share, WrongCode
from bot.store.desk_tables import shares, wrong_codes
from bot.store.tables import contacts
from bot.store.transaction import Transaction

STANDING = shares.c.ended_at.is_(None)
HOLDS = sa.and_(shares.c.agreed_at.is_not(None), STANDING)
"""The other city may read."""


class SqlShares:
    """Shares; of a code its keyed digest is kept, since who has the database alone would soon guess it."""

    def __init__(self, transaction: Transaction, sealer: Sealer) -> None:
        self._transaction = transaction
        self._sealer = sealer

    async def get(self, share_id: str) -> Share:
        """The share of this id, held until the unit of work ends; raises NotFound."""
        query = sa.select(shares).where(shares.c.id == share_id).with_for_update()
        return share_of(await self._transaction.get(query))

    async def add(self, share: Share, code: str) -> None:
        """Raises StaleVersion if she was erased."""
        await self._transaction.hold_contact(share.contact_id)
        await self._transaction.insert(shares, {**asdict(share), "code_digest": self._digest(code)})

    async def save(self, share: Share) -> None:
        """Raises NotFound; a code that was used, or is not to be used, is forgotten."""
        values: dict[str, Any] = asdict(share)
        if share.used_at or share.ended_at:
            values["code_digest"] = None
        await self._transaction.update(shares, values)

    async def by_code(self, code: str) -> Share | None:
        """The one of this code, if it was not used and not ended."""
        row = await self._transaction.first(sa.select(shares).where(shares.c.code_digest == self._digest(code)))
        return None if row is None else share_of(row)

    async def given(self, contact_id: str) -> list[Share]:
        """Those of hers that are not ended."""
        return await self._all(shares.c.contact_id == contact_id)

    async def taken(self, contact_id: str) -> list[Share]:
        """Those not ended whose code was carried to her, the newest first."""
        return await self._all(shares.c.with_contact_id == contact_id)

    async def _all(self, hers: sa.ColumnElement[bool]) -> list[Share]:
        query = sa.select(shares).where(hers, STANDING).order_by(shares.c.asked_at.desc(), shares.c.id)
        return [share_of(row) for row in await self._transaction.all(query)]

    async def note_wrong_code(self, wrong: WrongCode) -> None:
        """Raises StaleVersion if she was erased."""
        await self._transaction.hold_contact(wrong.contact_id)
        await self._transaction.insert(wrong_codes, asdict(wrong))

    async def wrong_codes(self, contact_id: str, since: datetime) -> int:
        """How many since then."""
        hers = sa.and_(wrong_codes.c.contact_id == contact_id, wrong_codes.c.at >= since)
        counted = await self._transaction.execute(sa.select(sa.func.count()).select_from(wrong_codes).where(hers))
        return int(counted.scalar_one())

    def _digest(self, code: str) -> str:
        return self._sealer.tag(f"share {code}".encode())


def allowed_query(contact_id: str) -> sa.Select[Any]:
    """What this person allows where she is, the newest first; see `allowed_of`."""
    return (
        sa.select(shares.c.id, shares.c.agreed_at, contacts.c.account_id)
        .join(contacts, contacts.c.id == shares.c.contact_id)
        .where(shares.c.with_contact_id == contact_id, HOLDS)
        .order_by(shares.c.agreed_at.desc())
    )


def allowed_of(row: sa.Row[Any]) -> Allowed:
    """The leave of a row of `allowed_query`."""
    return Allowed(row.id, row.account_id, row.agreed_at)


def share_of(row: sa.Row[Any]) -> Share:
    """The share of a row of `shares`."""
    return Share(
        id=row.id,
        contact_id=row.contact_id,
        asked_at=row.asked_at,
        with_contact_id=row.with_contact_id,
        used_at=row.used_at,
        agreed_at=row.agreed_at,
        ended_at=row.ended_at,
    )
