"""Shares between cities in memory."""

from __future__ import annotations

from datetime import datetime

from bot.conversation.shares import Share, WrongCode
from tests.doubles.memory_tables import KeptCode, Work


class MemoryShares:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def get(self, share_id: str) -> Share:
        return self._work.get(Share, share_id)

    async def add(self, share: Share, code: str) -> None:
        self._work.add(share)
        self._work.add(KeptCode(share.id, share.contact_id, code))

    async def save(self, share: Share) -> None:
        self._work.save(share)
        if share.used_at or share.ended_at:
            kept = self._work.find(KeptCode, share.id)
            if kept is not None:
                self._work.remove(kept)

    async def by_code(self, code: str) -> Share | None:
        found = next((kept for kept in self._work.all(KeptCode) if kept.code == code), None)
        return self._work.find(Share, found.id) if found else None

    async def given(self, contact_id: str) -> list[Share]:
        return self._standing([share for share in self._work.all(Share) if share.contact_id == contact_id])

    async def taken(self, contact_id: str) -> list[Share]:
        return self._standing([share for share in self._work.all(Share) if share.with_contact_id == contact_id])

    def _standing(self, shares: list[Share]) -> list[Share]:
        standing = sorted((share for share in shares if share.ended_at is None), key=lambda share: share.id)
        return sorted(standing, key=lambda share: share.asked_at, reverse=True)

    async def note_wrong_code(self, wrong: WrongCode) -> None:
        self._work.add(wrong)

    async def wrong_codes(self, contact_id: str, since: datetime) -> int:
        return sum(one.contact_id == contact_id and one.at >= since for one in self._work.all(WrongCode))
