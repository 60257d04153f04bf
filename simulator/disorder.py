"""Pushes that come twice, late or out of order, drawn from a seed so that a run can be repeated."""

import asyncio
from dataclasses import dataclass
from random import Random

from simulator.switches import Switches


@dataclass(frozen=True)
class Detour:
    """What happens to one push on its way."""

    copies: int = 1
    delay_s: float = 0.0
    held: bool = False


class Disorder:
    """Draws the detour of each push, in the order in which people act."""

    def __init__(self, switches: Switches) -> None:
        self._switches = switches
        self._waiting: dict[str, set[asyncio.Event]] = {}
        self.reseed()

    def reseed(self) -> None:
        """Begin the draws of the switch `seed` anew."""
        self._random = Random(self._switches.seed)

    def draw(self) -> Detour:
        """The next detour; always four draws, so that one switch does not change what another draws."""
        switches, draws = self._switches, [self._random.random() for _ in range(4)]
        return Detour(
            copies=2 if draws[0] < switches.duplicate else 1,
            delay_s=draws[2] * switches.delay_s if draws[1] < switches.delay else 0.0,
            held=draws[3] < switches.reorder,
        )

    async def wait_to_be_overtaken(self, openid: str) -> None:
        """Until another push of the same person is over, or `reorder_wait_s` when there is none."""
        overtaken = asyncio.Event()
        self._waiting.setdefault(openid, set()).add(overtaken)
        try:
            async with asyncio.timeout(self._switches.reorder_wait_s):
                await overtaken.wait()
        except TimeoutError:
            pass
        finally:
            self._forget(openid, overtaken)

    def overtake(self, openid: str) -> None:
        """Let go what was held for this person."""
        for overtaken in self._waiting.get(openid, ()):
            overtaken.set()

    def _forget(self, openid: str, overtaken: asyncio.Event) -> None:
        waiting = self._waiting[openid]
        waiting.discard(overtaken)
        if not waiting:
            del self._waiting[openid]
