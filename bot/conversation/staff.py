"""The people of the office who sign in, and what each may see."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.conversation.errors import Forbidden
from bot.conversation.handoffs import Skill


class Role(StrEnum):
    """What a member of staff is there for."""

    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    CONTENT = "content"
    ADMIN = "admin"


CHAT_ROLES = frozenset({Role.OPERATOR, Role.SUPERVISOR, Role.ADMIN})
"""Roles that may read and take conversations."""

OVERSIGHT_ROLES = frozenset({Role.SUPERVISOR, Role.ADMIN})
"""Roles that look after the whole: alarms, and messages that could not be handled."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The accounts and regions that somebody may see; an empty set means all, but never the accounts `without`.

    A region covers what lies below it: 430000 covers all of Hunan, 430100 the counties of Changsha.
    """

    accounts: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()

    def covers(self, account_id: str, region: str) -> bool:
        """Whether something of this account and region is hers to see."""
        return self.covers_account(account_id) and (
            not self.regions or any(region.startswith(area(own)) for own in self.regions)
        )

    def holds(self, other: Scope) -> bool:
        """Whether all that the other one covers is covered here too."""
        accounts = not self.accounts or (bool(other.accounts) and other.accounts <= self.accounts)
        within = all(any(code.startswith(area(own)) for own in self.regions) for code in other.regions)
        return accounts and (not self.regions or (bool(other.regions) and within))

    def meets(self, other: Scope) -> bool:
        """Whether something may be covered by both."""
        accounts = not self.accounts or not other.accounts or bool(self.accounts & other.accounts)
        pairs = ((area(one), area(another)) for one in self.regions for another in other.regions)
        near = any(one.startswith(another) or another.startswith(one) for one, another in pairs)
        return accounts and (not self.regions or not other.regions or near)

    def covers_account(self, account_id: str) -> bool:
        """Whether something of this account may be hers to see, wherever it is."""
        return account_id not in self.without and (not self.accounts or account_id in self.accounts)

    def in_earnest(self, drills: frozenset[str]) -> Scope:
        """What of it is real, where these accounts are for drills."""
        return replace(self, without=self.without | drills)

    def for_drills(self, drills: frozenset[str]) -> Scope | None:
        """What of it is for drills alone; None where there is nothing, since no account at all would mean every one."""
        hers = frozenset(filter(self.covers_account, drills))
        return replace(self, accounts=hers) if hers else None


def area(code: str) -> str:
    """The digits that every code below this one shares: GB/T 2260 pads province and city with pairs of zeros."""
    while code.endswith("00"):
        code = code[:-2]
    return code


def upwards(code: str) -> tuple[str, ...]:
    """The codes of county, city and province, the smallest first."""
    return tuple(dict.fromkeys((code, f"{code[:4]}00", f"{code[:2]}0000")))


MAX_CHATS = 10
"""How many conversations one may have in hand: what a trained operator still follows on a bad afternoon."""


@dataclass(slots=True)
class Staff:
    """One member of staff. `password_hash` is argon2id.

    `max_chats` is how many conversations she may have in hand, None for MAX_CHATS.
    """

    id: str
    username: str
    display_name: str
    role: Role
    password_hash: str = field(repr=False)
    created_at: datetime
    scope: Scope = Scope()
    active: bool = True
    skills: frozenset[Skill] = frozenset()
    max_chats: int | None = None

    def looks_after(self, account_id: str, region: str) -> bool:
        """Whether she takes conversations, and these of this account and region."""
        return self.active and self.role in CHAT_ROLES and self.scope.covers(account_id, region)

    @property
    def chat_limit(self) -> int:
        """How many conversations she may have in hand; a critical one may come on top."""
        return MAX_CHATS if self.max_chats is None else self.max_chats

    def check_may_chat(self) -> None:
        """Raise Forbidden unless the role may read and take conversations."""
        if self.role not in CHAT_ROLES:
            raise Forbidden("this role does not take conversations")

    def check_may_oversee(self) -> None:
        """Raise Forbidden unless the role looks after the whole."""
        if self.role not in OVERSIGHT_ROLES:
            raise Forbidden("this role does not look after the whole")

    def check_may_see(self, account_id: str, region: str) -> None:
        """Raise Forbidden unless she takes conversations, and these of this account and region."""
        self.check_may_chat()
        if not self.scope.covers(account_id, region):
            raise Forbidden("outside the scope of this role")


@dataclass(frozen=True, slots=True)
class Colleague:
    """One who may take conversations, and how many she has in hand."""

    staff: Staff
    in_hand: int

    @property
    def has_room(self) -> bool:
        """Whether she may take one more of any level."""
        return self.in_hand < self.staff.chat_limit


SYSTEM = "system"
"""Stands in the audit trail where the house itself did something, as nobody's id."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what to what, and when; appended, never changed."""

    id: str
    staff_id: str
    action: str
    target: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """Somebody's codes beside the password: TOTP (RFC 6238), and digests of the recovery codes that are left.

    It is asked for once it is `confirmed` by a first code. `last_step` is the time step of the newest code that was
    used: it and those before it are no use any more (RFC 6238, section 5.2).
    """

    staff_id: str
    secret: str = field(repr=False)
    since: datetime
    confirmed: bool = False
    last_step: int = 0
    recovery: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Session:
    """A sign-in of a browser or an API client; `token_digest` is SHA-256 of the secret that the client holds.

    While it is `drilling` it shows what is for drills, and nothing real.
    """

    token_digest: str = field(repr=False)
    staff_id: str
    csrf_token: str = field(repr=False)
    created_at: datetime
    expires_at: datetime
    drilling: bool = False
