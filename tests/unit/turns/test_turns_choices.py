"""A question with answers to tap: as a menu where the platform has one, as numbered words where not."""

from __future__ import annotations

import pytest

from bot.conversation.content import Choices, Text
from bot.conversation.dialogue import AnswerProposed, ChoicesProposed
from bot.conversation.messages import Author
from bot.conversation.ports import Slot
from bot.turns.take import take
from tests.unit.world import DIVORCE, World, knowledge, proposed, words

VAGUE = "那个"
OFFERED = proposed("nlu_fallback", ChoicesProposed(("divorce_cooling_off", "divorce_custody")))
TITLES = tuple(knowledge().title_of_intent(intent) or "" for intent in ("divorce_cooling_off", "divorce_custody"))
ASKED = Choices(words("other/choices"), (("1", TITLES[0]), ("2", TITLES[1])))


@pytest.fixture
async def world(world: World) -> World:
    """She wrote before, and what she means is not clear."""
    await world.hear(DIVORCE)
    world.dialogue.script[VAGUE] = OFFERED
    world.dialogue.script["2"] = proposed("other_choose", AnswerProposed("divorce/custody"))
    return world


@pytest.mark.wechat("5.9")
async def test_the_question_is_kept_and_sent_as_choices(world: World) -> None:
    assert await take(world.inbound(VAGUE), world.turns) == Slot(ASKED)
    assert world.said_by(Author.ASSISTANT)[-1].content == ASKED
    assert world.deliveries[-1].content == ASKED


async def test_with_the_welcome_the_passive_reply_is_words_and_the_deliveries_are_two(world: World) -> None:
    world.dialogue.script["什么"] = OFFERED
    answer = await world.hear("什么", "lan")
    assert answer == f"{ASKED.text}\n\n{words('other/welcome')}"
    assert [delivery.content for delivery in world.deliveries[-2:]] == [ASKED, Text(words("other/welcome"))]


@pytest.mark.wechat("2.5")
@pytest.mark.parametrize("tapped", [Text("2"), Text(TITLES[1], menu_id="2")], ids=["typed", "tapped"])
async def test_a_tapped_answer_is_understood_as_its_number(world: World, tapped: Text) -> None:
    await world.hear(VAGUE)
    assert await world.hear(tapped) == words("divorce/custody")
    assert world.dialogue.asked[-1] == "2"
    assert world.said_by(Author.CONTACT)[-1].content == tapped


async def test_an_answer_tapped_after_the_talk_went_on_counts_as_its_words(world: World) -> None:
    await world.hear(VAGUE)
    await world.hear(DIVORCE)
    await world.hear(Text(TITLES[1], menu_id="2"))
    assert world.dialogue.asked[-1] == TITLES[1]


async def test_an_item_of_a_strange_menu_counts_as_its_words(world: World) -> None:
    await world.hear(VAGUE)
    await world.hear(Text("别的", menu_id="2"))
    assert world.dialogue.asked[-1] == "别的"
