"""Under an answer: its second part and where one goes from there, by tap, number or words."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.conversation.clock import HUNAN
from bot.conversation.content import Choices, Text
from bot.conversation.dialogue import AnswerProposed
from bot.conversation.messages import Author
from bot.knowledge import Directory, KnowledgeBase
from bot.turns.take import take
from tests.unit.world import ASKS_FOR_PERSON, DATA, World, knowledge, proposed, text_of

LONG = """---
title: 怎么分
intent: null
laws: []
grade: text
reviewed_on: 2026-11-22
review_by: 2027-05-22
regions: all
related: []
buttons: [divorce/custody, flow:divorce_path]
---
先商量，商量不好法院判。
+++
房子另说。
"""


@pytest.fixture
def world() -> World:
    one = World()
    one.dialogue.script["怎么分"] = proposed("divorce_house_and_savings", AnswerProposed("divorce/long"))
    return one


@pytest.fixture
def base() -> KnowledgeBase:
    root = DATA / "knowledge"
    texts = {path.relative_to(root).with_suffix("").as_posix(): path.read_text() for path in root.glob("*/*.md")}
    return KnowledgeBase.parse({**texts, "divorce/long": LONG}, (DATA / "regions.yml").read_text())


async def hear(world: World, base: KnowledgeBase, content: Text) -> str:
    """Take a message with this base of articles."""

    inbound = world.inbound(content)
    slot = await take(inbound, replace(world.turns, knowledge=base))
    await world.fetch(inbound.key)
    return text_of(slot)


async def test_the_second_part_and_what_is_next_are_offered(world: World, base: KnowledgeBase) -> None:
    answer = await hear(world, base, Text("怎么分"))
    custody = base.article("divorce/custody").title
    assert answer.startswith("先商量，商量不好法院判。")
    assert f"1. 接着看下半部分\n2. {custody}\n3. 理一理离婚的事" in answer


@pytest.mark.parametrize(
    ("taken", "begins"),
    [
        (Text("1"), "房子另说。"),
        (Text("接着看下半部分", menu_id="more:divorce/long"), "房子另说。"),
        (Text("2"), knowledge().article("divorce/custody").parts[0][:12]),
    ],
)
async def test_what_is_taken_is_given(world: World, base: KnowledgeBase, taken: Text, begins: str) -> None:
    await hear(world, base, Text("怎么分"))
    assert (await hear(world, base, taken)).startswith(begins)


async def test_a_flow_is_begun_by_its_words(world: World, base: KnowledgeBase) -> None:
    await hear(world, base, Text("怎么分"))
    await hear(world, base, Text("3"))
    assert world.dialogue.asked[-1] == "理一理离婚的事"


async def test_her_own_line_is_kept_as_she_wrote_it(world: World, base: KnowledgeBase) -> None:
    await hear(world, base, Text("怎么分"))
    await hear(world, base, Text("1"))
    assert world.said_by(Author.CONTACT)[-1].content == Text("1")
    offered = [line for line in world.said_by(Author.ASSISTANT) if isinstance(line.content, Choices)]
    assert len(offered) == 2


@pytest.mark.parametrize(
    ("hours", "told"),
    [("周一到周六, open: {mon-fri: [9:00-17:30], sat: [9:30-12:00]}", True), ("null", False)],
    ids=["told", "not told"],
)
async def test_at_night_she_is_told_when_the_office_opens_if_it_has_told_its_hours(
    world: World, base: KnowledgeBase, hours: str, told: bool
) -> None:
    regions = f'regions: [{{code: "430000", name: 湖南省, hotline: "12338", hours: {hours}}}]'
    office = KnowledgeBase([article for article in base if not article.regions], Directory.parse(regions))
    world.clock.advance(datetime(2026, 11, 20, 22, 0, tzinfo=HUNAN) - world.clock.now())
    answer = await hear(world, office, Text(ASKS_FOR_PERSON))
    assert ("工作人员明天上午9点半上班" in answer) is told
