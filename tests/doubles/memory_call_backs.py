"""Calls back in memory."""

from __future__ import annotations

from datetime import datetime

from bot.conversation.call_backs import CallBack, OverdueCall
from tests.doubles.memory_tables import Work


class MemoryCallBacks:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def get(self, call_back_id: str) -> CallBack:
        return self._work.get(CallBack, call_back_id)

    async def open_of(self, contact_id: str) -> list[CallBack]:
        hers = (one for one in self._work.all(CallBack) if one.contact_id == contact_id)
        return sorted((one for one in hers if one.settled_at is None), key=lambda one: one.asked_at)

    async def overdue(self, now: datetime) -> list[OverdueCall]:
        found = sorted((one for one in self._work.all(CallBack) if one.is_overdue(now)), key=lambda one: one.due_at)
        return [
            OverdueCall(one.id, one.conversation_id, one.account_id, one.region, one.level, one.due_at) for one in found
        ]

    async def add(self, call_back: CallBack) -> None:
        self._work.add(call_back)

    async def save(self, call_back: CallBack) -> None:
        self._work.save(call_back)
