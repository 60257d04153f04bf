"""Addresses of databases: which are taken, and which driver serves them."""

from __future__ import annotations

import pytest

from bot.conversation.errors import InvalidData
from bot.store import migrate
from bot.store.engine import create_engine


@pytest.mark.parametrize(
    ("address", "driver"),
    [
        ("sqlite:///var/niangjia.db", "sqlite+aiosqlite"),
        ("sqlite:////srv/niangjia.db", "sqlite+aiosqlite"),
        ("postgresql://niangjia:word@db/niangjia", "postgresql+psycopg"),
        ("postgresql+psycopg://niangjia@db/niangjia", "postgresql+psycopg"),
    ],
)
async def test_addresses_that_are_taken(address: str, driver: str) -> None:
    engine = create_engine(address)
    assert engine.url.drivername == driver
    assert str(engine.url.database) in address
    await engine.dispose()


@pytest.mark.parametrize(
    "address", ["", "niangjia.db", "mysql://u:sesame@db/x", "sqlite://", "sqlite:///:memory:", "oracle://u:sesame@db/x"]
)
def test_addresses_that_are_refused_unquoted(address: str) -> None:
    for use in (create_engine, migrate.upgrade):
        with pytest.raises(InvalidData) as refused:
            use(address)
        assert "sesame" not in str(refused.value)
