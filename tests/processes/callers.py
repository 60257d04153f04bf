"""A connection to a server of ours, held by somebody who may say anything: no sockets, and time passes when told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.server import ServerState

from bot.punctual import Punctual


@dataclass
class Timer:
    """One thing that will be done."""

    at: float
    callback: Callable[[], object]

    def cancel(self) -> None:
        self.at = float("inf")


class Sundial:
    """The running loop, but time passes when the test says so."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._now = 0.0
        self._timers: list[Timer] = []

    def create_task(self, work: Any, **parts: Any) -> asyncio.Task[Any]:
        return self._loop.create_task(work, **parts)

    def call_later(self, delay: float, callback: Callable[..., object], *args: object) -> Timer:
        self._timers.append(Timer(self._now + delay, lambda: callback(*args)))
        return self._timers[-1]

    def pass_s(self, seconds: float) -> None:
        self._now += seconds
        for timer in [timer for timer in self._timers if timer.at <= self._now]:
            self._timers.remove(timer)
            timer.callback()


class Wire(asyncio.Transport):
    """What the server says, and whether it hung up: at once, or after what it had to say."""

    def __init__(self) -> None:
        super().__init__()
        self.said = b""
        self.ended: str | None = None

    def write(self, data: Any) -> None:
        self.said += bytes(data)

    def is_closing(self) -> bool:
        return self.ended is not None

    def close(self) -> None:
        self.ended = self.ended or "closed"

    def abort(self) -> None:
        self.ended = "aborted"

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass


@dataclass
class Caller:
    """Somebody who has just connected to the server of this app."""

    app: ASGIApp
    time: Sundial = field(default_factory=Sundial)
    wire: Wire = field(default_factory=Wire)

    def __post_init__(self) -> None:
        config = uvicorn.Config(self.app, ws="none", log_config=None, log_level="error", lifespan="off")
        config.load()
        state = ServerState()
        self._tasks = state.tasks
        self.protocol = Punctual(config, state, {}, self.time)  # type: ignore[arg-type]
        self.protocol.connection_made(self.wire)

    def says(self, data: bytes) -> None:
        self.protocol.data_received(data)

    async def rests(self) -> None:
        """Until every request is answered that can be."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))
            await asyncio.sleep(0)

    @property
    def ended(self) -> str | None:
        return self.wire.ended

    @property
    def answers(self) -> list[tuple[int, bytes, bytes]]:
        """Status, headers and body of each answer."""
        told = [part.partition(b"\r\n\r\n") for part in self.wire.said.split(b"HTTP/1.1 ")[1:]]
        return [(int(head[:3]), head, body) for head, _, body in told]

    @property
    def bodies(self) -> list[bytes]:
        return [body for _, _, body in self.answers]
