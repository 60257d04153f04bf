"""The supervisor keeps programs running, and leaves none behind: not when it is asked, not when it is killed."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psutil
import pytest

from bot.supervisor import Process, Supervisor

pytestmark = pytest.mark.process

PATIENCE_S = 40.0


def a_program(name: str, script: str) -> Process:
    """A shell script in a folder of the test."""

    async def ready() -> bool:
        return True

    return Process(name, name, ("sh", "-c", script), ready)


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110 - another program gives no event
            await asyncio.sleep(0.01)


class Folder:
    """Where the programs of a test write."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def lines(self, name: str) -> list[str]:
        file = self.path / name
        return file.read_text().split() if file.exists() else []

    def pids(self, name: str = "pids") -> list[int]:
        return [int(line) for line in self.lines(name)]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def reports() -> list[tuple[str, str]]:
    return []


@pytest.fixture
async def supervisor(folder: Folder, reports: list[tuple[str, str]]) -> AsyncIterator[Supervisor]:
    """A supervisor with its usual grace, which has stopped when the test ends."""
    supervisor = Supervisor(folder.path / "log", lambda process, what: reports.append((process.name, what)))
    yield supervisor
    await supervisor.stop()


async def test_a_program_that_dies_is_started_again(
    supervisor: Supervisor, folder: Folder, reports: list[tuple[str, str]]
) -> None:
    await supervisor.start(a_program("sleeper", f"echo $$ >> {folder.path}/pids; exec sleep 60"))
    await until(lambda: len(folder.pids()) == 1)
    os.kill(folder.pids()[0], signal.SIGKILL)
    await until(lambda: len(folder.pids()) == 2)
    assert reports == [("sleeper", "restarted")]
    first, second = folder.pids()
    assert not alive(first)
    assert alive(second)


async def test_a_program_that_keeps_dying_is_not_started_in_a_rush(supervisor: Supervisor, folder: Folder) -> None:
    started = time.monotonic()
    await supervisor.start(a_program("broken", f"echo x >> {folder.path}/runs; exit 1"))
    await until(lambda: len(folder.lines("runs")) == 3)
    assert time.monotonic() - started > 1.4


async def test_stopping_lets_a_program_finish(supervisor: Supervisor, folder: Folder) -> None:
    script = f"trap 'sleep 0.2; echo finished >> {folder.path}/ends; exit' TERM; echo up >> {folder.path}/ends; "
    await supervisor.start(a_program("careful", script + "while :; do sleep 0.05; done"))
    await until(lambda: folder.lines("ends") == ["up"])
    await supervisor.stop()
    assert folder.lines("ends") == ["up", "finished"]


async def test_stopping_ends_a_program_that_will_not_within_the_grace(folder: Folder) -> None:
    supervisor = Supervisor(folder.path / "log", lambda process, what: None, grace_s=1)
    script = f"trap '' TERM; echo $$ >> {folder.path}/pids; while :; do sleep 0.05; done"
    await supervisor.start(a_program("stubborn", script))
    await until(lambda: len(folder.pids()) == 1)
    started = time.monotonic()
    await supervisor.stop()
    assert time.monotonic() - started > 0.9
    assert not alive(folder.pids()[0])


async def test_stopping_ends_the_last_started_first_and_all_that_they_started(
    supervisor: Supervisor, folder: Folder
) -> None:
    for name in ("redis", "gateway"):
        script = f"trap 'echo {name} >> {folder.path}/ends; exit' TERM; sleep 60 & echo $! >> {folder.path}/pids; wait"
        await supervisor.start(a_program(name, script))
    await until(lambda: len(folder.pids()) == 2)
    await supervisor.stop()
    assert folder.lines("ends") == ["gateway", "redis"]
    await until(lambda: not any(map(alive, folder.pids())))


async def test_a_program_that_has_only_just_started_is_ended_too(supervisor: Supervisor) -> None:
    before = psutil.Process().children(recursive=True)
    await supervisor.start(a_program("sleeper", "exec sleep 60"))
    await supervisor.stop()
    assert psutil.Process().children(recursive=True) == before


async def test_stopping_does_not_wait_for_a_program_that_rests(
    supervisor: Supervisor, folder: Folder, reports: list[tuple[str, str]]
) -> None:
    await supervisor.start(a_program("broken", f"echo x >> {folder.path}/runs; exit 1"))
    await until(lambda: len(reports) == 2)  # told when it has died, before it rests
    stopping = asyncio.create_task(supervisor.stop())
    for _ in range(100):  # turns of the loop, far fewer than fit into the rest
        await asyncio.sleep(0)
    assert stopping.done()
    assert len(folder.lines("runs")) == 2


async def test_each_program_has_its_log_and_an_old_long_one_is_kept_aside(
    supervisor: Supervisor, folder: Folder
) -> None:
    log = folder.path / "log" / "talker.log"
    log.parent.mkdir()
    with log.open("wb") as old:
        old.truncate(20_000_001)
    await supervisor.start(a_program("talker", "echo out; echo err >&2; exec sleep 60"))
    await until(lambda: sorted(folder.lines("log/talker.log")) == ["err", "out"])
    assert (folder.path / "log" / "talker.log.1").stat().st_size == 20_000_001


async def test_readiness_is_waited_for_and_told(supervisor: Supervisor, reports: list[tuple[str, str]]) -> None:
    answers = iter([False, False, True])

    async def ready() -> bool:
        return next(answers, False)

    process = Process("slow", "slow", ("true",), ready)
    assert await supervisor.wait_ready(process, 5)
    assert reports == [("slow", "ready")]
    assert not await supervisor.wait_ready(process, 0.05)
    assert reports == [("slow", "ready")]


SUPERVISED = """
import asyncio, sys
from pathlib import Path
from bot.supervisor import Process, Supervisor

async def ready(): return True

async def main():
    folder = Path(sys.argv[1])
    supervisor = Supervisor(folder / "log", lambda process, what: None)
    script = f"echo $$ >> {folder}/pids; exec sleep 60"
    await supervisor.start(Process("sleeper", "sleeper", ("sh", "-c", script), ready))
    await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="only Linux ends a child with its parent")
async def test_when_the_supervisor_is_killed_its_programs_end(folder: Folder) -> None:
    supervising = await asyncio.create_subprocess_exec(sys.executable, "-c", SUPERVISED, str(folder.path))
    await until(lambda: len(folder.pids()) == 1)
    (child,) = folder.pids()
    assert alive(child)
    supervising.kill()
    await supervising.wait()
    await until(lambda: not alive(child))
