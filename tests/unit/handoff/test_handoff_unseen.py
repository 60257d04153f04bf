"""What she wrote in the last second is never settled unread, and no notice comes behind the answer to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from bot import handoff
from bot.conversation.conversations import Conversation, Mode
from bot.conversation.errors import StaleVersion
from bot.conversation.handoffs import Disposition, Handoff, HandoffStatus
from bot.conversation.messages import Author
from bot.conversation.staff import AuditEntry, Staff
from bot.turns.notice import notify
from tests.unit.world import ASKS_FOR_PERSON, CRITICAL, World

type Settle = Callable[[World, Staff, int | None], Awaitable[Handoff]]


async def close(world: World, staff: Staff, seen: int | None) -> Handoff:
    return await handoff.close(world.conversation.id, staff, Disposition.ANSWERED, world.moves, seen)


async def release(world: World, staff: Staff, seen: int | None) -> Handoff:
    return await handoff.release(world.conversation.id, staff, world.moves, seen)


async def talking(world: World) -> Staff:
    staff = await world.operator("li")
    await world.hear(ASKS_FOR_PERSON)
    await handoff.claim(world.conversation.id, staff, world.moves)
    return staff


@pytest.mark.parametrize("settle", [close, release])
async def test_a_cry_that_came_while_she_clicked_keeps_the_conversation_in_her_hands(
    world: World, settle: Settle
) -> None:
    staff = await talking(world)
    seen = world.conversation.version
    await world.hear(CRITICAL)
    with pytest.raises(StaleVersion):
        await settle(world, staff, seen)
    assert (world.conversation.mode, world.conversation.owner) == (Mode.HUMAN, "li")
    assert world.handoff.status is HandoffStatus.CLAIMED
    assert not [one for one in world.kept(AuditEntry) if one.action in {"conversation.close", "conversation.release"}]
    await settle(world, staff, world.conversation.version)
    assert world.handoff.status is HandoffStatus.RESOLVED


@pytest.mark.parametrize("settle", [close, release])
async def test_who_does_not_say_what_she_saw_settles_it_as_it_is(world: World, settle: Settle) -> None:
    staff = await talking(world)
    await world.hear("还有一件事")
    assert (await settle(world, staff, None)).status is HandoffStatus.RESOLVED


async def test_no_notice_says_that_the_assistant_goes_on_once_a_person_is_called_again(world: World) -> None:
    staff = await talking(world)
    await release(world, staff, None)
    await world.hear(CRITICAL)
    assert world.conversation.mode is Mode.WAITING
    await notify(world.conversation.id, "other/back_to_bot", world.replies)
    assert list(world.said_by(Author.SYSTEM)) == []


async def test_no_notice_ends_a_conversation_once_she_has_begun_anew(world: World) -> None:
    staff = await talking(world)
    ended = world.conversation.id
    await close(world, staff, None)
    await world.hear("我还想问一下")
    assert len(world.kept(Conversation)) == 2
    await notify(ended, "other/conversation_closed", world.replies)
    assert list(world.said_by(Author.SYSTEM)) == []
