"""Delivery of pushes to the gateway: five seconds each, then again, until an answer counts."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from simulator.accounts import Account
from simulator.clock import Clock
from simulator.envelope import Sealed, seal, verification
from simulator.markup import Fields
from simulator.people import Bubble, Person
from simulator.switches import Switches

_HEADERS = {"Content-Type": "text/xml", "User-Agent": "Mozilla/4.0"}


@dataclass
class Push:
    """One message or event on its way; `number` is its MsgId, which an event does not carry."""

    person: Person
    number: int
    fields: Fields
    event: bool
    bubble: Bubble | None = None
    attempt: int = 0

    def note(self, state: str) -> None:
        """Keep with the bubble, and tell the page, how far the push has come."""
        delivery = {"attempt": self.attempt, "state": state}
        if self.bubble is not None:
            self.bubble.delivery = delivery
        self.person.announce("delivery", {"msg_id": str(self.number), **delivery})


type Outcome = Callable[[Push, bytes | None], None]
"""Told once per push: the body of the answer that counts, or None when there was none."""


class Pusher:
    """Talks to the gateway as the platform does."""

    def __init__(self, client: httpx.AsyncClient, gateway_url: str, switches: Switches, clock: Clock) -> None:
        self._client = client
        self._gateway = gateway_url.rstrip("/")
        self._switches = switches
        self._clock = clock

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

    async def deliver(self, push: Push, outcome: Outcome) -> None:
        """Push until it is answered or given up; with the switch `duplicate`, the first answer counts."""
        answered = False
        for copy in asyncio.as_completed([self._attempts(push) for _ in range(1 + self._switches.duplicate)]):
            body = await copy
            if body is not None and not answered:
                answered = True
                outcome(push, body)
        if not answered:
            outcome(push, None)

    async def _attempts(self, push: Push) -> bytes | None:
        sealed = self._seal(push)
        for attempt in range(1, self._switches.deliveries + 1):
            if attempt > 1 and self._switches.fresh_nonce:
                sealed = self._seal(push)
            push.attempt = attempt
            push.note("pushing")
            started = self._clock.now()
            body = await self._post(push.person.account, sealed)
            if body is not None:
                return body
            if attempt < self._switches.deliveries:
                # A refusal is quick; keep the pace all the same, so that a gateway may restart meanwhile.
                passed = (self._clock.now() - started).total_seconds()
                await self._clock.sleep(max(0.0, self._switches.retry_after_s - passed))
        return None

    async def _post(self, account: Account, sealed: Sealed) -> bytes | None:
        """The body of a timely 200, else None."""
        url = self._address(account)
        try:
            async with asyncio.timeout(self._switches.retry_after_s):
                answer = await self._client.post(
                    url, params=sealed.query, content=sealed.body, headers=_HEADERS, timeout=None
                )
        except (TimeoutError, httpx.HTTPError):
            return None
        return answer.content if answer.status_code == 200 else None

    def _seal(self, push: Push) -> Sealed:
        person = push.person
        return seal(person.account, person.openid, push.fields, self._timestamp(), _nonce())

    def _address(self, account: Account) -> str:
        return f"{self._gateway}/wechat/{account.id}"

    def _timestamp(self) -> str:
        return str(int(self._clock.now().timestamp()))


def _nonce() -> str:
    return str(secrets.randbelow(10**10))
