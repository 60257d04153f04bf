"""The office's files, in SQL, and their numbers."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from bot.conversation.cases import Agency, Case, CaseStatus
from bot.conversation.clock import HUNAN
from bot.conversation.flows import ReferralKind
from bot.conversation.levels import Level, Topic
from bot.store.tables import ON_FILE, cases
from bot.store.transaction import Transaction, held

# Both databases understand these very words, and hold the year's row until the end of the transaction: two units
# never get one number, and one that is undone leaves no gap.
_NEXT_NUMBER = sa.text(
    "INSERT INTO case_years (year, last_number) VALUES (:year, 1)"
    " ON CONFLICT (year) DO UPDATE SET last_number = case_years.last_number + 1 RETURNING last_number"
)

NEWEST_FIRST = (cases.c.opened_at.desc(), cases.c.number.desc())


class SqlCases:
    """Cases, numbered afresh each year in Hunan."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, case_id: str) -> Case:
        """The case of this id; raises NotFound."""
        return case_of(await self._transaction.get(held(cases).where(cases.c.id == case_id)))

    async def open_of(self, contact_id: str) -> Case | None:
        """The newest file of this person that is not archived."""
        query = held(cases).where(cases.c.contact_id == contact_id, ON_FILE)
        row = await self._transaction.first(query.order_by(*NEWEST_FIRST).limit(1))
        return None if row is None else case_of(row)

    async def add(self, case: Case) -> None:
        """Keep it and give it its number, "2026-000001"."""
        await self._transaction.hold_contact(case.contact_id)
        year = case.opened_at.astimezone(HUNAN).year
        number = (await self._transaction.execute(_NEXT_NUMBER, {"year": year})).scalar_one()
        case.number = f"{year}-{number:06d}"
        await self._transaction.insert(cases, asdict(case))

    async def save(self, case: Case) -> None:
        """Raises NotFound."""
        await self._transaction.hold_contact(case.contact_id)
        await self._transaction.update(cases, asdict(case))


def case_of(row: sa.Row[Any]) -> Case:
    """The case of a row of `cases`."""
    return Case(
        id=row.id,
        contact_id=row.contact_id,
        conversation_id=row.conversation_id,
        account_id=row.account_id,
        region=row.region,
        topic=Topic(row.topic),
        level=Level(row.level),
        opened_at=row.opened_at,
        updated_at=row.updated_at,
        number=row.number,
        status=CaseStatus(row.status),
        referrals=tuple(map(ReferralKind, row.referrals or ())),
        agency=row.agency and Agency(row.agency),
        told_at=row.told_at,
        accepted_at=row.accepted_at,
        routed_at=row.routed_at,
        followed_at=row.followed_at,
        answered_at=row.answered_at,
        extended_at=row.extended_at,
        due_on=row.due_on,
        report_since=row.report_since,
        reported_at=row.reported_at,
    )
