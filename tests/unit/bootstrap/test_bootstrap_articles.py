"""A process that answers keeps the wordings with which it does."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.bootstrap.articles import keep_articles, keeping_articles
from bot.conversation.articles import ArticleVersion
from bot.knowledge import KnowledgeBase
from tests.doubles.clock import SettableClock
from tests.doubles.memory_store import MemoryUnit, MemoryUnits
from tests.doubles.office import REGIONS, an_article
from tests.unit.world import until

FIRST = {"divorce/custody": an_article("孩子归谁", "看怎么对孩子好。"), "other/thanks": an_article("谢谢", "不客气。")}
LATER = {**FIRST, "divorce/custody": an_article("孩子归谁", "看怎么对孩子最好。")}


def a_base(texts: dict[str, str]) -> KnowledgeBase:
    return KnowledgeBase.parse(texts, REGIONS)


async def test_each_wording_is_kept_once_with_the_day_when_it_was_first_used() -> None:
    units, clock = MemoryUnits(), SettableClock()
    await keep_articles(units, a_base(FIRST), clock)
    began = clock.now()
    clock.advance(timedelta(days=3))
    await keep_articles(units, a_base(LATER), clock)
    async with units() as uow:
        new, old = await uow.article_versions.of("divorce/custody")
        [thanks] = await uow.article_versions.of("other/thanks")
    assert (old.body, old.first_seen_at) == ("看怎么对孩子好。", began)
    assert (new.body, new.first_seen_at) == ("看怎么对孩子最好。", clock.now())
    assert (thanks.title, thanks.first_seen_at) == ("谢谢", began)
    assert new.reference == a_base(LATER).article("divorce/custody").reference


class CountedUnits(MemoryUnits):
    """Counts how often a unit of work was begun."""

    begun = 0

    def __call__(self, *, reading: bool = False) -> MemoryUnit:
        self.begun += 1
        return super().__call__(reading=reading)


async def test_a_database_that_does_not_answer_keeps_no_process_from_starting() -> None:
    units, stop = CountedUnits(), asyncio.Event()
    units.available = False
    work = asyncio.ensure_future(keeping_articles(units, a_base(FIRST), SettableClock(), retry_s=0.01)(stop))
    await until(lambda: units.begun == 3)
    assert units.kept(ArticleVersion) == []
    units.available = True
    await until(lambda: len(units.kept(ArticleVersion)) == 2)
    assert not work.done()
    stop.set()
    await work
