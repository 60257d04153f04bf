"""Turns what SQLAlchemy and the drivers raise into our errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc

from bot.conversation.errors import Conflict, InvalidData, NiangjiaError, NotFound, StoreUnavailable


@contextmanager
def our_errors() -> Iterator[None]:
    """Raise Conflict, InvalidData, NotFound or StoreUnavailable for what the database refuses.

    The causes of Conflict and InvalidData are dropped: a driver quotes the values of the row in them.
    """
    try:
        yield
    except exc.IntegrityError as error:
        raise Conflict(f"the store refused the row: {_constraint(error)}") from None
    except exc.DataError:
        raise InvalidData("the store cannot hold a value") from None
    except exc.NoResultFound:
        raise NotFound("no such row") from None
    except (exc.DBAPIError, exc.TimeoutError, exc.PendingRollbackError) as error:
        raise StoreUnavailable("the database does not answer as it should") from error
    except exc.StatementError as error:
        if isinstance(error.orig, NiangjiaError):
            raise error.orig from None
        raise


def _constraint(error: exc.IntegrityError) -> str:
    """What was violated, without the values: PostgreSQL names the constraint, SQLite the columns."""
    diagnosis = getattr(error.orig, "diag", None)
    return str(error.orig if diagnosis is None else diagnosis.constraint_name or diagnosis.message_primary)
