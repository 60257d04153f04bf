"""The same person in two cities: a code that she carries from one account to another, and what she allows there."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.conversation.accounts import Account
from bot.conversation.errors import Conflict

CODE_LIFE = timedelta(hours=24)
"""How long a code may be carried, and how long what it asks may be answered."""

WRONG_CODES, WRONG_WITHIN = 5, timedelta(days=1)
"""After so many codes that nobody gave out, in so long, no code is heard any more."""

LETTERS, DIGITS = "ACDEFGHJKMNPQRTUVWXY", "34679"
"""Nothing that looks like something else: no 0 and O, 1 and I and L, 2 and Z, 5 and S, 8 and B."""

_LENGTH, _DIGITS = 8, 2
_BLANKS = re.compile(r"[\s\-－—.。]+")
_SHAPE = re.compile(rf"[{LETTERS}{DIGITS}]{{{_LENGTH}}}")


@dataclass(slots=True)
class Share:
    """Her leave that another city reads her cases in this one.

    First a code of `contact_id` that is good for a day, then a question to
    `with_contact_id`, who is she on the other account; nothing is read before she said yes there, and nothing once
    either of the two ended it. The yes is the separate consent that the law asks for before sensitive personal
    information goes to another who handles it (个人信息保护法, articles 23 and 29; law.md section 5.2), given after she
    was told who will read what, and taken back as easily (article 15).
    """

    id: str
    contact_id: str
    asked_at: datetime
    with_contact_id: str | None = None
    used_at: datetime | None = None
    agreed_at: datetime | None = None
    ended_at: datetime | None = None

    def may_be_used(self, now: datetime) -> bool:
        """Whether its code was not used, and its day is not over."""
        return self.used_at is None and self.ended_at is None and now - self.asked_at < CODE_LIFE

    def is_asked(self, now: datetime) -> bool:
        """Whether she was asked on the other account, and her answer still counts."""
        asked = self.used_at is not None and now - self.used_at < CODE_LIFE
        return asked and self.agreed_at is None and self.ended_at is None

    @property
    def holds(self) -> bool:
        """Whether the other city may read."""
        return self.agreed_at is not None and self.ended_at is None

    def use(self, with_contact_id: str, now: datetime) -> None:
        """She carried the code to this person of the other account; raises Conflict if it is no use any more."""
        if not self.may_be_used(now):
            raise Conflict("this code is no use any more")
        self.with_contact_id, self.used_at = with_contact_id, now

    def agree(self, now: datetime) -> None:
        """She allows it; raises Conflict if nothing is asked."""
        if not self.is_asked(now):
            raise Conflict("nothing is asked")
        self.agreed_at = now

    def end(self, now: datetime) -> None:
        """She refuses it, takes it back, or asks for a new code; raises Conflict if it is over already."""
        if self.ended_at is not None:
            raise Conflict("this is over already")
        self.ended_at = now


@dataclass(frozen=True, slots=True)
class Allowed:
    """What she allows where she is: to read what she has on that other account."""

    share_id: str
    account_id: str
    agreed_at: datetime


@dataclass(frozen=True, slots=True)
class WrongCode:
    """Somebody tried a code that nobody gave out."""

    id: str
    contact_id: str
    at: datetime


def new_code() -> str:
    """A code of 8 characters; always with letters and digits, so that it is not taken for a word or a number."""
    parts = [secrets.choice(DIGITS) for _ in range(_DIGITS)]
    parts += [secrets.choice(LETTERS) for _ in range(2)]
    parts += [secrets.choice(LETTERS + DIGITS) for _ in range(_LENGTH - len(parts))]
    secrets.SystemRandom().shuffle(parts)
    return "".join(parts)


def code_in(words: str) -> str | None:
    """The code that these words are, however they are spaced or written; None if they are something else."""
    bare = _BLANKS.sub("", words).upper()
    digits = sum(letter in DIGITS for letter in bare)
    return bare if _SHAPE.fullmatch(bare) and _DIGITS <= digits <= _LENGTH - 2 else None


def in_union(one: Account, other: Account) -> bool:
    """Whether these two may pass a person on to one another."""
    return one.union is not None and one.union == other.union and one.drill == other.drill and one.id != other.id
