"""Notes, canned replies and the plan of duty in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from bot.conversation.canned import CannedReply
from bot.conversation.notes import Note
from bot.conversation.roster import Day, Shift
from tests.doubles.memory_tables import Work


class MemoryNotes:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def add(self, note: Note) -> None:
        self._work.add(note)

    async def of(self, conversation_id: str) -> list[Note]:
        hers = (note for note in self._work.all(Note) if note.conversation_id == conversation_id)
        return sorted(hers, key=lambda note: (note.at, note.id))


class MemoryCannedReplies:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def get(self, reply_id: str) -> CannedReply:
        return self._work.get(CannedReply, reply_id)

    async def add(self, reply: CannedReply) -> None:
        self._work.add(reply)

    async def save(self, reply: CannedReply) -> None:
        self._work.save(reply)

    async def end(self, reply_id: str) -> None:
        kept = self._work.find(CannedReply, reply_id)
        if kept is not None:
            self._work.remove(kept)


class MemoryShifts:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def get(self, shift_id: str) -> Shift:
        return self._work.get(Shift, shift_id)

    async def of(self, staff_id: str) -> list[Shift]:
        return self._in_order(shift for shift in self._work.all(Shift) if shift.staff_id == staff_id)

    async def plan(self, staff_ids: Collection[str], days: Collection[Day]) -> list[Shift]:
        held = (one for one in self._work.all(Shift) if one.staff_id in staff_ids and one.day in days)
        return self._in_order(held)

    async def add(self, shift: Shift) -> None:
        self._work.add(shift)

    async def end(self, shift_id: str) -> None:
        kept = self._work.find(Shift, shift_id)
        if kept is not None:
            self._work.remove(kept)

    @staticmethod
    def _in_order(shifts: Iterable[Shift]) -> list[Shift]:
        return sorted(shifts, key=lambda one: (one.staff_id, str(one.day), one.starts, one.id))
