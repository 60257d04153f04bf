"""Opens an office over a fresh SQLite file that is copied from one migrated template."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection

from bot.store import migrate
from bot.store.encryption import FernetSealer
from bot.store.engine import create_engine
from tests.doubles.office import Office


@pytest.fixture(scope="session")
def office_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("office") / "template.db"
    migrate.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
async def office(office_template: Path, tmp_path: Path) -> AsyncIterator[Office]:
    """An office in which nobody works yet and nobody waits."""
    shutil.copy(office_template, tmp_path / "office.db")
    engine = create_engine(f"sqlite:///{tmp_path / 'office.db'}")
    event.listen(engine.sync_engine, "connect", _without_waiting_for_the_disk)
    yield Office(engine, FernetSealer(["A" * 43 + "="], "index secret"))
    await engine.dispose()


def _without_waiting_for_the_disk(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = OFF")
    cursor.close()
