"""What every store promises about the wordings of the vetted answers."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.conversation.articles import ArticleVersion, key_and_version
from bot.conversation.errors import NotFound
from bot.conversation.repositories import UnitsOfWork
from tests.contract.store.entities import NOW, later

FIRST = ArticleVersion("divorce/cooling_off", "3f2a9c81", "离婚冷静期怎么算", "冷静期是30天。打{hotline}。", NOW)
SECOND = ArticleVersion(
    "divorce/cooling_off", "0b1d77e2", "离婚冷静期怎么算", "冷静期是三十天。打{hotline}。", later(9)
)
OTHER = ArticleVersion("divorce/custody", "3f2a9c81", "孩子归谁", "看怎么对孩子最好。", later(9))


async def keep_all(units: UnitsOfWork, *versions: ArticleVersion) -> None:
    async with units() as uow:
        await uow.article_versions.keep(versions)
        await uow.commit()


async def test_every_wording_that_was_in_use_can_be_read_again(units: UnitsOfWork) -> None:
    await keep_all(units, FIRST)
    await keep_all(units, SECOND, OTHER)
    async with units() as uow:
        assert await uow.article_versions.get(FIRST.key, FIRST.version) == FIRST
        assert await uow.article_versions.get(OTHER.key, OTHER.version) == OTHER
        assert await uow.article_versions.of(FIRST.key) == [SECOND, FIRST]
        assert await uow.article_versions.of("divorce/gone") == []


async def test_a_wording_that_is_known_keeps_its_first_day(units: UnitsOfWork) -> None:
    await keep_all(units, FIRST)
    await keep_all(units, replace(FIRST, first_seen_at=later(60)), SECOND)
    async with units() as uow:
        assert await uow.article_versions.of(FIRST.key) == [SECOND, FIRST]


async def test_a_wording_that_was_never_in_use_is_not_found(units: UnitsOfWork) -> None:
    await keep_all(units, FIRST)
    async with units() as uow:
        with pytest.raises(NotFound):
            await uow.article_versions.get(FIRST.key, SECOND.version)
        with pytest.raises(NotFound):
            await uow.article_versions.get(OTHER.key, FIRST.version)


async def test_without_a_commit_nothing_is_kept(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.article_versions.keep([FIRST])
    async with units() as uow:
        assert await uow.article_versions.of(FIRST.key) == []


async def test_two_processes_that_start_at_once_keep_the_same_wordings(sql_units: UnitsOfWork) -> None:
    await asyncio.gather(keep_all(sql_units, FIRST, OTHER, SECOND), keep_all(sql_units, SECOND, FIRST, OTHER))
    async with sql_units() as uow:
        assert await uow.article_versions.of(FIRST.key) == [SECOND, FIRST]
        assert await uow.article_versions.of(OTHER.key) == [OTHER]


def test_a_message_names_a_wording_by_key_and_version() -> None:
    assert FIRST.reference == "divorce/cooling_off@3f2a9c81"
    assert key_and_version(FIRST.reference) == (FIRST.key, FIRST.version)
    assert key_and_version("divorce/cooling_off") == ("divorce/cooling_off", None)
