"""A call back that a woman asked for: which number, when it is safe, and whether others may hear who calls."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.conversation.errors import BeingDialled, Conflict, InvalidData
from bot.conversation.levels import Level
from bot.conversation.masking import masked_phone

PHONE = re.compile(r"1[3-9]\d{9}|0(?:10|2[0-57-9])[2-8]\d{7}|0[3-9]\d{2}[2-8]\d{6,7}")
"""Digits of a mobile number of the mainland, or of a landline with its area code (as in actions/phone.py)."""

GIVE_UP_AFTER = 3
"""So often she is called in vain before the office may stop trying."""

SHOWN_SETTLED = timedelta(days=30)
"""How long a settled one is still listed."""

AGAIN_WITHIN = timedelta(days=1)
"""So soon after a call in vain the next one is due: her time comes round again the next day."""

DIALLING_LASTS = timedelta(minutes=15)
"""So long after the number was shown its reader is taken to be on the phone: a call, and the note of it."""


class CallOutcome(StrEnum):
    """How a call back ended."""

    REACHED = "reached"
    NOT_REACHED = "not_reached"
    WRONG_NUMBER = "wrong_number"
    WITHDRAWN = "withdrawn"
    """She took it back, or asked for another in its place."""


@dataclass(slots=True)
class CallBack:
    """What she asked for; at most one of a person is open. `when` and `words` are her own.

    With `discreet` nobody else who answers may hear who calls. `settled_by` is None where she settled it herself.
    `due_at` is by when the next call must be made; `late` whether one was once not made by then. `dialled_by` is who
    was last shown the number since the last call was noted, and `dialled_at` when.
    """

    id: str
    contact_id: str
    conversation_id: str
    account_id: str
    region: str
    level: Level
    phone: str = field(repr=False)
    when: str = field(repr=False)
    discreet: bool
    words: str = field(repr=False)
    asked_at: datetime
    due_at: datetime
    tries: int = 0
    first_called_at: datetime | None = None
    late: bool = False
    settled_at: datetime | None = None
    settled_by: str | None = None
    outcome: CallOutcome | None = None
    dialled_by: str | None = None
    dialled_at: datetime | None = None

    def __post_init__(self) -> None:
        """Raise InvalidData unless the number can be dialled."""
        if not PHONE.fullmatch(self.phone):
            raise InvalidData("no number of the mainland")

    @property
    def masked(self) -> str:
        """The number as lists show it: enough to tell two apart, too little to dial."""
        return masked_phone(self.phone)

    @property
    def grouped(self) -> str:
        """The number as it is dialled from paper: 138 0000 0000, 0731-80000000."""
        if self.phone.startswith("1"):
            return f"{self.phone[:3]} {self.phone[3:7]} {self.phone[7:]}"
        area = 3 if self.phone[1] in "12" else 4
        return f"{self.phone[:area]}-{self.phone[area:]}"

    @property
    def may_give_up(self) -> bool:
        """Whether the next call in vain may be the last."""
        return self.tries + 1 >= GIVE_UP_AFTER

    def dialling(self, now: datetime) -> str | None:
        """Who is dialling it, None if nobody does."""
        lately = self.dialled_at is not None and now - self.dialled_at < DIALLING_LASTS
        return self.dialled_by if lately and self.settled_at is None else None

    def dial(self, staff_id: str, at: datetime, *, take_over: bool) -> None:
        """She is shown the number, and dials it.

        Raises Conflict if it is settled, and BeingDialled while a colleague does, unless she is to `take_over`.
        """
        self.check_open()
        if not take_over and self.dialling(at) not in (None, staff_id):
            raise BeingDialled("a colleague is dialling it")
        self.dialled_by, self.dialled_at = staff_id, at

    def called(self, outcome: CallOutcome | None, staff_id: str, at: datetime) -> None:
        """She was called; None where nobody answered and she is called again.

        Raises Conflict if it is settled, or given up too early; InvalidData for what only she can do.
        """
        self.check_open()
        if outcome is CallOutcome.WITHDRAWN:
            raise InvalidData("only she takes it back")
        if outcome is CallOutcome.NOT_REACHED and not self.may_give_up:
            raise Conflict("too early to give up")
        self.tries += 1
        self.dialled_by = self.dialled_at = None
        self.first_called_at = self.first_called_at or at
        self.late = self.is_late(at)
        if outcome is None:
            self.due_at = at + AGAIN_WITHIN
        else:
            self._settle(outcome, staff_id, at)

    def withdraw(self, at: datetime) -> None:
        """She takes it back; raises Conflict if it is settled."""
        self.check_open()
        self.late = self.is_late(at)
        self._settle(CallOutcome.WITHDRAWN, None, at)

    def is_late(self, now: datetime) -> bool:
        """Whether it was once late, or is now."""
        return self.late or self.is_overdue(now)

    def is_overdue(self, now: datetime) -> bool:
        """Whether a call should have been made by now."""
        return self.settled_at is None and self.due_at <= now

    def check_open(self) -> None:
        """Raise Conflict once it is settled."""
        if self.settled_at is not None:
            raise Conflict("the call back is settled")

    def _settle(self, outcome: CallOutcome, staff_id: str | None, at: datetime) -> None:
        self.outcome, self.settled_by, self.settled_at = outcome, staff_id, at


@dataclass(frozen=True, slots=True)
class OverdueCall:
    """A call back that was not made by its time; what she said is not needed to tell of it."""

    id: str
    conversation_id: str
    account_id: str
    region: str
    level: Level
    due_at: datetime
