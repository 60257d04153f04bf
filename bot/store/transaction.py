"""One transaction on one connection, with our errors, and one writer at a time for each person."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import suppress
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.conversation.errors import Conflict, NotFound, StaleVersion, StoreUnavailable
from bot.store.engine import LINE_TIMEOUT_S, writers_line
from bot.store.failures import our_errors
from bot.store.tables import contacts

Values = Mapping[str, Any]

_AUDIT_LOCK = 12339
"""Names the audit trail among the advisory locks of a PostgreSQL database; `store.migrate` has another one."""


class Transaction:
    """A transaction, begun by `begin` and undone by `aclose` unless it was committed."""

    def __init__(self, connection: AsyncConnection, line: asyncio.Lock | None) -> None:
        """`line` is held until the end; see `engine.writers_line`."""
        self._connection = connection
        self._line = line
        self._refused = False
        self._held: set[str] = set()

    @classmethod
    async def begin(cls, engine: AsyncEngine) -> Self:
        """Begin on a connection of the pool, as `engine.reading` or `engine.writing` says; raises StoreUnavailable."""
        line = writers_line(engine)
        if line is not None:
            await _stand_in(line)
        try:
            return cls(await _begun(engine), line)
        except BaseException:
            if line is not None:
                line.release()
            raise

    async def aclose(self) -> None:
        """Give the connection back; what was not committed is undone."""
        try:
            with our_errors():
                # The way out of `async with` is shielded from a second cancellation, unlike `close`.
                await self._connection.__aexit__(None, None, None)
        finally:
            self._leave_line()

    async def commit(self) -> None:
        """Keep everything; raises Conflict after a refused statement, and StoreUnavailable."""
        self._check_usable()
        with our_errors():
            await _to_its_end(self._connection.commit())
        self._held.clear()
        self._leave_line()

    async def execute(self, statement: sa.Executable, values: Values | None = None) -> sa.CursorResult[Any]:
        """Run one statement; raises Conflict, InvalidData and StoreUnavailable.

        After a Conflict every further call raises it too: PostgreSQL has given up the transaction by then, and
        SQLite must not behave otherwise.
        """
        self._check_usable()
        try:
            with our_errors():
                return await _to_its_end(self._connection.execute(statement, values))
        except Conflict:
            self._refused = True
            raise

    async def first(self, query: sa.Select[Any]) -> sa.Row[Any] | None:
        """The first row, or None."""
        return (await self.execute(query)).first()

    async def get(self, query: sa.Select[Any]) -> sa.Row[Any]:
        """The first row; raises NotFound."""
        row = await self.first(query)
        if row is None:
            raise NotFound("no such row")
        return row

    async def all(self, query: sa.Select[Any] | sa.CompoundSelect[Any]) -> Sequence[sa.Row[Any]]:
        """Every row."""
        return (await self.execute(query)).all()

    async def insert(self, table: sa.Table, values: Values) -> int | str:
        """Add a row and return its primary key; raises Conflict."""
        added = await self.execute(sa.insert(table).returning(*table.primary_key), values)
        key: int | str = added.scalar_one()
        return key

    async def update(self, table: sa.Table, values: Values) -> None:
        """Change the row with the `id` that is among the values; raises NotFound."""
        if await self.change(table, values) == 0:
            raise NotFound("no such row")

    async def change(self, table: sa.Table, values: Values, *unchanged: sa.ColumnElement[bool]) -> int:
        """Change the row with the `id` that is among the values, if that still holds; returns how many there were."""
        # The id is not set anew: SQLite would look through every table that refers to it, whether it changes or not.
        statement = sa.update(table).where(table.c.id == sa.bindparam("its_id"), *unchanged)
        others = {name: value for name, value in values.items() if name != "id"}
        return (await self.execute(statement, {"its_id": values["id"], **others})).rowcount

    async def hold_contact(self, contact_id: str) -> None:
        """Wait until no other unit of work holds this person, and keep others waiting until this one ends.

        Everything of hers is changed behind this one lock: two units cannot wait for each other, and the order of
        messages is the order of commits. Raises StaleVersion if she was erased: what was read of her before must
        not come back.
        """
        if contact_id not in self._held:
            query = sa.select(contacts.c.erased_at).where(contacts.c.id == contact_id)
            row = await self.first(query.with_for_update(key_share=True))
            if row is not None and row.erased_at is not None:
                raise StaleVersion("this person was erased")
            self._held.add(contact_id)

    async def hold_audit(self) -> None:
        """Wait until no other unit of work writes the audit trail, and keep others waiting until this one ends."""
        if self._connection.dialect.name == "postgresql":  # on SQLite this is the only unit that writes at all
            await self.execute(sa.select(sa.func.pg_advisory_xact_lock(_AUDIT_LOCK)))

    def _leave_line(self) -> None:
        if self._line is not None:
            self._line.release()
            self._line = None

    def _check_usable(self) -> None:
        if self._refused:
            raise Conflict("this unit of work was refused; begin a new one")


async def _to_its_end[Result](call: Coroutine[Any, Any, Result]) -> Result:
    """The result of a call of the driver; whoever is cancelled here waits until it has ended.

    A statement that is broken off is not closed: on SQLite it keeps the write lock until it is collected as garbage.
    """
    running = asyncio.create_task(call)
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        if not running.cancelled():
            running.exception()  # nobody is left to whom it matters
        raise


async def _stand_in(line: asyncio.Lock) -> None:
    try:
        async with asyncio.timeout(LINE_TIMEOUT_S):
            await line.acquire()
    except TimeoutError:
        raise StoreUnavailable("too many wait to write") from None


async def _begun(engine: AsyncEngine) -> AsyncConnection:
    with our_errors():
        connection = await _connection(engine)
        try:
            await connection.begin()
        except BaseException:
            await connection.__aexit__(None, None, None)
            raise
    return connection


async def _connection(engine: AsyncEngine) -> AsyncConnection:
    """A connection of the pool.

    Whoever is cancelled here waits until it stands and gives it back (the engine's time limits bound the wait): a
    driver that is broken off while it connects may leave the connection open, and counted as lent, for good.
    """
    opening = asyncio.create_task(_open(engine))
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        await asyncio.shield(asyncio.create_task(_give_back(opening)))
        raise


async def _open(engine: AsyncEngine) -> AsyncConnection:
    return await engine.connect()


async def _give_back(opening: asyncio.Task[AsyncConnection]) -> None:
    with suppress(sa.exc.SQLAlchemyError, OSError):  # none was opened; who asked for it has gone
        connection = await opening
        await connection.__aexit__(None, None, None)


def held(table: sa.Table, *, skip_held: bool = False) -> sa.Select[Any]:
    """Rows of a table that belong to a person, read behind her lock; with `skip_held`, only if it is free now.

    The contact is locked first, then the row, and what comes back is the row as it stands by then. SQLite leaves
    the clause out: there a unit of work has the whole database for itself.
    """
    query = sa.select(table).join(contacts, contacts.c.id == table.c.contact_id)
    return query.with_for_update(of=[contacts, table], key_share=True, skip_locked=skip_held)
