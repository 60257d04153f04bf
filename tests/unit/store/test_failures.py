"""What the database says becomes one of our errors, without the values of the row."""

from __future__ import annotations

import traceback

import pytest
import sqlalchemy as sa
from sqlalchemy import exc

from bot.conversation.errors import Conflict, InvalidData, NotFound, StoreUnavailable
from bot.store.failures import our_errors


class Refusal(Exception):
    """As psycopg has it: the text quotes the row, the diagnosis names the constraint."""

    class diag:
        constraint_name = "uq_contacts_mailbox"


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (exc.IntegrityError("INSERT", {}, Refusal("13800000000")), Conflict),
        (exc.DataError("INSERT", {}, Exception("13800000000")), InvalidData),
        (exc.NoResultFound("13800000000"), NotFound),
        (exc.OperationalError("SELECT", {}, Exception("gone")), StoreUnavailable),
        (exc.InterfaceError("SELECT", {}, Exception("gone")), StoreUnavailable),
        (exc.TimeoutError("the pool is used up"), StoreUnavailable),
        (exc.StatementError("", "INSERT", {}, InvalidData("a datetime without zone")), InvalidData),
    ],
)
def test_foreign_errors_become_ours(raised: Exception, expected: type[Exception]) -> None:
    with pytest.raises(expected) as caught, our_errors():
        raise raised
    assert "13800000000" not in "".join(traceback.format_exception(caught.value))


def test_a_conflict_names_the_constraint() -> None:
    with pytest.raises(Conflict, match="uq_contacts_mailbox"), our_errors():
        raise exc.IntegrityError("INSERT", {}, Refusal("13800000000"))


def test_a_mistake_in_our_program_stays_what_it_is() -> None:
    with pytest.raises(exc.StatementError), our_errors():
        raise exc.StatementError("", "INSERT", {}, TypeError("not a datetime"))
    with pytest.raises(KeyError), our_errors():
        raise KeyError("ours")


def test_sqlite_names_the_columns() -> None:
    engine = sa.create_engine("sqlite://", hide_parameters=True)
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE contacts (mailbox TEXT UNIQUE)")
        connection.exec_driver_sql("INSERT INTO contacts VALUES ('13800000000')")
        with pytest.raises(Conflict, match=r"contacts\.mailbox") as caught, our_errors():
            connection.exec_driver_sql("INSERT INTO contacts VALUES (?)", ("13800000000",))
    engine.dispose()
    assert "13800000000" not in "".join(traceback.format_exception(caught.value))
