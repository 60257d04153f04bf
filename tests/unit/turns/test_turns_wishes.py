"""What she asks of the chat itself: a safe word that hides it, her record, being erased."""

from __future__ import annotations

import pytest

from bot.conversation.content import MenuClicked
from bot.conversation.conversations import Mode
from bot.conversation.flows import Link, Purpose
from bot.conversation.handoffs import Handoff
from tests.unit.world import CRITICAL, DIVORCE, HIGH, PAGES_URL, World, words

HIDDEN_WORDS = words("other/hidden")


@pytest.fixture
def world() -> World:
    return World()


async def test_her_word_turns_the_chat_harmless_and_back(world: World) -> None:
    await world.hear(DIVORCE)
    assert await world.hear("设暗号 白菜多少钱") == words("other/safe_word_set")
    assert await world.hear("白菜多少钱？") == HIDDEN_WORDS
    assert await world.hear(DIVORCE) == HIDDEN_WORDS
    assert await world.hear("回来") == HIDDEN_WORDS
    assert await world.hear("我的记录") == HIDDEN_WORDS
    assert await world.hear("白菜多少钱") == words("other/back_again")
    assert await world.hear(DIVORCE) != HIDDEN_WORDS


@pytest.mark.parametrize("hides", ["收起来", MenuClicked("hide")])
async def test_without_a_word_of_hers_the_common_one_serves(world: World, hides: str | MenuClicked) -> None:
    await world.hear(DIVORCE)
    assert await world.hear(hides) == HIDDEN_WORDS
    assert await world.hear("回来") == words("other/back_again")


async def test_a_cry_for_help_is_heard_while_hidden_and_answered_harmlessly(world: World) -> None:
    await world.hear(DIVORCE)
    await world.hear("收起来")
    assert await world.hear(CRITICAL) == words("domestic_violence/safety_hidden")
    assert len(world.kept(Handoff)) == 1
    assert world.conversation.mode is Mode.WAITING


async def test_serious_words_while_hidden_call_a_person_without_a_word(world: World) -> None:
    await world.hear(DIVORCE)
    await world.hear("收起来")
    assert await world.hear(HIGH) == HIDDEN_WORDS
    assert len(world.kept(Handoff)) == 1


@pytest.mark.parametrize("unfit", ["救命", "他要杀我", "1", "收起来", "回来", "一" * 13])
async def test_a_cry_for_help_or_a_common_word_is_no_safe_word(world: World, unfit: str) -> None:
    assert await world.hear(f"设暗号 {unfit}") == words("other/safe_word_unfit")
    assert world.contact.safe_word is None


async def test_the_word_is_explained_and_dropped(world: World) -> None:
    assert await world.hear("设暗号") == words("other/safe_word")
    await world.hear("设暗号：买二两米")
    assert world.contact.safe_word == "买二两米"
    assert await world.hear("取消暗号") == words("other/safe_word_dropped")
    assert world.contact.safe_word is None


async def test_she_sees_what_is_stored_by_a_link(world: World) -> None:
    await world.hear(DIVORCE)
    answer = await world.hear("我的记录")
    assert f"{PAGES_URL}/p/" in (answer or "")
    (link,) = world.kept(Link)
    assert link.purpose is Purpose.RECORD


async def test_she_is_erased_only_after_she_said_so_twice(world: World) -> None:
    await world.hear(DIVORCE)
    assert await world.hear("删除我的记录") == words("other/erase_sure")
    assert world.contact.erase_asked_at is None
    assert await world.hear("确定删除我的记录") == words("other/erase_noted")
    assert world.contact.erase_asked_at == world.clock.now()


async def test_a_wish_is_granted_whoever_has_the_word_and_the_assistant_is_not_asked(world: World) -> None:
    await world.hear(CRITICAL)
    asked = list(world.dialogue.asked)
    assert await world.hear("收起来") == HIDDEN_WORDS
    assert world.dialogue.asked == asked
