"""The office's files, in SQL, and their numbers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import date
from typing import Any

import sqlalchemy as sa

from bot.conversation.case_checks import OVERSIGHT_ENTRIES
from bot.conversation.cases import Agency, Case, CaseStatus
from bot.conversation.clock import HUNAN
from bot.conversation.flows import ReferralKind
from bot.conversation.levels import Level, Topic
from bot.store.case_tables import case_entries
from bot.store.tables import ON_FILE, case_years, cases, drill_years, handoffs, messages
from bot.store.transaction import Transaction, held


# Both databases understand these very words, and hold the year's row until the end of the transaction: two units
# never get one number, and one that is undone leaves no gap.
def _next_number(table: sa.Table) -> sa.TextClause:
    return sa.text(
        f"INSERT INTO {table.name} (year, last_number) VALUES (:year, 1)"
        f" ON CONFLICT (year) DO UPDATE SET last_number = {table.name}.last_number + 1 RETURNING last_number"
    )


_NEXT_NUMBER, _NEXT_DRILL_NUMBER = _next_number(case_years), _next_number(drill_years)
DRILL_MARK = "练"
"""Before the number of a case that is none."""

MUST_REPORT = sa.and_(cases.c.report_since.is_not(None), cases.c.reported_at.is_(None))
"""Harm to a minor is still to be reported."""

NEWEST_FIRST = (cases.c.opened_at.desc(), cases.c.number.desc())


class SqlCases:
    """Cases, numbered afresh each year in Hunan; those of the accounts `drills` have numbers of their own."""

    def __init__(self, transaction: Transaction, drills: Collection[str] = ()) -> None:
        self._transaction = transaction
        self._drills = drills

    async def get(self, case_id: str) -> Case:
        """The case of this id; raises NotFound."""
        return case_of(await self._transaction.get(held(cases).where(cases.c.id == case_id)))

    async def open_of(self, contact_id: str) -> Case | None:
        """The newest file of this person that is not archived."""
        query = held(cases).where(cases.c.contact_id == contact_id, ON_FILE)
        row = await self._transaction.first(query.order_by(*NEWEST_FIRST).limit(1))
        return None if row is None else case_of(row)

    async def newest_of(self, contact_id: str) -> Case | None:
        """The newest file of this person, archived or not."""
        query = held(cases).where(cases.c.contact_id == contact_id)
        row = await self._transaction.first(query.order_by(*NEWEST_FIRST).limit(1))
        return None if row is None else case_of(row)

    async def on_file(self, contact_id: str, conversation_id: str) -> list[Case]:
        """Her files of this conversation that are not archived, the newest first."""
        hers = sa.and_(cases.c.contact_id == contact_id, cases.c.conversation_id == conversation_id, ON_FILE)
        return [case_of(row) for row in await self._transaction.all(held(cases).where(hers).order_by(*NEWEST_FIRST))]

    async def pressing(self, by: date) -> list[Case]:
        """Those on file in which something is due by this day, or harm to a minor is still to be reported."""
        query = sa.select(cases).where(ON_FILE, sa.or_(cases.c.due_on <= by, MUST_REPORT))
        return [case_of(row) for row in await self._transaction.all(query.order_by(cases.c.opened_at))]

    async def hands(self, case_id: str) -> frozenset[str]:
        """The staff who had a hand in it; see `repositories.Cases.hands`."""
        return frozenset((await self._transaction.execute(hands_in(sa.literal(case_id)))).scalars())

    async def add(self, case: Case) -> None:
        """Keep it and give it its number, "2026-000001", or "练2026-000001" for a drill."""
        await self._transaction.hold_contact(case.contact_id)
        year = case.opened_at.astimezone(HUNAN).year
        query, mark = (_NEXT_DRILL_NUMBER, DRILL_MARK) if case.account_id in self._drills else (_NEXT_NUMBER, "")
        number = (await self._transaction.execute(query, {"year": year})).scalar_one()
        case.number = f"{mark}{year}-{number:06d}"
        await self._transaction.insert(cases, asdict(case))

    async def save(self, case: Case) -> None:
        """Raises NotFound."""
        await self._transaction.hold_contact(case.contact_id)
        await self._transaction.update(cases, asdict(case))


def hers(staff_id: str, among: Collection[str] | None = None) -> sa.CompoundSelect[Any]:
    """The ids of the cases, of all or of these, in which she had a hand: the same as `hands_in` from her side."""
    some = sa.true() if among is None else cases.c.id.in_(among)
    working = sa.select(cases.c.id).where(cases.c.handler == staff_id, some)
    talk = cases.c.conversation_id
    written = sa.and_(
        case_entries.c.case_id == cases.c.id,
        case_entries.c.staff_id == staff_id,
        case_entries.c.kind.not_in(OVERSIGHT_ENTRIES),
    )
    taken = sa.and_(handoffs.c.conversation_id == talk, handoffs.c.claimed_by == staff_id)
    answered = sa.and_(messages.c.conversation_id == talk, messages.c.staff_id == staff_id)
    pairs = ((case_entries, written), (handoffs, taken), (messages, answered))
    return sa.union(working, *(sa.select(cases.c.id).join(table, joined).where(some) for table, joined in pairs))


def hands_in(case_id: sa.ColumnElement[str]) -> sa.CompoundSelect[Any]:
    """The staff who had a hand in this case."""
    talk = sa.select(cases.c.conversation_id).where(cases.c.id == case_id).scalar_subquery()
    written = sa.select(case_entries.c.staff_id).where(
        case_entries.c.case_id == case_id,
        case_entries.c.staff_id.is_not(None),
        case_entries.c.kind.not_in(OVERSIGHT_ENTRIES),
    )
    taker, writer = handoffs.c.claimed_by, messages.c.staff_id
    taken = sa.select(taker).where(handoffs.c.conversation_id == talk, taker.is_not(None))
    answered = sa.select(writer).where(messages.c.conversation_id == talk, writer.is_not(None))
    working = sa.select(cases.c.handler).where(cases.c.id == case_id, cases.c.handler.is_not(None))
    return sa.union(working, written, taken, answered)


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
        handler=row.handler,
        told_at=row.told_at,
        accepted_at=row.accepted_at,
        routed_at=row.routed_at,
        followed_at=row.followed_at,
        answered_at=row.answered_at,
        extended_at=row.extended_at,
        reopened_at=row.reopened_at,
        redone_at=row.redone_at,
        due_on=row.due_on,
        report_since=row.report_since,
        reported_at=row.reported_at,
        checked_at=row.checked_at,
        check_passed=row.check_passed,
    )
