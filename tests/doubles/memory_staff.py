"""Staff, their sign-ins, their second factors and the audit trail, in memory."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from bot.conversation.staff import AuditEntry, SecondFactor, Session, Staff
from tests.doubles.memory_tables import Work


class MemoryStaffMembers:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def get(self, staff_id: str) -> Staff:
        return self._work.get(Staff, staff_id)

    async def hold(self, staff_id: str) -> Staff:
        member = await self.get(staff_id)
        await self.save(member)  # of two units that hold her, the second to commit is refused
        return member

    async def by_username(self, username: str) -> Staff | None:
        folded = username.casefold()
        return next((one for one in self._work.all(Staff) if one.username.casefold() == folded), None)

    async def some(self, staff_ids: Collection[str]) -> Sequence[Staff]:
        return [member for member in await self.all() if member.id in staff_ids]

    async def all(self) -> Sequence[Staff]:
        return sorted(self._work.all(Staff), key=lambda one: one.username.casefold())

    async def add(self, staff: Staff) -> None:
        self._work.add(staff)

    async def save(self, staff: Staff) -> None:
        self._work.save(staff)


class MemorySessions:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def find(self, token_digest: str, now: datetime) -> Session | None:
        found = (session for session in self._work.all(Session) if session.token_digest == token_digest)
        return next((session for session in found if session.expires_at > now), None)

    async def add(self, session: Session) -> None:
        self._work.add(session)

    async def drill(self, token_digest: str, *, on: bool) -> None:
        found = self._work.find(Session, token_digest)
        if found is not None:
            self._work.save(replace(found, drilling=on))

    async def drilling(self, now: datetime) -> frozenset[str]:
        return frozenset(one.staff_id for one in self._work.all(Session) if one.drilling and one.expires_at > now)

    async def end(self, token_digest: str) -> None:
        ended = self._work.find(Session, token_digest)
        if ended is not None:
            self._work.remove(ended)

    async def end_all(self, staff_id: str, but: str = "") -> None:
        for session in self._work.all(Session):
            if session.staff_id == staff_id and session.token_digest != but:
                self._work.remove(session)


class MemoryAuditTrail:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def append(self, entry: AuditEntry) -> None:
        self._work.add(entry)


class MemorySecondFactors:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def of(self, staff_id: str) -> SecondFactor | None:
        return self._work.find(SecondFactor, staff_id)

    async def save(self, factor: SecondFactor) -> None:
        self._work.put(factor)

    async def end(self, staff_id: str) -> None:
        kept = self._work.find(SecondFactor, staff_id)
        if kept is not None:
            self._work.remove(kept)
