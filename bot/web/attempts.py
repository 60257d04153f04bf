"""Slows down the guessing of passwords and codes: for each name from each address, for each address, for each name."""

from __future__ import annotations

import json

import structlog

from bot.conversation.desk_ports import Limit, Tries
from bot.conversation.errors import RedisUnavailable
from bot.conversation.ports import Sealer
from bot.web.errors import TooManyAttempts

log = structlog.get_logger(__name__)

PAIR = Limit(free=5, longest_s=300)
"""A name from one address: people mistype."""

ADDRESS = Limit(free=30, longest_s=300)
"""Many names from one address; a whole office may share one."""

NAME = Limit(free=50, longest_s=30)
"""One name from many addresses; the pause stays short, or a stranger could keep an operator from her desk."""


class Attempts:
    """Counts the wrong tries, and those that are under way.

    They are kept under digests: somebody may have written a password where the name belongs.
    """

    def __init__(self, tries: Tries, sealer: Sealer) -> None:
        self._tries = tries
        self._sealer = sealer

    async def begin(self, username: str, address: str) -> None:
        """Count a try before its password is checked; raises TooManyAttempts. An empty address is no address.

        While Redis is away nothing is counted: operators must get to the desk, and no guesser can send it away.
        """
        try:
            wait_s = await self._tries.begin(self._limits(username, address))
        except RedisUnavailable as error:
            log.warning("tries not counted", error=str(error))
            return
        if wait_s:
            raise TooManyAttempts(wait_s)

    async def forget(self, username: str, address: str) -> None:
        """The password was right: this name has a new beginning here, and the try counts nowhere."""
        pair, *others = self._limits(username, address)
        try:
            await self._tries.succeed(pair, others)
        except RedisUnavailable as error:
            log.warning("tries not forgotten", error=str(error))

    def _limits(self, username: str, address: str) -> dict[str, Limit]:
        name = username.casefold()
        limits = {self._key("pair", name, address): PAIR}
        if address:
            limits |= {self._key("address", address): ADDRESS, self._key("name", name): NAME}
        return limits

    def _key(self, *what: str) -> str:
        return self._sealer.tag(json.dumps(["tries", *what]).encode())
