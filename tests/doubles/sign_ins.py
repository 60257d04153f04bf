"""How the site finds sessions and renews password hashes, over any units of work."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.conversation.errors import NotFound
from bot.conversation.repositories import UnitsOfWork
from bot.conversation.staff import Session, Staff


class SignIns:
    """What `web.Door` asks of the store."""

    def __init__(self, units: UnitsOfWork) -> None:
        self._units = units

    async def find_session(self, token_digest: str, now: datetime) -> tuple[Session, Staff] | None:
        async with self._units() as uow:
            session = await uow.sessions.find(token_digest, now)
            if session is None:
                return None
            try:
                return session, await uow.staff.get(session.staff_id)
            except NotFound:
                return None

    async def extend_session(self, token_digest: str, until: datetime) -> None:
        async with self._units() as uow:
            session = await uow.sessions.find(token_digest, datetime.min.replace(tzinfo=UTC))
            if session is not None and session.expires_at < until:
                await uow.sessions.end(token_digest)
                await uow.commit()
                await uow.sessions.add(replace(session, expires_at=until))
                await uow.commit()

    async def renew_hash(self, staff_id: str, old: str, new: str) -> None:
        async with self._units() as uow:
            member = await uow.staff.get(staff_id)
            if member.password_hash == old:
                await uow.staff.save(replace(member, password_hash=new))
                await uow.commit()
