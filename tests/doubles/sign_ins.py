"""How the site finds sessions and renews password hashes, over any units of work."""

from __future__ import annotations

from datetime import datetime

from bot.conversation.errors import NotFound
from bot.conversation.repositories import UnitsOfWork
from bot.conversation.staff import Session, Staff


class SignIns:
    """`find_session` and `renew_hash` of `web.SitePorts`; `renewed` are the hashes to keep, by staff id."""

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

    async def renew_hash(self, staff_id: str, password_hash: str) -> None:
        self.renewed[staff_id] = password_hash
