"""The shell of the site over a store in memory, with one page and one API route of a test's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
from cryptography.fernet import Fernet
from fastapi import FastAPI

from bot.conversation.messages import new_id
from bot.conversation.staff import Role, Staff
from bot.store.encryption import FernetSealer
from bot.web import Door, create_site
from bot.web.access import Caller, Visitor
from bot.web.attempts import Attempts
from bot.web.passwords import Passwords
from tests.doubles.clock import SettableClock
from tests.doubles.memory_leases import MemoryLeases
from tests.doubles.memory_queue import MemoryQueue
from tests.doubles.memory_store import MemoryUnits
from tests.doubles.memory_tries import MemoryTries
from tests.doubles.office import PASSWORD, QUICK
from tests.doubles.sign_ins import SignIns


@dataclass
class Shell:
    """The site, and what it stands on."""

    site: FastAPI
    units: MemoryUnits
    queue: MemoryQueue
    clock: SettableClock
    tries: MemoryTries

    async def hire(self, username: str = "li", **changes: Any) -> Staff:
        fields = {"role": Role.OPERATOR, "password_hash": QUICK.hash(PASSWORD), **changes}
        member = Staff(new_id(), username, "李晓梅", created_at=self.clock.now(), **fields)
        async with self.units() as uow:
            await uow.staff.add(member)
            await uow.commit()
        return member

    def browser(self, scheme: str = "http", address: str = "10.0.0.7") -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.site, client=(address, 1234))
        return httpx.AsyncClient(transport=transport, base_url=f"{scheme}://desk", trust_env=False)


async def sign_in(client: httpx.AsyncClient, password: str = PASSWORD, **form: str) -> httpx.Response:
    """Send the form."""
    return await client.post("/sign-in", data={"username": "li", "password": password, **form})


def make_shell() -> Shell:
    """A site with one page and one API route."""
    clock, units = SettableClock(), MemoryUnits()
    queue, sign_ins, tries = MemoryQueue(clock), SignIns(units), MemoryTries(clock)
    sealer = FernetSealer([Fernet.generate_key().decode()], "index secret")
    site = create_site(
        Door(
            units=units,
            queue=queue,
            leases=MemoryLeases(clock),
            clock=clock,
            sealer=sealer,
            find_session=sign_ins.find_session,
            extend_session=sign_ins.extend_session,
            renew_hash=sign_ins.renew_hash,
            attempts=Attempts(tries, sealer),
            passwords=Passwords(QUICK),
        )
    )

    @site.get("/page")
    async def page(visit: Visitor) -> str:
        return visit.session.csrf_token

    @site.post("/page")
    async def change(visit: Visitor) -> str:
        return "changed"

    @site.get("/api/v1/me")
    async def me(visit: Caller) -> str:
        return visit.staff.username

    return Shell(site, units, queue, clock, tries)
