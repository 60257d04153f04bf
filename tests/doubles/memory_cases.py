"""The office's files, their history and follow-up visits in memory."""

from __future__ import annotations

from datetime import date
from itertools import count

from bot.conversation.case_checks import OVERSIGHT_ENTRIES
from bot.conversation.case_work import CaseEntry, Visit, VisitStatus
from bot.conversation.cases import Case, CaseStatus
from bot.conversation.clock import HUNAN
from bot.conversation.handoffs import Handoff
from bot.conversation.messages import Message
from tests.doubles.memory_tables import Work


class MemoryCases:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def get(self, case_id: str) -> Case:
        return self._work.get(Case, case_id)

    async def open_of(self, contact_id: str) -> Case | None:
        hers = (case for case in self._work.all(Case) if case.contact_id == contact_id)
        on_file = [case for case in hers if case.status is not CaseStatus.ARCHIVED]
        return max(on_file, key=lambda case: (case.opened_at, case.number), default=None)

    async def newest_of(self, contact_id: str) -> Case | None:
        hers = (case for case in self._work.all(Case) if case.contact_id == contact_id)
        return max(hers, key=lambda case: (case.opened_at, case.number), default=None)

    async def on_file(self, contact_id: str, conversation_id: str) -> list[Case]:
        hers = (case for case in self._work.all(Case) if case.contact_id == contact_id)
        of_this = (case for case in hers if case.conversation_id == conversation_id)
        on_file = [case for case in of_this if case.status is not CaseStatus.ARCHIVED]
        return sorted(on_file, key=lambda case: (case.opened_at, case.number), reverse=True)

    async def pressing(self, by: date) -> list[Case]:
        on_file = (case for case in self._work.all(Case) if case.status is not CaseStatus.ARCHIVED)
        found = [case for case in on_file if case.must_report or (case.due_on is not None and case.due_on <= by)]
        return sorted(found, key=lambda case: case.opened_at)

    async def hands(self, case_id: str) -> frozenset[str]:
        case = self._work.get(Case, case_id)
        entries = (one for one in self._work.all(CaseEntry) if one.case_id == case_id)
        handoffs = (one for one in self._work.all(Handoff) if one.conversation_id == case.conversation_id)
        messages = (one for one in self._work.all(Message) if one.conversation_id == case.conversation_id)
        found = {
            case.handler,
            *(entry.staff_id for entry in entries if entry.kind not in OVERSIGHT_ENTRIES),
            *(handoff.claimed_by for handoff in handoffs),
            *(message.staff_id for message in messages),
        }
        return frozenset(one for one in found if one is not None)

    async def add(self, case: Case) -> None:
        mark = "练" if case.account_id in self._work.memory.drills else ""
        year = f"{mark}{case.opened_at.astimezone(HUNAN).year}"
        numbers = self._work.memory.case_numbers.setdefault(year, count(1))
        case.number = f"{year}-{next(numbers):06d}"
        self._work.add(case)

    async def save(self, case: Case) -> None:
        self._work.save(case)


class MemoryCaseEntries:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def add(self, entry: CaseEntry) -> None:
        self._work.add(entry)

    async def has(self, entry_id: str) -> bool:
        return self._work.find(CaseEntry, entry_id) is not None

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

    async def pressing(self, by: date) -> list[tuple[Visit, Case]]:
        due = (one for one in self._work.all(Visit) if one.status is VisitStatus.PLANNED and one.planned_on <= by)
        found = [(one, self._work.get(Case, one.case_id)) for one in due]
        on_file = [(visit, case) for visit, case in found if case.status is not CaseStatus.ARCHIVED]
        return sorted(on_file, key=lambda pair: pair[0].planned_on)

    async def add(self, visit: Visit) -> None:
        self._work.add(visit)

    async def save(self, visit: Visit) -> None:
        self._work.save(visit)
