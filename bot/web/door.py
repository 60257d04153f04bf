"""What signing in and out needs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.conversation.clock import Clock
from bot.conversation.desk_ports import Leases
from bot.conversation.messages import new_id
from bot.conversation.ports import Queue, Sealer
from bot.conversation.repositories import UnitOfWork, UnitsOfWork
from bot.conversation.staff import AuditEntry, Session, Staff
from bot.web.attempts import Attempts
from bot.web.errors import SignInRefused
from bot.web.passwords import Passwords

FindSession = Callable[[str, datetime], Awaitable[tuple[Session, Staff] | None]]
"""The sign-in of a token's digest that holds at this moment, and whose it is; read without a write lock."""

ExtendSession = Callable[[str, datetime], Awaitable[None]]
"""Lets the sign-in of a token's digest hold until then, if it did not hold so long anyway."""

RenewHash = Callable[[str, str, str], Awaitable[None]]
"""Keeps for the member of staff of this id, in place of this password hash, a new one; not in place of another."""


@dataclass(frozen=True, slots=True)
class Door:
    """What signing in and out needs."""

    units: UnitsOfWork
    queue: Queue
    leases: Leases
    clock: Clock
    sealer: Sealer
    find_session: FindSession
    extend_session: ExtendSession
    renew_hash: RenewHash
    attempts: Attempts
    drills: frozenset[str] = frozenset()
    """The accounts that are for drills."""
    passwords: Passwords = field(default_factory=Passwords)


async def note(uow: UnitOfWork, staff_id: str, action: str, door: Door) -> None:
    """Write to the audit trail what was done at the door by somebody to her own account, with the commit."""
    await uow.audit.append(AuditEntry(new_id(), staff_id, action, staff_id, door.clock.now()))


async def check_again(staff: Staff, password: str, address: str, door: Door) -> None:
    """Raise SignInRefused unless she who is signed in gives her password; also TooManyAttempts, StoreUnavailable."""
    await door.attempts.begin(staff.username, address)
    if not (await door.passwords.check(password, staff.password_hash)).right:
        async with door.units() as uow:
            await note(uow, staff.id, "password.refuse", door)
            await uow.commit()
        raise SignInRefused("wrong password")
    await door.attempts.forget(staff.username, address)
