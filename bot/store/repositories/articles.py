"""The wordings of the vetted answers, in SQL; they are public, so they are not sealed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from bot.conversation.articles import ArticleVersion
from bot.store.tables import UtcDateTime, article_versions
from bot.store.transaction import Transaction

# Both databases understand these very words: of two processes that start at once, none is refused.
_KEEP = sa.text(
    "INSERT INTO article_versions (key, version, title, body, first_seen_at)"
    " VALUES (:key, :version, :title, :body, :first_seen_at) ON CONFLICT (key, version) DO NOTHING"
).bindparams(sa.bindparam("first_seen_at", type_=UtcDateTime()))


class SqlArticleVersions:
    """Only ever added to."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def keep(self, versions: Iterable[ArticleVersion]) -> None:
        """Add those that are not yet there; one that is known keeps its words and its first day."""
        known = {(row.key, row.version) for row in await self._transaction.all(_NAMES)}
        # In one order, so that two processes that start at once never wait for each other.
        for one in sorted(versions, key=lambda one: one.reference):
            if (one.key, one.version) not in known:
                await self._transaction.execute(_KEEP, asdict(one))

    async def get(self, key: str, version: str) -> ArticleVersion:
        """That wording; raises NotFound."""
        return _version_of(await self._transaction.get(_of(key).where(article_versions.c.version == version)))

    async def of(self, key: str) -> list[ArticleVersion]:
        """Every wording of this article, the newest first."""
        query = _of(key).order_by(article_versions.c.first_seen_at.desc(), article_versions.c.version)
        return [_version_of(row) for row in await self._transaction.all(query)]


_NAMES = sa.select(article_versions.c.key, article_versions.c.version)


def _of(key: str) -> sa.Select[Any]:
    return sa.select(article_versions).where(article_versions.c.key == key)


def _version_of(row: sa.Row[Any]) -> ArticleVersion:
    return ArticleVersion(**row._mapping)
