"""What the desk reads, while the database is away."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, NoReturn

from bot.conversation.errors import StoreUnavailable


class AwayReads:
    """Stands for any of the reads; whatever is asked raises StoreUnavailable."""

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        if name.startswith("_"):
            raise AttributeError(name)
        return _away


async def _away(*asked: Any, **about: Any) -> NoReturn:
    raise StoreUnavailable("the database does not answer")
