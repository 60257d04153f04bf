"""Delivery of pushes to the gateway: five seconds each, then again, until an answer counts."""

import asyncio
import secrets
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx

from simulator.accounts import Account
from simulator.clock import Clock
from simulator.disorder import Detour, Disorder
from simulator.envelope import Sealed, seal, verification
from simulator.ledger import Counts, Delivery, End, Entry
from simulator.people import Bubble, Person
from simulator.switches import Switches
from simulator.turnstile import Passage, Turnstile

_HEADERS = {"Content-Type": "text/xml", "User-Agent": "Mozilla/4.0"}
TAKEN = "taken"
_LAST_LOOKS = 20
"""Turns of the loop that it takes to read an answer, and more."""


@dataclass
class Push:
    """One document on its way; `person` None where it is about no person that the platform knows."""

    account: Account
    openid: str
    document: str
    entry: Entry
    event: bool
    person: Person | None = None
    bubble: Bubble | None = None
    attempt: int = 0

    def note(self, state: str) -> None:
        """Keep with the bubble, and tell the page, how far the push has come."""
        delivery = {"attempt": self.attempt, "state": state}
        if self.bubble is not None:
            self.bubble.delivery = delivery
        if self.person is not None:
            self.person.announce("delivery", {"msg_id": str(self.entry.number), **delivery})

    def end(self, how: End, at: datetime, reason: str | None = None) -> None:
        """Close the entry in the ledger."""
        self.entry.end, self.entry.ended, self.entry.reason = how, at, reason
        if self.person is not None:
            self.person.open -= 1
        self.note(how)


type Outcome = Callable[[Push, bytes | None], None]
"""Told once per push: the body of the answer that counts, or None when there was none."""


class Pusher:
    """Talks to the gateway as the platform does."""

    def __init__(
        self, client: httpx.AsyncClient, gateway_url: str, switches: Switches, clock: Clock, counts: Counts
    ) -> None:
        self._client = client
        self._gateway = gateway_url.rstrip("/")
        self._switches = switches
        self._clock = clock
        self._counts = counts
        self.disorder = Disorder(switches)
        self._turnstile = Turnstile()
        self._failures: Counter[str] = Counter()
        self._paused_until: dict[str, datetime] = {}

    async def verify(self, account: Account) -> bool:
        """Whether the gateway proves that this account is its own (the GET of the server settings)."""
        echostr = str(secrets.randbelow(10**19))
        query = verification(account, echostr, self._timestamp(), _nonce())
        limit = self._switches.retry_after_s
        try:
            answer = await self._client.get(self._address(account), params=query, timeout=limit)
        except httpx.HTTPError:
            return False
        return answer.status_code == 200 and answer.text == echostr

    async def gateway_is_up(self) -> bool:
        """Whether the gateway answers that it is alive."""
        try:
            answer = await self._client.get(f"{self._gateway}/healthz", timeout=2)
        except httpx.HTTPError:
            return False
        return answer.status_code == 200

    async def deliver(self, push: Push, detour: Detour, outcome: Outcome) -> None:
        """Push until it is answered or given up; of two copies the first answer counts."""
        await self._take(detour, push.openid)
        answered = False

        async def deliver_copy(copy: int) -> None:
            nonlocal answered
            body = await self._attempts(push, copy)
            if body is not None and not answered:
                answered = True
                outcome(push, body)

        async with asyncio.TaskGroup() as tasks:
            for copy in range(1, detour.copies + 1):
                tasks.create_task(deliver_copy(copy))
        if not answered:
            outcome(push, None)
        self.disorder.overtake(push.openid)

    def paused(self, account: Account) -> bool:
        """Whether the platform has marked the account as failing and stopped pushing for a while (MarkFail)."""
        until = self._paused_until.get(account.id)
        return until is not None and self._clock.now() < until

    async def _take(self, detour: Detour, openid: str) -> None:
        if detour.delay_s:
            await self._clock.sleep(detour.delay_s)
        if detour.held:
            await self.disorder.wait_to_be_overtaken(openid)

    async def _attempts(self, push: Push, copy: int) -> bytes | None:
        sealed = self._seal(push)
        for attempt in range(1, self._switches.deliveries + 1):
            if self.paused(push.account):
                return None
            if attempt > 1 and self._switches.fresh_nonce:
                sealed = self._seal(push)
            async with self._turnstile.turn() as passage:
                push.attempt = attempt
                push.note("pushing")
                delivery = Delivery(self._clock.now(), attempt, copy)
                push.entry.deliveries.append(delivery)
                body = await self._post(push.account, sealed, delivery, passage)
            self._mark(push.account, failed=body is None)
            if body is not None:
                return body
            if attempt < self._switches.deliveries:
                # A refusal is quick; keep the pace all the same, so that a gateway may restart meanwhile.
                passed = (self._clock.now() - delivery.at).total_seconds()
                await self._clock.sleep(max(0.0, self._switches.retry_after_s - passed))
        return None

    async def _post(self, account: Account, sealed: Sealed, delivery: Delivery, passage: Passage) -> bytes | None:
        """The body of a timely 200, else None."""
        body: bytes | None = None
        try:
            asked = self._client.post(
                self._address(account),
                params=sealed.query,
                content=sealed.body,
                headers=_HEADERS,
                timeout=None,
                extensions={"trace": passage.trace},
            )
            answer = await in_time(asked, self._switches.retry_after_s)
        except TimeoutError:
            delivery.result = "timeout"
        except httpx.HTTPError:
            delivery.result = "unreachable"
        else:
            good = answer.status_code == 200
            delivery.result = TAKEN if good else f"http {answer.status_code}"
            body = answer.content if good else None
        delivery.ms = round((self._clock.now() - delivery.at).total_seconds() * 1000)
        self._counts.deliveries[delivery.result] += 1
        return body

    def _mark(self, account: Account, *, failed: bool) -> None:
        self._failures[account.id] = self._failures[account.id] + 1 if failed else 0
        if self._switches.markfail_after and self._failures[account.id] >= self._switches.markfail_after:
            self._failures[account.id] = 0
            self._paused_until[account.id] = self._clock.now() + timedelta(seconds=self._switches.markfail_pause_s)

    def _seal(self, push: Push) -> Sealed:
        return seal(push.account, push.openid, push.document, self._timestamp(), _nonce())

    def _address(self, account: Account) -> str:
        return f"{self._gateway}/wechat/{account.id}"

    def _timestamp(self) -> str:
        return str(int(self._clock.now().timestamp()))


async def in_time(asked: Coroutine[Any, Any, httpx.Response], limit_s: float) -> httpx.Response:
    """The answer, if it is there when the time is over; raises TimeoutError.

    WeChat is never late itself. Where this process is, what lies in its socket has come in time.
    """
    asking = asyncio.create_task(asked)
    try:
        await asyncio.wait((asking,), timeout=limit_s)
        for _ in range(_LAST_LOOKS):
            if not asking.done():
                await asyncio.sleep(0)
        if not asking.done():
            raise TimeoutError
        return asking.result()
    finally:
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)


def _nonce() -> str:
    return str(secrets.randbelow(10**10))
