"""Handing back and ending say a word to the person, and stand even where it cannot be said."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from bot import desk, handoff
from bot.conversation.content import Text
from bot.conversation.conversations import Mode
from bot.conversation.errors import Forbidden, StoreUnavailable
from bot.conversation.handoffs import Disposition
from bot.conversation.messages import Author
from bot.conversation.repositories import UnitOfWork
from bot.conversation.staff import Staff
from bot.handoff import HandoffPorts
from bot.turns.reply import ReplyPorts
from tests.unit.world import ASKS_FOR_PERSON, World, words

Part = Callable[[str, Staff, Any], Awaitable[None]]


@dataclass
class Desk:
    """What parting needs of the desk's ports."""

    handoff: HandoffPorts
    reply: ReplyPorts


async def close(conversation_id: str, staff: Staff, ports: Any) -> None:
    await desk.close(conversation_id, staff, Disposition.ANSWERED, ports)


WAYS: dict[str, tuple[Part, Mode, str]] = {
    "release": (desk.release, Mode.BOT, "other/back_to_bot"),
    "close": (close, Mode.CLOSED, "other/conversation_closed"),
}


async def held(world: World) -> Staff:
    staff = await world.operator()
    await world.hear(ASKS_FOR_PERSON)
    await handoff.claim(world.conversation.id, staff, world.moves)
    return staff


def away() -> UnitOfWork:
    raise StoreUnavailable("the database does not answer")


@pytest.mark.parametrize("way", WAYS)
async def test_the_person_is_told_how_it_goes_on(world: World, way: str) -> None:
    part, becomes, article = WAYS[way]
    staff = await held(world)
    await part(world.conversation.id, staff, Desk(world.moves, world.replies))
    assert world.conversation.mode is becomes
    assert [message.content for message in world.said_by(Author.SYSTEM)] == [Text(words(article))]


@pytest.mark.parametrize("way", WAYS)
async def test_the_move_stands_though_the_person_cannot_be_told(world: World, way: str) -> None:
    part, becomes, _ = WAYS[way]
    staff = await held(world)
    await part(world.conversation.id, staff, Desk(world.moves, replace(world.replies, units=away)))
    assert world.conversation.mode is becomes
    assert world.said_by(Author.SYSTEM) == []


@pytest.mark.parametrize("way", WAYS)
async def test_who_does_not_hold_it_parts_from_nobody(world: World, way: str) -> None:
    part, _, _ = WAYS[way]
    await held(world)
    with pytest.raises(Forbidden):
        await part(world.conversation.id, await world.operator("wang"), Desk(world.moves, world.replies))
    assert (world.conversation.mode, world.said_by(Author.SYSTEM)) == (Mode.HUMAN, [])
