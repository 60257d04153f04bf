"""The code beside the password: TOTP from a phone (RFC 6238), or a recovery code for the day on which it is lost."""

from __future__ import annotations

import hmac
import json
import secrets
from base64 import b32encode
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256

import pyotp
import segno

from bot.conversation.errors import Conflict, InvalidData, NotFound
from bot.conversation.ports import Sealer
from bot.conversation.staff import OVERSIGHT_ROLES, SecondFactor, Session, Staff
from bot.web.door import Door, check_again, note
from bot.web.errors import SignInRefused, SignInRequired

ISSUER = "娘家12338"
TICKET_LASTS = timedelta(minutes=5)
"""How long after the password the code may be given."""

RECOVERY_CODES = 10
_STEP_S = 30
_RECOVERY_BYTES = 10
_PURPOSE = "second factor"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator app needs: the secret as text, and the picture of it (SVG) to point a phone at."""

    secret: str = field(repr=False)
    picture: str = field(repr=False)


def step_of(secret: str, code: str, now: datetime, after: int = 0) -> int | None:
    """The time step whose code this is: now, one before, one after, and later than `after`; None if it is none.

    One step of drift each way is what RFC 6238 (section 5.2) recommends.
    """
    present = int(now.timestamp()) // _STEP_S
    totp = pyotp.TOTP(secret)
    given = "".join(code.split()).encode(errors="replace")
    for step in range(max(present - 1, after + 1), present + 2):
        if hmac.compare_digest(totp.generate_otp(step).encode(), given):
            return step
    return None


async def is_enrolled(staff_id: str, door: Door) -> bool:
    """Whether a code is asked for beside the password of this member of staff."""
    return await codes_left(staff_id, door) is not None


async def codes_left(staff_id: str, door: Door) -> int | None:
    """How many recovery codes are left; None for who is not enrolled."""
    async with door.units(reading=True) as uow:
        factor = await uow.second_factors.of(staff_id)
    return len(factor.recovery) if factor is not None and factor.confirmed else None


def should_enrol(staff: Staff) -> bool:
    """Whether this role sees so much that a password alone is too little."""
    return staff.role in OVERSIGHT_ROLES


def ticket_for(staff: Staff, door: Door) -> str:
    """Says that this password was right, for TICKET_LASTS; only this installation can make and read it."""
    until = (door.clock.now() + TICKET_LASTS).isoformat()
    return door.sealer.seal(json.dumps([_PURPOSE, staff.id, until, _mark(staff, door.sealer)]).encode()).decode()


async def redeem(ticket: str, code: str, door: Door) -> Staff:
    """Who gave the right password and now the right code, which is used up.

    Raises SignInRequired for a ticket that is too old, of another password or none, SignInRefused, TooManyAttempts,
    StoreUnavailable.
    """
    now = door.clock.now()
    staff_id, mark = _holder(ticket, now, door.sealer)
    await door.attempts.begin(f"{_PURPOSE} {staff_id}", "")
    async with door.units() as uow:
        factor = await uow.second_factors.of(staff_id)
        spent = _spent(factor, code, now) if factor is not None and factor.confirmed else None
        staff = await uow.staff.get(staff_id)
        if not hmac.compare_digest(mark, _mark(staff, door.sealer)):
            raise SignInRequired("the password was changed since")
        if factor is None or spent is None or not staff.active:
            await note(uow, staff_id, "second-factor.refuse", door)
            await uow.commit()
            raise SignInRefused("wrong code")
        await uow.second_factors.save(spent)
        if spent.recovery != factor.recovery:
            await note(uow, staff_id, "second-factor.recover", door)
        await uow.commit()
    await door.attempts.forget(f"{_PURPOSE} {staff_id}", "")
    return staff


async def begin(staff: Staff, password: str, address: str, door: Door) -> Enrolment:
    """A new secret for who proves by her password that it is she; nothing is asked for until a code confirms it.

    Raises Conflict if she is enrolled already, SignInRefused, TooManyAttempts, StoreUnavailable.
    """
    await check_again(staff, password, address, door)
    factor = SecondFactor(staff.id, pyotp.random_base32(), door.clock.now())
    async with door.units() as uow:
        kept = await uow.second_factors.of(staff.id)
        if kept is not None and kept.confirmed:
            raise Conflict("already enrolled")
        await uow.second_factors.save(factor)
        await uow.commit()
    return _enrolment(factor.secret, staff)


async def pending(staff: Staff, door: Door) -> Enrolment:
    """What `begin` gave, again; raises NotFound if nothing waits for a first code."""
    async with door.units(reading=True) as uow:
        factor = await uow.second_factors.of(staff.id)
    if factor is None or factor.confirmed:
        raise NotFound("nothing to confirm")
    return _enrolment(factor.secret, staff)


async def confirm(staff: Staff, session: Session, code: str, door: Door) -> list[str]:
    """From now on a code is asked for; returns the recovery codes, of which only digests are kept.

    Every sign-in of hers ends but this one: who knew her password before must not stay by it.

    Raises NotFound if nothing waits for a first code, SignInRefused for a wrong one, StoreUnavailable.
    """
    now = door.clock.now()
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    async with door.units() as uow:
        factor = await uow.second_factors.of(staff.id)
        if factor is None or factor.confirmed:
            raise NotFound("nothing to confirm")
        step = step_of(factor.secret, code, now)
        if step is None:
            raise SignInRefused("wrong code")
        digests = tuple(_digest(one) for one in codes)
        await uow.second_factors.save(replace(factor, confirmed=True, last_step=step, recovery=digests))
        await uow.sessions.end_all(staff.id, but=session.token_digest)
        await note(uow, staff.id, "second-factor.enrol", door)
        await uow.commit()
    return codes


def _spent(factor: SecondFactor, code: str, now: datetime) -> SecondFactor | None:
    """The factor after this code was used; None if the code is wrong."""
    step = step_of(factor.secret, code, now, factor.last_step)
    if step is not None:
        return replace(factor, last_step=step)
    digest = _digest(code)
    if digest not in factor.recovery:
        return None
    return replace(factor, recovery=tuple(one for one in factor.recovery if one != digest))


def _mark(staff: Staff, sealer: Sealer) -> str:
    """What tells her password from another one, and nothing of it."""
    return sealer.tag(f"{_PURPOSE} {staff.password_hash}".encode())


def _holder(ticket: str, now: datetime, sealer: Sealer) -> tuple[str, str]:
    try:
        purpose, staff_id, until, mark = json.loads(sealer.open(ticket.encode(errors="replace")))
        if purpose == _PURPOSE and datetime.fromisoformat(until) > now:
            return str(staff_id), str(mark)
    except (InvalidData, ValueError, TypeError):
        pass  # it is none of ours
    raise SignInRequired("no valid ticket")


def _enrolment(secret: str, staff: Staff) -> Enrolment:
    address = pyotp.TOTP(secret).provisioning_uri(name=staff.username, issuer_name=ISSUER)
    picture = segno.make(address, micro=False).svg_inline(scale=5, border=4, light="#fff")
    return Enrolment(" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)), picture)


def _recovery_code() -> str:
    """Eighty random bits: no digest of them is worth guessing."""
    bare = b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode().lower()
    return "-".join(bare[start : start + 4] for start in range(0, len(bare), 4))


def _digest(code: str) -> str:
    bare = "".join(sign for sign in code.lower() if sign.isalnum())
    return sha256(bare.encode(errors="replace")).hexdigest()
