"""Passwords as argon2id hashes."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.conversation.errors import InvalidData

MIN_PASSWORD = 10
_AT_ONCE = 2
"""Each check takes 64 MiB; a flood of sign-ins must not take the machine's memory."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the password was right; `renewed` is a new hash if the kept one has old parameters."""

    right: bool
    renewed: str | None = field(default=None, repr=False)


class Passwords:
    """Hashes and checks; the default parameters are those that argon2-cffi recommends (RFC 9106)."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turns = asyncio.Semaphore(_AT_ONCE)

    def hash(self, password: str) -> str:
        """See `hash_password`."""
        return self._hasher.hash(password)

    async def check(self, password: str, kept: str | None) -> Verdict:
        """Compare with the kept hash; None (nobody of that name) takes as long and is never right."""
        async with self._turns:
            return await asyncio.to_thread(self._check, password, kept)

    def _check(self, password: str, kept: str | None) -> Verdict:
        try:
            self._hasher.verify(kept or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return Verdict(right=False)
        if kept is None:
            return Verdict(right=False)
        return Verdict(right=True, renewed=self.hash(password) if self._hasher.check_needs_rehash(kept) else None)

    @cached_property
    def _nobody(self) -> str:
        return self.hash(secrets.token_hex())


def check_strength(password: str) -> None:
    """Raise InvalidData for a password that is too short."""
    if len(password) < MIN_PASSWORD:
        raise InvalidData(f"密码至少 {MIN_PASSWORD} 位")


def hash_password(password: str) -> str:
    """The hash to keep for a new password; blocks for some 50 ms."""
    return Passwords().hash(password)
