"""Keeps every wording of the vetted answers that a process answers with."""

from __future__ import annotations

import asyncio

import structlog

from bot.conversation.articles import ArticleVersion
from bot.conversation.clock import Clock
from bot.conversation.errors import Unavailable
from bot.conversation.repositories import UnitsOfWork
from bot.knowledge import KnowledgeBase
from bot.serving import Work

RETRY_S = 5.0

log = structlog.get_logger(__name__)


def keeping_articles(units: UnitsOfWork, knowledge: KnowledgeBase, clock: Clock, retry_s: float = RETRY_S) -> Work:
    """Work that keeps the wordings once, as soon as the database answers, and then only waits for the end."""

    async def keep(stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await keep_articles(units, knowledge, clock)
                await stop.wait()
            except Unavailable as error:
                log.warning("articles not kept", error=type(error).__name__)
                await asyncio.sleep(retry_s)

    return keep


async def keep_articles(units: UnitsOfWork, knowledge: KnowledgeBase, clock: Clock) -> None:
    """Add the wordings that were never in use before; raises StoreUnavailable."""
    now = clock.now()
    versions = [
        ArticleVersion(article.key, article.version, article.title, article.body, now) for article in knowledge.wordings
    ]
    async with units() as uow:
        await uow.article_versions.keep(versions)
        await uow.commit()
