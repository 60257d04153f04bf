"""What a city may read of a person's cases in another, as long as she allows it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.case_work import EntryKind
from bot.conversation.cases import Agency, Case, CaseStatus
from bot.conversation.shares import Share
from bot.conversation.staff import Scope
from bot.store.case_tables import case_entries
from bot.store.desk_tables import shares
from bot.store.engine import reading
from bot.store.queries import within
from bot.store.repositories.cases import NEWEST_FIRST, case_of
from bot.store.repositories.shares import HOLDS, share_of
from bot.store.tables import cases, contacts, conversations
from bot.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class SharedStep:
    """One step of the other office, without its words."""

    at: datetime
    status: CaseStatus
    agency: Agency | None


@dataclass(frozen=True, slots=True)
class SharedCases:
    """Her cases on the other account, the newest first, each with its steps; `conversation_id` is hers here."""

    share: Share
    account_id: str
    conversation_id: str
    cases: tuple[tuple[Case, tuple[SharedStep, ...]], ...]


@dataclass(frozen=True, slots=True)
class ShareReads:
    """The reads, bound to a database; all raise StoreUnavailable."""

    engine: AsyncEngine

    async def shared_cases(self, scope: Scope, share_id: str) -> SharedCases:
        """What the share lets be read; raises NotFound, also if she is outside the scope here, or it does not hold."""
        here = (
            sa.select(conversations.c.id)
            .where(conversations.c.contact_id == shares.c.with_contact_id, within(scope, conversations))
            .order_by(conversations.c.opened_at.desc())
            .limit(1)
            .scalar_subquery()
        )
        query = (
            sa.select(shares, contacts.c.account_id, here.label("conversation_id"))
            .join(contacts, contacts.c.id == shares.c.contact_id)
            .where(shares.c.id == share_id, HOLDS, here.is_not(None))
        )
        async with aclosing(await Transaction.begin(reading(self.engine))) as snapshot:
            row = await snapshot.get(query)
            hers = sa.select(cases).where(cases.c.contact_id == row.contact_id).order_by(*NEWEST_FIRST)
            found = [case_of(one) for one in await snapshot.all(hers)]
            steps = await snapshot.all(_steps(row.contact_id))
        return SharedCases(
            share_of(row), row.account_id, row.conversation_id, tuple(_with(steps, case) for case in found)
        )


def _steps(contact_id: str) -> sa.Select[Any]:
    columns = (case_entries.c.case_id, case_entries.c.at, case_entries.c.after, case_entries.c.agency)
    hers = sa.and_(case_entries.c.contact_id == contact_id, case_entries.c.kind == EntryKind.STEP)
    return sa.select(*columns).where(hers).order_by(case_entries.c.at)


def _with(steps: Sequence[sa.Row[Any]], case: Case) -> tuple[Case, tuple[SharedStep, ...]]:
    of_this = (row for row in steps if row.case_id == case.id)
    return case, tuple(SharedStep(row.at, CaseStatus(row.after), row.agency and Agency(row.agency)) for row in of_this)
