"""A real PostgreSQL server for tests: from the system's binaries, on a socket in a short folder of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

_SUPERUSER = "niangjia"
_START_TIMEOUT_S = 50.0


def binaries() -> Path | None:
    """The folder of the newest PostgreSQL server on this machine."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    on_path = shutil.which("initdb")
    folders += [Path(on_path).resolve().parent] if on_path else []
    return max(folders, key=lambda folder: (len(folder.parent.name), folder.parent.name), default=None)


class PostgresServer:
    """A running server; `url` names one of its databases."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def url(self, database: str) -> str:
        """The address of a database, as the settings would have it."""
        return f"postgresql://{_SUPERUSER}@/{database}?host={self._folder}"

    def create_database(self, name: str, template: str = "template0") -> str:
        """Copy a database that nobody uses; returns the address of the copy."""
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def execute(self, statement: str) -> None:
        """Run one statement as the superuser."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def running_postgres(binaries: Path) -> Iterator[PostgresServer]:
    """Start a server with empty databases, and stop it at the end."""
    # Not under pytest's own folder, which only root may enter, and whose path may be too long for a socket.
    folder = Path(tempfile.mkdtemp(prefix="niangjia-pg-"))
    account = _unprivileged_account()
    if account:
        shutil.chown(folder, **account)
    data = folder / "data"
    try:
        initialise: list[str | Path] = [
            binaries / "initdb",
            "-D",
            data,
            "-U",
            _SUPERUSER,
            "--auth=trust",
            "--encoding=UTF8",
            "--no-sync",
        ]
        subprocess.run([*initialise, "--locale=C"], check=True, capture_output=True, cwd=folder, **account)
        with _running([binaries / "postgres", "-D", data, "-k", folder, *_SETTINGS], folder, account):
            yield PostgresServer(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


_SETTINGS = [
    argument
    for setting in ("listen_addresses=", "fsync=off", "full_page_writes=off", "shared_buffers=16MB")
    for argument in ("-c", setting)
]


@contextmanager
def _running(command: list[str | Path], folder: Path, account: dict[str, Any]) -> Iterator[None]:
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, **account)
    try:
        _wait_until_ready(process, folder)
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=50)


def _wait_until_ready(process: subprocess.Popen[Any], folder: Path) -> None:
    deadline = time.monotonic() + _START_TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            psycopg.connect(PostgresServer(folder).url("postgres")).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'log').read_text()}")


def _unprivileged_account() -> dict[str, Any]:
    """Whom to run the server as: it refuses to be root."""
    return {"user": "nobody", "group": "nogroup"} if os.geteuid() == 0 else {}
