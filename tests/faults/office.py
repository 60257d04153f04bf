"""An operator who takes whoever waits and writes to her, so that customer-service messages flow."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field

import httpx

from tests.house.house import House

PAUSE_S = 0.8
HELD_AT_MOST = 60
"""Conversations at once: whoever was with her longest is handed back or ended."""


@dataclass(slots=True)
class Office:
    """Keeps writing until it is cancelled; `taken` are the replies that the desk took, `unsure` those whose fate it did
    not tell (it was killed under the request)."""

    house: House
    seed: int
    taken: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)

    async def work(self) -> None:
        """Claim, write, let go."""
        dice, mine, number = random.Random(self.seed), deque[str](), 0
        async with httpx.AsyncClient(base_url=f"{self.house.desk_site}/api/v1", timeout=20, trust_env=False) as desk:
            while True:
                await asyncio.sleep(PAUSE_S * dice.uniform(0.5, 1.5))
                with suppress(httpx.HTTPError, _Refused):
                    if "Authorization" not in desk.headers:
                        await self._sign_in(desk)
                    await _claim(desk, mine)
                    if mine:
                        number += 1
                        await self._write(desk, dice.choice(mine), f"接线员的话，第 {number} 句")
                    if len(mine) > HELD_AT_MOST:
                        await _let_go(desk, mine.popleft(), dice)

    async def _sign_in(self, desk: httpx.AsyncClient) -> None:
        words = (self.house.home / "first-sign-in.txt").read_text(encoding="utf-8")
        username, _, password = words.partition(" / ")
        answer = await desk.post("/tokens", json={"username": username, "password": password.strip()})
        desk.headers["Authorization"] = f"Bearer {_ok(answer).json()['token']}"

    async def _write(self, desk: httpx.AsyncClient, conversation: str, words: str) -> None:
        try:
            answer = await desk.post(f"/conversations/{conversation}/messages", json={"text": words})
        except httpx.ConnectError:
            return
        except httpx.HTTPError:
            self.unsure.append(words)
            return
        if answer.is_success:
            self.taken.append(words)
        elif answer.status_code >= 500:
            self.unsure.append(words)


async def _claim(desk: httpx.AsyncClient, mine: deque[str]) -> None:
    answer = _ok(await desk.post("/queue/claim"))
    if answer.status_code == 200:
        mine.append(answer.json()["id"])


async def _let_go(desk: httpx.AsyncClient, conversation: str, dice: random.Random) -> None:
    if dice.random() < 0.5:
        _ok(await desk.post(f"/conversations/{conversation}/release"))
    else:
        _ok(await desk.post(f"/conversations/{conversation}/close", json={"disposition": "answered"}))


class _Refused(Exception):
    """The desk said no."""


def _ok(answer: httpx.Response) -> httpx.Response:
    if not answer.is_success:
        raise _Refused(answer.status_code)
    return answer
