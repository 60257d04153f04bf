"""Sign-ins of browsers and API clients: begun with a password, held by a random token, ended at will or after a day."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.conversation.clock import Clock
from bot.conversation.errors import RedisUnavailable
from bot.conversation.messages import new_id
from bot.conversation.ports import Queue
from bot.conversation.repositories import UnitsOfWork
from bot.conversation.staff import AuditEntry, Role, Scope, Session, Staff
from bot.web.attempts import Attempts
from bot.web.errors import SignInRefused
from bot.web.passwords import Passwords

log = structlog.get_logger(__name__)

SESSION_LIFE = timedelta(hours=12)
"""A long shift; the next one begins with the password."""

FindSession = Callable[[str, datetime], Awaitable[tuple[Session, Staff] | None]]
"""The sign-in of a token's digest that holds at this moment, and whose it is; read without a write lock."""

RenewHash = Callable[[str, str], Awaitable[None]]
"""Keeps a new password hash for the member of staff of this id."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Who is here, and by which sign-in."""

    staff: Staff
    session: Session


@dataclass(frozen=True, slots=True)
class Opened:
    """A new sign-in; `token` is known only to the client from now on."""

    token: str = field(repr=False)
    visit: Visit


@dataclass(frozen=True, slots=True)
class Door:
    """What signing in and out needs."""

    units: UnitsOfWork
    queue: Queue
    clock: Clock
    find_session: FindSession
    renew_hash: RenewHash
    passwords: Passwords
    attempts: Attempts


async def sign_in(username: str, password: str, address: str, door: Door) -> Opened:
    """Begin a session; raises SignInRefused, TooManyAttempts, StoreUnavailable."""
    door.attempts.begin(username, address)
    async with door.units() as uow:
        staff = await uow.staff.by_username(username)
    verdict = await door.passwords.check(password, staff.password_hash if staff and staff.active else None)
    if staff is None or not verdict.right:
        raise SignInRefused("wrong name or password")
    door.attempts.forget(username, address)
    if verdict.renewed is not None:
        await door.renew_hash(staff.id, verdict.renewed)
    return await _open(staff, door)


async def find(token: str, door: Door) -> Visit | None:
    """Who holds this token; None if it is unknown, has run out, or its owner was barred."""
    found = await door.find_session(_digest(token), door.clock.now())
    if found is None or not found[1].active:
        return None
    session, staff = found
    return Visit(staff, session)


async def still_holds(visit: Visit, door: Door) -> bool:
    """Whether this sign-in stands as it did; also not if role or scope was changed since."""
    found = await door.find_session(visit.session.token_digest, door.clock.now())
    return found is not None and found[1].active and _rights(found[1]) == _rights(visit.staff)


async def sign_out(visit: Visit, door: Door) -> None:
    """End the session at once, and the presence at the desk with it."""
    async with door.units() as uow:
        await uow.sessions.end(visit.session.token_digest)
        await uow.audit.append(_entry(visit.staff, "session.end", door.clock.now()))
        await uow.commit()
    try:
        await door.queue.leave(visit.staff.id)
    except RedisUnavailable as error:
        log.warning("presence runs out by itself", staff_id=visit.staff.id, error=str(error))


async def _open(staff: Staff, door: Door) -> Opened:
    now, token = door.clock.now(), secrets.token_urlsafe(32)
    session = Session(
        token_digest=_digest(token),
        staff_id=staff.id,
        csrf_token=secrets.token_urlsafe(32),
        created_at=now,
        expires_at=now + SESSION_LIFE,
    )
    async with door.units() as uow:
        await uow.sessions.add(session)
        await uow.audit.append(_entry(staff, "session.begin", now))
        await uow.commit()
    return Opened(token, Visit(staff, session))


def _rights(staff: Staff) -> tuple[Role, Scope]:
    return staff.role, staff.scope


def _entry(staff: Staff, action: str, now: datetime) -> AuditEntry:
    return AuditEntry(new_id(), staff.id, action, staff.id, now)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
