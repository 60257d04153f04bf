"""Plays drills: she writes her lines, and goes on each time an operator has answered."""

import asyncio
import contextlib
from typing import Any, Literal

from simulator.accounts import Account
from simulator.drill import Drill, Turn
from simulator.errors import ApiError, BadScript, NotFollowing
from simulator.gestures import Keyed, act
from simulator.messages import Text, write
from simulator.people import Bubble
from simulator.platform import Platform

type State = Literal["playing", "done", "stopped"]

CALLS = "human"
"""The key of the menu's item by which she asks for a person: the drill is for operators, not for the assistant."""

SETTLES_S = 6.0
"""How long an operator must have been quiet before she goes on: an answer often comes in two or three bubbles."""

_LETTERS_A_SECOND = 4
_SHORTEST_S, _LONGEST_S = 2.0, 12.0
_KEPT = 20


class Drilling:
    """One drill being played."""

    def __init__(self, here: Platform, drill: Drill, account: Account, base_url: str, speed: float) -> None:
        self._here = here
        self._drill = drill
        self._base_url = base_url
        self._speed = speed
        self.state: State = "playing"
        self.person = here.join(account, drill.title)
        self._begins: list[int] = []

    async def play(self) -> None:
        """Until the last turn is answered."""
        try:
            act(self._here, self.person, Keyed(type="click", key=CALLS), self._base_url)
            for turn in self._drill.turns:
                await self._write(turn)
                await self._answered()
            self.state = "done"
        except (ApiError, NotFollowing):
            pass  # somebody made her leave: there is nobody to go on
        finally:
            self.end()

    def end(self) -> None:
        """Nothing more will come."""
        if self.state == "playing":
            self.state = "stopped"

    async def _write(self, turn: Turn) -> None:
        for line in turn.say:
            message = Text(type="text", text=line) if isinstance(line, str) else line
            length = len(line) if isinstance(line, str) else 0
            await self._pause(min(max(length / _LETTERS_A_SECOND, _SHORTEST_S), _LONGEST_S))
            write(self._here, self.person, message, self._base_url)
        self._begins.append(self.person.chat[-1].id)

    async def _answered(self) -> None:
        """Wait for an operator's words after her last ones, and until no more come."""
        queue = self.person.watch(None)
        try:
            while not self._answers(len(self._begins) - 1):
                await queue.get()
        finally:
            self.person.unwatch(queue)
        heard = 0
        while (now := len(self._answers(len(self._begins) - 1))) > heard:
            heard = now
            await self._pause(SETTLES_S)

    def _answers(self, turn: int) -> list[Bubble]:
        """What operators wrote after her lines of this turn, and before those of the next."""
        begins = self._begins[turn] if turn < len(self._begins) else None
        ends = self._begins[turn + 1] if turn + 1 < len(self._begins) else None
        return [
            bubble
            for bubble in self.person.chat
            if _by_operator(bubble) and begins is not None and bubble.id > begins and (ends is None or bubble.id < ends)
        ]

    def as_json(self) -> dict[str, Any]:
        """How far it has come: what she wrote, what was answered, and the hints; at its end what to look back on."""
        turns = [
            {
                "said": [line if isinstance(line, str) else f"[{line.type}]" for line in turn.say],
                "answered": [bubble.content.text for bubble in self._answers(number)],
                "hint": turn.hint,
            }
            for number, turn in enumerate(self._drill.turns[: len(self._begins)])
        ]
        return {
            "title": self._drill.title,
            "about": self._drill.about,
            "account": self.person.account.name,
            "openid": self.person.openid,
            "state": self.state,
            "of": len(self._drill.turns),
            "turns": turns,
            "checks": self._drill.checks if self.state == "done" else [],
        }

    async def _pause(self, seconds: float) -> None:
        await self._here.clock.sleep(seconds / self._speed)


class Coach:
    """The drills that are played here; the latest are remembered."""

    def __init__(self, here: Platform) -> None:
        self._here = here
        self._drillings: dict[int, tuple[Drilling, asyncio.Task[None]]] = {}

    @property
    def account(self) -> Account | None:
        """The account on which drills are played; None where there is none, since nobody real must be disturbed."""
        return next((account for account in self._here.accounts.values() if account.drill), None)

    def start(self, drill: Drill, base_url: str, speed: float) -> int:
        """Begin to play; its number. BadScript when no account is for drills."""
        if self.account is None:
            raise BadScript("no account is for drills")
        drilling = Drilling(self._here, drill, self.account, base_url, speed)
        number = max(self._drillings, default=0) + 1
        self._drillings[number] = drilling, asyncio.create_task(drilling.play())
        for old in [key for key, (_, task) in self._drillings.items() if task.done()][:-_KEPT]:
            del self._drillings[old]
        return number

    def find(self, number: int) -> Drilling | None:
        """A drilling by its number."""
        return self._drillings[number][0] if number in self._drillings else None

    async def stop(self, number: int) -> None:
        """End it; what has been sent goes its way."""
        drilling, task = self._drillings[number]
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        drilling.end()  # also where it had not even begun

    async def close(self) -> None:
        """End all."""
        for number in list(self._drillings):
            await self.stop(number)


def _by_operator(bubble: Bubble) -> bool:
    """Whether a person wrote it: passive replies and what bears the AI label are the assistant's."""
    return bubble.sender == "account" and bubble.via == "customer_service" and not bubble.ai
