"""Keep the processes of one machine running: start, watch, start again, and end them all cleanly."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

GRACE_S = 25.0
"""How long a process may take to finish what it does after it was asked to end."""

_READY_EVERY_S = 0.2
_STABLE_S = 30.0
_BACKOFF_S = (0.2, 0.5, 1.0, 2.0, 5.0)
_LOG_KEPT_BYTES = 20_000_000
_LOGS_EVERY_S = 60.0


@dataclass(frozen=True, slots=True)
class Process:
    """One program to keep running; `ready` tells whether it serves."""

    name: str
    title: str
    argv: tuple[str, ...]
    ready: Callable[[], Awaitable[bool]]
    env: Mapping[str, str] = field(default_factory=dict)


Report = Callable[[Process, str], None]
"""Told of a process: "ready", or "restarted" when it died by itself."""


class Supervisor:
    """Runs processes, each with a log file of its own in `log_folder`."""

    def __init__(self, log_folder: Path, report: Report, grace_s: float = GRACE_S) -> None:
        self._log_folder = log_folder
        self._report = report
        self._grace_s = grace_s
        self._watchers: list[asyncio.Task[None]] = []

    async def start(self, process: Process) -> None:
        """Start a process and keep it running until `stop`."""
        self._log_folder.mkdir(parents=True, exist_ok=True)
        if not self._watchers:
            await asyncio.to_thread(_cut_long_logs, self._log_folder)
            self._watchers.append(asyncio.create_task(_keep_logs_small(self._log_folder)))
        child = await self._spawn(process)
        self._watchers.append(asyncio.create_task(self._watch(process, child)))
        await asyncio.sleep(0)  # a watcher that was cancelled before it began would leave its child behind

    async def wait_ready(self, process: Process, timeout_s: float) -> bool:
        """Wait until it serves; False if it does not in time."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                while not await process.ready():  # noqa: ASYNC110 - another program gives no event
                    await asyncio.sleep(_READY_EVERY_S)
                self._report(process, "ready")
                return True
        return False

    async def stop(self) -> None:
        """End all, the last started first, each with time to finish."""
        for watcher in reversed(self._watchers):
            watcher.cancel()
            await asyncio.gather(watcher, return_exceptions=True)

    async def _watch(self, process: Process, child: asyncio.subprocess.Process) -> None:
        loop, failures = asyncio.get_running_loop(), 0
        try:
            while True:
                started = loop.time()
                await child.wait()
                with suppress(OSError):  # the terminal may be gone
                    self._report(process, "restarted")
                failures = 0 if loop.time() - started > _STABLE_S else failures + 1
                await asyncio.sleep(_BACKOFF_S[min(failures, len(_BACKOFF_S) - 1)])
                with suppress(OSError):  # no memory or no file handle just now: the next round tries again
                    child = await self._spawn(process)
        finally:
            await _end(child, self._grace_s)

    async def _spawn(self, process: Process) -> asyncio.subprocess.Process:
        with self._log_path(process).open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *_tied_to_us(),
                *process.argv,
                env={**os.environ, **process.env},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the supervisor, which ends them in order
            )

    def _log_path(self, process: Process) -> Path:
        return self._log_folder / f"{process.name}.log"


def _tied_to_us() -> tuple[str, ...]:
    """Ask the kernel to end the child when the supervisor is killed without a chance to do it."""
    setpriv = shutil.which("setpriv")
    return (setpriv, "--pdeathsig", "TERM", "--") if setpriv else ()


async def _end(child: asyncio.subprocess.Process, grace_s: float) -> None:
    if child.returncode is not None:
        return
    _signal(child, signal.SIGTERM)
    try:
        async with asyncio.timeout(grace_s):
            await child.wait()
    except TimeoutError:
        _signal(child, signal.SIGKILL)
        await child.wait()
    _signal(child, signal.SIGKILL)  # what it started itself and left behind: a fork that was not yet its program


def _signal(child: asyncio.subprocess.Process, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.pid, number)


async def _keep_logs_small(folder: Path) -> None:
    """A full disk would take Redis and SQL with it."""
    while True:
        await asyncio.sleep(_LOGS_EVERY_S)
        await asyncio.to_thread(_cut_long_logs, folder)


def _cut_long_logs(folder: Path) -> None:
    """Put the words of a long log aside; the programs append, so it may be cut under them."""
    for path in folder.glob("*.log"):
        if path.stat().st_size > _LOG_KEPT_BYTES:
            shutil.copyfile(path, path.with_suffix(".log.1"))
            os.truncate(path, 0)
