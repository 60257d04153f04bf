"""What an operator sends again because no answer came, her person gets once; what is new, she gets as well."""

from __future__ import annotations

import asyncio

import pytest

from bot import handoff
from bot.conversation.content import Text
from bot.conversation.errors import Forbidden
from bot.conversation.media import Body, Media
from bot.conversation.messages import Author, joined
from bot.conversation.staff import AuditEntry, Role, Staff
from bot.turns.reply import reply, reply_picture
from tests.unit.world import ASKS_FOR_PERSON, World, words

PNG = Body("image/png", b"\x89PNG\r\n\x1a\n and so on")


async def claimed(world: World) -> Staff:
    staff = await world.operator("li")
    await world.hear(ASKS_FOR_PERSON)
    await handoff.claim(world.conversation.id, staff, world.moves)
    return staff


async def test_the_same_words_under_one_key_are_said_once(world: World) -> None:
    staff = await claimed(world)
    first = await reply(world.conversation.id, "我在", staff, world.replies, key="box")
    world.pass_time(seconds=30)
    again = await reply(world.conversation.id, "我在 ", staff, world.replies, key="box")
    assert again == first
    assert first.content == Text(joined([words("other/human_joined"), "我在"]))
    assert world.said_by(Author.OPERATOR) == [first]
    assert [entry.action for entry in world.kept(AuditEntry)].count("message.send") == 1


async def test_two_clicks_at_once_are_one_message(world: World) -> None:
    staff = await claimed(world)
    both = await asyncio.gather(
        *(reply(world.conversation.id, "我在", staff, world.replies, key="box") for _ in range(2))
    )
    assert both[0].id == both[1].id
    assert len(world.said_by(Author.OPERATOR)) == 1


async def test_other_words_another_key_or_none_are_another_message(world: World) -> None:
    staff = await claimed(world)
    for text, key in (("我在", "box"), ("我在，您说", "box"), ("我在", "next box"), ("我在", ""), ("我在", "")):
        world.pass_time(seconds=1)
        await reply(world.conversation.id, text, staff, world.replies, key=key)
    assert len(world.said_by(Author.OPERATOR)) == 5


async def test_who_lost_the_conversation_meanwhile_learns_that_her_words_went_out_before(world: World) -> None:
    staff, boss = await claimed(world), await world.operator("boss", Role.SUPERVISOR)
    first = await reply(world.conversation.id, "我在", staff, world.replies, key="box")
    await handoff.step_in(world.conversation.id, boss, world.moves)
    assert await reply(world.conversation.id, "我在", staff, world.replies, key="box") == first
    with pytest.raises(Forbidden):
        await reply(world.conversation.id, "还有", staff, world.replies, key="box")
    with pytest.raises(Forbidden):
        await reply(world.conversation.id, "我在", staff, world.replies)


async def test_the_same_words_of_a_colleague_are_hers(world: World) -> None:
    staff, boss = await claimed(world), await world.operator("boss", Role.SUPERVISOR)
    await reply(world.conversation.id, "我在", staff, world.replies, key="box")
    await handoff.step_in(world.conversation.id, boss, world.moves)
    world.pass_time(seconds=1)
    await reply(world.conversation.id, "我在", boss, world.replies, key="box")
    assert [message.staff_id for message in world.said_by(Author.OPERATOR)] == ["li", "boss"]


async def test_a_picture_is_sent_once_too(world: World) -> None:
    staff = await claimed(world)
    first = await reply_picture(world.conversation.id, PNG, staff, world.replies, key="form")
    assert await reply_picture(world.conversation.id, PNG, staff, world.replies, key="form") == first
    assert len(world.kept(Media)) == 1
    world.pass_time(seconds=1)
    await reply_picture(world.conversation.id, Body("image/png", PNG.data + b"!"), staff, world.replies, key="form")
    assert len(world.kept(Media)) == 2
