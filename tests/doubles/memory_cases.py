"""The history of cases and follow-up visits in memory."""

from __future__ import annotations

from bot.conversation.case_work import CaseEntry, Visit
from tests.doubles.memory_tables import Work


class MemoryCaseEntries:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def add(self, entry: CaseEntry) -> None:
        self._work.add(entry)

    async def of(self, case_id: str) -> list[CaseEntry]:
        return sorted((one for one in self._work.all(CaseEntry) if one.case_id == case_id), key=lambda one: one.at)


class MemoryVisits:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def get(self, visit_id: str) -> Visit:
        return self._work.get(Visit, visit_id)

    async def of(self, case_id: str) -> list[Visit]:
        hers = (visit for visit in self._work.all(Visit) if visit.case_id == case_id)
        return sorted(hers, key=lambda visit: (visit.planned_on, visit.id))

    async def add(self, visit: Visit) -> None:
        self._work.add(visit)

    async def save(self, visit: Visit) -> None:
        self._work.save(visit)
