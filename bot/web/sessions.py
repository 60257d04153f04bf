"""Sign-ins of browsers and API clients: begun with a password, held by a random token, ended at will or by time."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import structlog

from bot.conversation.errors import RedisUnavailable, StoreUnavailable
from bot.conversation.repositories import UnitOfWork
from bot.conversation.staff import CHAT_ROLES, Role, Scope, Session, Staff
from bot.web import second_factor
from bot.web.door import Door, check_again, note
from bot.web.errors import SignInRefused
from bot.web.passwords import check_strength

log = structlog.get_logger(__name__)

SESSION_LIFE = timedelta(hours=12)
"""A long shift; the next one begins with the password."""

IDLE_LIFE = timedelta(hours=1)
"""How long a browser stays signed in that asks for nothing: its desk is closed, for an open one always listens."""

NOBODY = "nobody"
"""In the audit trail: who gave a name that there is not."""

_EXTEND_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Visit:
    """Who is here, and by which sign-in; her scope holds what is real, or while she is `drilling` drills alone."""

    staff: Staff
    session: Session
    drilling: bool = False
    may_drill: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """A new sign-in; `token` is known only to the client from now on."""

    token: str = field(repr=False)
    visit: Visit


@dataclass(frozen=True, slots=True)
class CodeWanted:
    """The password was right, and a code of the second factor is to be given with this ticket."""

    ticket: str = field(repr=False)


async def sign_in(
    username: str, password: str, address: str, door: Door, lasts: timedelta = IDLE_LIFE
) -> Opened | CodeWanted:
    """Begin a session that `lasts` so long without use, or ask for a code first.

    Raises SignInRefused, TooManyAttempts, StoreUnavailable.
    """
    await door.attempts.begin(username, address)
    async with door.units(reading=True) as uow:
        staff = await uow.staff.by_username(username)
    verdict = await door.passwords.check(password, staff.password_hash if staff and staff.active else None)
    if staff is None or not verdict.right:
        await _note_refusal(staff, door)
        raise SignInRefused("wrong name or password")
    await door.attempts.forget(username, address)
    if verdict.renewed is not None:
        await door.renew_hash(staff.id, staff.password_hash, verdict.renewed)
        staff.password_hash = verdict.renewed
    if await second_factor.is_enrolled(staff.id, door):
        return CodeWanted(second_factor.ticket_for(staff, door))
    return await _open(staff, door, lasts)


async def give_code(ticket: str, code: str, door: Door, lasts: timedelta = IDLE_LIFE) -> Opened:
    """Begin a session with the code that was asked for; raises as `second_factor.redeem`."""
    return await _open(await second_factor.redeem(ticket, code, door), door, lasts)


async def find(
    token: str, door: Door, drills: Callable[[Session], bool] = lambda _: False, *, puts_off: bool = True
) -> Visit | None:
    """Who holds this token, and is there; None if it is unknown, has run out, or its owner was barred.

    `drills` tells of a sign-in whether it asks for drills; everything else is in earnest. Each request `puts_off` the
    end of the sign-in, but not what a page says by itself.
    """
    found = await door.find_session(_digest(token), door.clock.now())
    if found is None or not found[1].active:
        return None
    session, staff = found
    if puts_off:
        await _stay(session, door)
    await is_here(staff, door)
    return _visit(staff, session, door, drilling=drills(session))


async def is_here(staff: Staff, door: Door) -> None:
    """There was word of her: what she holds stays hers."""
    try:
        await door.leases.stay(staff.id)
    except RedisUnavailable as error:
        log.warning("word not kept", staff_id=staff.id, error=str(error))


async def still_holds(visit: Visit, door: Door) -> bool:
    """Whether this sign-in stands as it did; also not if role or scope was changed since."""
    found = await door.find_session(visit.session.token_digest, door.clock.now())
    if found is None or not found[1].active:
        return False
    now = _visit(found[1], found[0], door, drilling=visit.drilling)
    if _rights(now.staff) != _rights(visit.staff):
        return False
    await _stay(found[0], door)
    return True


async def sign_out(visit: Visit, door: Door) -> None:
    """End the session at once, and the presence at the desk with it."""
    async with door.units() as uow:
        await uow.sessions.end(visit.session.token_digest)
        await note(uow, visit.staff.id, "session.end", door)
        await uow.commit()
    await _leave(visit.staff, door)


async def sign_out_everywhere(visit: Visit, door: Door) -> None:
    """End every session of hers at once, and the presence at the desk with them."""
    async with door.units() as uow:
        await uow.sessions.end_all(visit.staff.id)
        await note(uow, visit.staff.id, "session.end-all", door)
        await uow.commit()
    await _leave(visit.staff, door)


async def change_password(visit: Visit, old: str, new: str, address: str, door: Door) -> Opened:
    """Replace her password, end every session of hers, and begin a new one for who just proved that it is she.

    Raises SignInRefused for a wrong old password, InvalidData for a weak new one, TooManyAttempts, StoreUnavailable.
    """
    check_strength(new)
    await check_again(visit.staff, old, address, door)
    hashed = await asyncio.to_thread(door.passwords.hash, new)
    async with door.units() as uow:
        staff = await _unchanged(visit.staff, uow)
        staff.password_hash = hashed
        await uow.staff.save(staff)
        await uow.sessions.end_all(staff.id)
        await note(uow, staff.id, "password.change", door)
        await uow.commit()
    return await _open(staff, door)


async def _note_refusal(staff: Staff | None, door: Door) -> None:
    """Also of a name that there is not: how long an answer takes must not tell which names there are."""
    async with door.units() as uow:
        await note(uow, NOBODY if staff is None else staff.id, "session.refuse", door)
        await uow.commit()


async def _leave(staff: Staff, door: Door) -> None:
    try:
        await door.queue.leave(staff.id)
    except RedisUnavailable as error:
        log.warning("presence runs out by itself", staff_id=staff.id, error=str(error))


async def _stay(session: Session, door: Door) -> None:
    """Put off the end of a session that is in use, though not past its longest life."""
    until = min(door.clock.now() + IDLE_LIFE, session.created_at + SESSION_LIFE)
    if until - session.expires_at < _EXTEND_EVERY:
        return
    try:
        await door.extend_session(session.token_digest, until)
    except StoreUnavailable as error:
        log.warning("session not put off", error=str(error))  # at the next request


async def _open(staff: Staff, door: Door, lasts: timedelta = IDLE_LIFE) -> Opened:
    now, token = door.clock.now(), secrets.token_urlsafe(32)
    session = Session(
        token_digest=_digest(token),
        staff_id=staff.id,
        csrf_token=secrets.token_urlsafe(32),
        created_at=now,
        expires_at=now + lasts,
    )
    async with door.units() as uow:
        await _unchanged(staff, uow)
        await uow.sessions.add(session)
        await note(uow, staff.id, "session.begin", door)
        await uow.commit()
    return Opened(token, _visit(staff, session, door, drilling=False))


async def _unchanged(staff: Staff, uow: UnitOfWork) -> Staff:
    """Her row, held, if it is still she whose password was checked: to check takes long enough to be barred meanwhile.

    Raises SignInRefused for who was barred or got another password: what was ended then must not begin again.
    """
    held = await uow.staff.hold(staff.id)
    if not held.active or held.password_hash != staff.password_hash:
        raise SignInRefused("barred, or given another password, meanwhile")
    return held


def _visit(staff: Staff, session: Session, door: Door, *, drilling: bool) -> Visit:
    """The one place where what is real and what is drilled part: everything that is read goes by this scope."""
    drills = staff.scope.for_drills(door.drills) if staff.role in CHAT_ROLES else None
    scope = drills if drilling and drills else staff.scope.in_earnest(door.drills)
    may_drill = drills is not None
    return Visit(replace(staff, scope=scope), session, drilling=drilling and may_drill, may_drill=may_drill)


def _rights(staff: Staff) -> tuple[Role, Scope]:
    return staff.role, staff.scope


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
