"""What the desk keeps beside conversations and cases: one port a table."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from bot.conversation.alerts import Alert, AlertKind, Taken, Telling
from bot.conversation.call_backs import CallBack, OverdueCall
from bot.conversation.canned import CannedReply
from bot.conversation.notes import Note
from bot.conversation.roster import Day, Shift
from bot.conversation.shares import Share, WrongCode


class Notes(Protocol):
    """What the office notes for itself; only added to."""

    async def add(self, note: Note) -> None: ...
    async def of(self, conversation_id: str) -> list[Note]:
        """All of this conversation, in order."""
        ...


class CannedReplies(Protocol):
    """Words kept at hand. `get` and `save` raise NotFound."""

    async def get(self, reply_id: str) -> CannedReply: ...
    async def add(self, reply: CannedReply) -> None: ...
    async def save(self, reply: CannedReply) -> None: ...
    async def end(self, reply_id: str) -> None: ...


class Alerts(Protocol):
    """What somebody must be told at once, at most one standing alert for each kind and subject."""

    async def raise_(self, alert: Alert) -> bool:
        """Whether there is something to tell: it did not stand yet, or at another level, or of another region.

        One that stands already keeps its id and its beginning; one that was over stands again, told to nobody.
        """
        ...

    async def clear(self, kind: AlertKind, subject: str, at: datetime) -> bool:
        """It is over; False if it did not stand."""
        ...

    async def standing(self, *kinds: AlertKind) -> list[Alert]:
        """Those not over, of these kinds or of all, the longest standing first."""
        ...

    async def no_longer_waiting(self, *kinds: AlertKind) -> list[Alert]:
        """Those of these kinds that stand though the handoff they are about was taken, or waits anew since."""
        ...

    async def take(self, robot: str, account_ids: Collection[str], now: datetime, until: datetime) -> list[Taken]:
        """Note a try for all that this robot is still to be told of these accounts; `until` nobody else tries them.

        Of several units that do so at once, each alert goes to one.
        """
        ...

    async def settle(self, robot: str, tried_at: datetime, told: bool, trouble: str | None, next_try: datetime) -> None:
        """Note for all that was taken at that moment what became of it, and when it is tried again unless told."""
        ...

    async def last_try(self, robot: str) -> Telling | None:
        """The newest of this robot's tries."""
        ...


class Shifts(Protocol):
    """The plan of duty, by person, day and time. `get` raises NotFound."""

    async def get(self, shift_id: str) -> Shift: ...
    async def of(self, staff_id: str) -> list[Shift]:
        """Every line of hers; whoever changes them holds her first (`staff.hold`)."""
        ...

    async def plan(self, staff_ids: Collection[str], days: Collection[Day]) -> list[Shift]:
        """The lines of these people for these days."""
        ...

    async def add(self, shift: Shift) -> None: ...
    async def end(self, shift_id: str) -> None:
        """Forget the line; nothing happens if there is none."""
        ...


class Shares(Protocol):
    """What people allow one city to read of another. `get` raises NotFound, and holds it until the unit ends."""

    async def get(self, share_id: str) -> Share: ...
    async def add(self, share: Share, code: str) -> None:
        """Keep it, and of the code a keyed digest alone, until it is used or ended."""
        ...

    async def save(self, share: Share) -> None: ...
    async def by_code(self, code: str) -> Share | None:
        """The one of this code, if it was not used and not ended."""
        ...

    async def given(self, contact_id: str) -> list[Share]:
        """Those not ended by which others may read of her, or may once they carry a code."""
        ...

    async def taken(self, contact_id: str) -> list[Share]:
        """Those not ended whose code was carried to her, the newest first."""
        ...

    async def note_wrong_code(self, wrong: WrongCode) -> None: ...
    async def wrong_codes(self, contact_id: str, since: datetime) -> int:
        """How many codes she tried that nobody gave out."""
        ...


class CallBacks(Protocol):
    """Calls back that women asked for. `get` and `save` raise NotFound."""

    async def get(self, call_back_id: str) -> CallBack: ...
    async def open_of(self, contact_id: str) -> list[CallBack]:
        """Those of hers that are not settled, the oldest first."""
        ...

    async def overdue(self, now: datetime) -> list[OverdueCall]:
        """Those not settled that should have been made by now, the longest overdue first; also what no key opens."""
        ...

    async def add(self, call_back: CallBack) -> None: ...
    async def save(self, call_back: CallBack) -> None: ...
