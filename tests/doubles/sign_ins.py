"""How the site finds sessions and renews password hashes, over any units of work."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.conversation.errors import NotFound
from bot.conversation.repositories import UnitsOfWork
from bot.conversation.staff import Session, Staff


class SignIns:
    """What `web.Door` asks of the store; `renewed` are the hashes to keep, by staff id."""

    def __init__(self, units: UnitsOfWork) -> None:
        self._units = units
        self.renewed: dict[str, str] = {}

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

    async def renew_hash(self, staff_id: str, password_hash: str) -> None:
        self.renewed[staff_id] = password_hash
