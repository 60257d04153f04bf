"""The history of cases, its words sealed, and follow-up visits, in SQL."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import Any

import sqlalchemy as sa

from bot.conversation.case_letters import CaseLetter, LetterWords
from bot.conversation.case_work import CaseEntry, EntryKind, Outcome, Visit, VisitStatus
from bot.conversation.cases import Agency, Case, CaseStatus
from bot.conversation.ports import Sealer
from bot.store.case_tables import PLANNED, case_entries, visits
from bot.store.repositories.cases import case_of
from bot.store.tables import ON_FILE, cases
from bot.store.transaction import Transaction, held


class SqlCaseEntries:
    """The lines of the history; only added to."""

    def __init__(self, transaction: Transaction, sealer: Sealer) -> None:
        self._transaction = transaction
        self._sealer = sealer

    async def add(self, entry: CaseEntry) -> None:
        """Raises StaleVersion if she was erased."""
        await self._transaction.hold_contact(entry.contact_id)
        kept = asdict(entry)
        sealed = {"words": kept.pop("words"), "marks": kept.pop("marks"), "day": _written(kept.pop("day"))}
        if (letter := kept.pop("letter")) is not None:
            sealed["letter"] = letter | {"day": _written(letter["day"])}
        content = self._sealer.seal(json.dumps(sealed, ensure_ascii=False).encode())
        await self._transaction.insert(case_entries, {**kept, "content": content})

    async def has(self, entry_id: str) -> bool:
        """Whether this line is written; its words are not opened."""
        query = sa.select(case_entries.c.id).where(case_entries.c.id == entry_id)
        return await self._transaction.first(query) is not None

    async def of(self, case_id: str) -> list[CaseEntry]:
        """All of this case, in order; raises InvalidData if no key opens one."""
        rows = await self._transaction.all(entries_query(case_id))
        return [entry_of(row, self._sealer) for row in rows]


class SqlVisits:
    """Follow-up visits."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, visit_id: str) -> Visit:
        """Raises NotFound."""
        return visit_of(await self._transaction.get(held(visits).where(visits.c.id == visit_id)))

    async def of(self, case_id: str) -> list[Visit]:
        """All of this case, by their day."""
        return [visit_of(row) for row in await self._transaction.all(visits_query(case_id))]

    async def pressing(self, by: date) -> list[tuple[Visit, Case]]:
        """Those still planned, for this day or before, with their cases, as long as these are on file."""
        due = sa.and_(PLANNED, ON_FILE, visits.c.planned_on <= by)
        joined = sa.and_(cases.c.id == visits.c.case_id, due)
        found = await self._transaction.all(sa.select(visits).join(cases, joined).order_by(visits.c.planned_on))
        theirs = await self._transaction.all(sa.select(cases).where(sa.select(visits.c.id).where(joined).exists()))
        by_id = {row.id: case_of(row) for row in theirs}
        return [(visit_of(row), by_id[row.case_id]) for row in found]

    async def add(self, visit: Visit) -> None:
        """Raises StaleVersion if she was erased."""
        await self._transaction.hold_contact(visit.contact_id)
        await self._transaction.insert(visits, asdict(visit))

    async def save(self, visit: Visit) -> None:
        """Raises NotFound, and StaleVersion if she was erased."""
        await self._transaction.hold_contact(visit.contact_id)
        await self._transaction.update(visits, asdict(visit))


def entries_query(case_id: str) -> sa.Select[Any]:
    """The history of a case, in order."""
    return sa.select(case_entries).where(case_entries.c.case_id == case_id).order_by(case_entries.c.at)


def visits_query(case_id: str) -> sa.Select[Any]:
    """The visits of a case, by their day."""
    return sa.select(visits).where(visits.c.case_id == case_id).order_by(visits.c.planned_on, visits.c.id)


def entry_of(row: sa.Row[Any], sealer: Sealer) -> CaseEntry:
    """The entry of a row of `case_entries`; raises InvalidData if no key opens its words."""
    sealed = json.loads(sealer.open(row.content))
    return CaseEntry(
        id=row.id,
        case_id=row.case_id,
        contact_id=row.contact_id,
        staff_id=row.staff_id,
        at=row.at,
        kind=EntryKind(row.kind),
        before=row.before and CaseStatus(row.before),
        after=row.after and CaseStatus(row.after),
        agency=row.agency and Agency(row.agency),
        words=sealed["words"],
        day=sealed["day"] and date.fromisoformat(sealed["day"]),
        marks=tuple(sealed["marks"]),
        letter=_letter_of(sealed["letter"]) if "letter" in sealed else None,
    )


def _letter_of(kept: dict[str, Any]) -> CaseLetter:
    words = kept["words"]
    return CaseLetter(
        number=kept["number"],
        day=date.fromisoformat(kept["day"]),
        status=CaseStatus(kept["status"]),
        agency=Agency(kept["agency"]),
        words=LetterWords(**words | {"enclosures": tuple(words["enclosures"])}),
    )


def visit_of(row: sa.Row[Any]) -> Visit:
    """The visit of a row of `visits`."""
    return Visit(
        id=row.id,
        case_id=row.case_id,
        contact_id=row.contact_id,
        planned_on=row.planned_on,
        status=VisitStatus(row.status),
        outcome=row.outcome and Outcome(row.outcome),
        settled_at=row.settled_at,
    )


def _written(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
