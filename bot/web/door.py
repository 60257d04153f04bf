"""What signing in and out needs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.conversation.clock import Clock
from bot.conversation.desk_ports import Leases
from bot.conversation.ports import Queue, Sealer
from bot.conversation.repositories import UnitsOfWork
from bot.conversation.staff import Session, Staff
from bot.web.attempts import Attempts
from bot.web.errors import SignInRefused
from bot.web.passwords import Passwords

FindSession = Callable[[str, datetime], Awaitable[tuple[Session, Staff] | None]]
"""The sign-in of a token's digest that holds at this moment, and whose it is; read without a write lock."""

ExtendSession = Callable[[str, datetime], Awaitable[None]]
"""Lets the sign-in of a token's digest hold until then, if it did not hold so long anyway."""

RenewHash = Callable[[str, str], Awaitable[None]]
"""Keeps a new password hash for the member of staff of this id."""


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


async def check_again(staff: Staff, password: str, address: str, door: Door) -> None:
    """Raise SignInRefused unless this is the password of who is signed in already, and TooManyAttempts."""
    door.attempts.begin(staff.username, address)
    if not (await door.passwords.check(password, staff.password_hash)).right:
        raise SignInRefused("wrong password")
    door.attempts.forget(staff.username, address)
