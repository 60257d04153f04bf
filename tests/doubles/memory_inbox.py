"""The inbox in memory: the same promises as the one on Redis, for one process and a clock of the test's own."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict, deque
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.conversation.clock import Clock, SystemClock
from bot.conversation.errors import RedisUnavailable, Replayed
from bot.conversation.messages import Inbound
from bot.conversation.ports import Accepted, Claim, DeadLetter, Slot


@dataclass(slots=True)
class _Mailbox:
    """One person's messages, the oldest first; `since` is when it became free with something in it."""

    box: deque[Inbound]
    since: datetime
    holder: str | None = None
    until: datetime | None = None
    """The end of the lease while held, of the pause while put back."""

    @property
    def urgent(self) -> bool:
        return any(inbound.urgent for inbound in self.box)


@dataclass(slots=True)
class _Slot:
    slot: Slot
    state: str = "offered"


@dataclass(frozen=True, slots=True)
class _Letter:
    inbound: Inbound
    reason: str
    buried_at: datetime


ATTEND = timedelta(seconds=3)


class MemoryInbox:
    """See `ports.Inbox`. While `down` is set every method raises RedisUnavailable."""

    def __init__(self, clock: Clock | None = None, lease_s: float = 4.0) -> None:
        self.down = False
        self.appended: list[Inbound] = []
        self._letters: dict[str, _Letter] = {}
        self._workers: dict[str, datetime] = {}
        self._requests: dict[str, tuple[object, ...]] = {}
        self._clock = clock or SystemClock()
        self._lease = timedelta(seconds=lease_s)
        self._mailboxes: dict[str, _Mailbox] = {}
        self._seen: Counter[str] = Counter()
        self._tries: Counter[str] = Counter()
        self._slots: dict[str, _Slot] = {}
        self._confirmed: deque[str] = deque()
        self._confirming: list[str] = []
        self._bells: defaultdict[str, set[asyncio.Event]] = defaultdict(set)

    async def append(self, inbound: Inbound, request: str | None = None) -> Accepted:
        self._check()
        told = (inbound.key, inbound.openid, inbound.sent_at, inbound.content)
        if request is not None and self._requests.setdefault(request, told) != told:
            raise Replayed("the request has carried another message")
        self._seen[inbound.key] += 1
        if self._seen[inbound.key] == 1:
            self.appended.append(inbound)
            self._put_in(inbound)
        now = self._clock.now()
        return Accepted(self._seen[inbound.key], attended=any(until > now for until in self._workers.values()))

    async def attend(self, holder: str) -> None:
        self._check()
        self._workers[holder] = self._clock.now() + ATTEND

    async def depart(self, holder: str) -> None:
        self._check()
        self._workers.pop(holder, None)

    async def claim(self, holder: str, wait_s: float, *, urgent_only: bool = False) -> Claim | None:
        self._check()
        found = self._claim(holder, urgent_only)
        if found is None:
            await self._wait("urgent" if urgent_only else "mailboxes", wait_s)
            found = self._claim(holder, urgent_only)
        return found

    def _claim(self, holder: str, urgent_only: bool) -> Claim | None:
        self._check()
        now = self._clock.now()
        for mailbox in self._mailboxes.values():
            if mailbox.until is not None and mailbox.until <= now:
                mailbox.holder, mailbox.until, mailbox.since = None, None, now
        free = [mailbox for mailbox in self._mailboxes.values() if mailbox.box and mailbox.until is None]
        if urgent_only:
            free = [mailbox for mailbox in free if mailbox.urgent]
        if not free:
            return None
        mailbox = min(free, key=lambda one: (not one.urgent, one.since))
        inbound = mailbox.box[0]
        mailbox.holder, mailbox.until = holder, now + self._lease
        self._tries[inbound.key] += 1
        return Claim(inbound.mailbox, holder, inbound, self._tries[inbound.key])

    async def extend(self, claim: Claim) -> bool:
        mailbox = self._held(claim)
        if mailbox is None:
            return False
        mailbox.until = self._clock.now() + self._lease
        return True

    async def done(self, claim: Claim) -> None:
        self._finish(claim)

    async def put_back(self, claim: Claim, delay_s: float, *, excused: bool = False) -> None:
        mailbox = self._held(claim)
        if mailbox is not None:
            mailbox.holder, mailbox.until = None, self._clock.now() + timedelta(seconds=delay_s)
            self._tries[claim.inbound.key] -= excused

    async def bury(self, claim: Claim, reason: str) -> None:
        if self._finish(claim):
            self._letters[claim.inbound.key] = _Letter(claim.inbound, reason, self._clock.now())

    async def dead(self) -> list[DeadLetter]:
        self._check()
        return [
            DeadLetter(
                key=key,
                account_id=letter.inbound.account_id,
                kind=letter.inbound.content.kind,
                urgent=letter.inbound.urgent,
                received_at=letter.inbound.received_at,
                buried_at=letter.buried_at,
                reason=letter.reason,
            )
            for key, letter in self._letters.items()
        ]

    async def revive(self, key: str) -> bool:
        self._check()
        letter = self._letters.pop(key, None)
        if letter is not None:
            self._put_in(letter.inbound)
        return letter is not None

    async def drop(self, key: str) -> bool:
        self._check()
        return self._letters.pop(key, None) is not None

    async def offer_reply(self, key: str, slot: Slot) -> bool:
        self._check()
        held = self._slots.get(key)
        if held is not None and held.state != "offered":
            return held.state != "closed"
        self._slots[key] = _Slot(slot)
        self._ring(key)
        return True

    async def wait_reply(self, key: str, timeout_s: float) -> Slot | None:
        self._check()
        if key not in self._slots:
            await self._wait(key, timeout_s)
            self._check()
        held = self._slots.get(key)
        if held is None:
            return None
        if held.state == "offered":
            held.state = "taken"
        return held.slot

    async def confirm_reply(self, key: str) -> None:
        self._check()
        slot = self._slots.get(key)
        if slot is not None and slot.state == "taken":
            slot.state = "confirmed"
            self._confirmed.append(key)
            self._ring("confirmed")

    async def stop_waiting(self, key: str) -> bool:
        self._check()
        return self._slots.setdefault(key, _Slot(Slot(None), "closed")).state == "closed"

    async def recall_reply(self, key: str) -> bool:
        self._check()
        slot = self._slots.get(key)
        if slot is not None and slot.state in ("taken", "confirmed"):
            return False
        self._slots[key] = _Slot(Slot(None), "closed")
        return True

    async def withdraw_reply(self, key: str) -> bool:
        self._check()
        slot = self._slots.get(key)
        if slot is not None and slot.state == "confirmed":
            return True
        self._slots[key] = _Slot(Slot(None), "closed")
        return False

    async def next_confirmed(self, wait_s: float) -> str | None:
        self._check()
        if not self._confirmed:
            await self._wait("confirmed", wait_s)
            self._check()
        if not self._confirmed:
            return None
        self._confirming.append(self._confirmed.popleft())
        return self._confirming[-1]

    async def settled(self, key: str) -> None:
        self._check()
        if key in self._confirming:
            self._confirming.remove(key)

    async def retell(self) -> None:
        self._check()
        self._confirmed.extendleft(reversed(self._confirming))
        self._confirming.clear()

    async def depth(self) -> int:
        self._check()
        return sum(len(mailbox.box) for mailbox in self._mailboxes.values())

    def _put_in(self, inbound: Inbound) -> None:
        mailbox = self._mailboxes.setdefault(inbound.mailbox, _Mailbox(deque(), self._clock.now()))
        if not mailbox.box:
            mailbox.since = self._clock.now()
        mailbox.box.append(inbound)
        self._announce(mailbox)

    def _finish(self, claim: Claim) -> bool:
        """Take the claimed message out and free its mailbox; False if the hold was lost."""
        mailbox = self._held(claim)
        if mailbox is None:
            return False
        if mailbox.box[0].key == claim.inbound.key:
            mailbox.box.popleft()
            del self._tries[claim.inbound.key]
        mailbox.holder, mailbox.until, mailbox.since = None, None, self._clock.now()
        self._announce(mailbox)
        return True

    def _announce(self, mailbox: _Mailbox) -> None:
        self._ring("mailboxes")
        if mailbox.urgent:
            self._ring("urgent")

    def _held(self, claim: Claim) -> _Mailbox | None:
        self._check()
        mailbox = self._mailboxes.get(claim.mailbox)
        return mailbox if mailbox is not None and mailbox.holder == claim.holder else None

    def _check(self) -> None:
        if self.down:
            raise RedisUnavailable("down")

    def _ring(self, what: str) -> None:
        for bell in self._bells.get(what, ()):
            bell.set()

    async def _wait(self, what: str, timeout_s: float) -> None:
        bell = asyncio.Event()
        self._bells[what].add(bell)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(timeout_s):
                    await bell.wait()
        finally:
            self._bells[what].discard(bell)
