"""An operator's words out: stored, lined up, told to the browsers, and introduced once."""

from __future__ import annotations

import pytest

from bot import handoff
from bot.conversation.content import Text
from bot.conversation.errors import Forbidden, InvalidData, NotFound
from bot.conversation.events import EventKind
from bot.conversation.messages import MAX_TEXT_BYTES, Author, DeliveryStatus, joined
from bot.conversation.staff import AuditEntry, Role, Scope, Staff
from bot.turns.reply import MAX_REPLY_CHARACTERS, notify, reply
from tests.unit.world import ASKS_FOR_PERSON, World, words

JOINED = words("other/human_joined")


async def claimed(world: World, name: str = "li") -> Staff:
    """Somebody asked for a person, and this operator took her."""
    staff = await world.operator(name)
    await world.hear(ASKS_FOR_PERSON)
    await handoff.claim(world.conversation.id, staff, world.moves)
    return staff


async def test_the_first_reply_says_that_a_person_writes_and_the_next_does_not(world: World) -> None:
    staff = await claimed(world)
    first = await reply(world.conversation.id, "您好，我姓李。", staff, world.replies)
    world.pass_time(seconds=5)
    second = await reply(world.conversation.id, "您说。", staff, world.replies)
    assert first.content == Text(joined([JOINED, "您好，我姓李。"]))
    assert first.articles == ("other/human_joined",)
    assert (second.content, second.articles) == (Text("您说。"), ())


async def test_another_operator_introduces_herself_again(world: World) -> None:
    staff = await claimed(world)
    await reply(world.conversation.id, "您好", staff, world.replies)
    await handoff.transfer(world.conversation.id, staff, world.moves)
    other = await world.operator("wang")
    world.pass_time(seconds=1)
    await handoff.claim(world.conversation.id, other, world.moves)
    message = await reply(world.conversation.id, "我接着跟您说。", other, world.replies)
    assert message.content == Text(joined([JOINED, "我接着跟您说。"]))


async def test_a_reply_is_kept_lined_up_told_and_in_the_audit_trail(world: World) -> None:
    staff = await claimed(world)
    message = await reply(world.conversation.id, "  您好\n", staff, world.replies)
    assert world.said_by(Author.OPERATOR) == [message]
    assert (message.staff_id, message.at) == (staff.id, world.clock.now())
    delivery = world.deliveries[-1]
    assert (delivery.message_id, delivery.text) == (message.id, joined([JOINED, "您好"]))
    assert (delivery.status, delivery.due_at) == (DeliveryStatus.PENDING, world.clock.now())
    assert world.events[-1] is EventKind.MESSAGE_ADDED
    entry = world.kept(AuditEntry)[-1]
    assert (entry.staff_id, entry.action, entry.target) == (staff.id, "message.send", message.id)


async def test_a_long_reply_is_three_messages_at_most(world: World) -> None:
    staff = await claimed(world)
    await reply(world.conversation.id, "长" * MAX_REPLY_CHARACTERS, staff, world.replies)
    pieces = [delivery.text for delivery in world.deliveries[1:]]
    assert len(pieces) == 3
    assert "".join(pieces) == joined([JOINED, "长" * MAX_REPLY_CHARACTERS])
    assert all(len(piece.encode()) <= MAX_TEXT_BYTES for piece in pieces)


@pytest.mark.parametrize("text", ["", " \n\t", "长" * (MAX_REPLY_CHARACTERS + 1)])
async def test_empty_and_too_long_words_are_refused(world: World, text: str) -> None:
    staff = await claimed(world)
    with pytest.raises(InvalidData):
        await reply(world.conversation.id, text, staff, world.replies)
    assert world.said_by(Author.OPERATOR) == []


async def test_only_who_holds_the_conversation_may_reply(world: World) -> None:
    await claimed(world)
    other = await world.operator("wang")
    with pytest.raises(Forbidden):
        await reply(world.conversation.id, "您好", other, world.replies)


async def test_nobody_may_reply_while_nobody_holds_it(world: World) -> None:
    staff = await world.operator()
    await world.hear(ASKS_FOR_PERSON)
    with pytest.raises(Forbidden):
        await reply(world.conversation.id, "您好", staff, world.replies)


@pytest.mark.parametrize(
    ("role", "scope"),
    [
        (Role.CONTENT, Scope()),
        (Role.OPERATOR, Scope(regions=frozenset({"431000"}))),
        (Role.SUPERVISOR, Scope(accounts=frozenset({"changsha"}))),
    ],
)
async def test_outside_her_scope_there_is_no_such_conversation(world: World, role: Role, scope: Scope) -> None:
    await claimed(world)
    stranger = await world.operator("stranger", role, scope)
    with pytest.raises(NotFound):
        await reply(world.conversation.id, "您好", stranger, world.replies)
    with pytest.raises(NotFound):
        await reply("no such id", "您好", stranger, world.replies)


async def test_a_reply_is_sent_even_when_the_browsers_cannot_be_told(world: World) -> None:
    staff = await claimed(world)
    world.feed.available = False
    await reply(world.conversation.id, "您好", staff, world.replies)
    assert world.deliveries[-1].status is DeliveryStatus.PENDING


async def test_a_notice_is_an_article_in_the_systems_name(world: World) -> None:
    staff = await claimed(world)
    await handoff.release(world.conversation.id, staff, world.moves)
    await notify(world.conversation.id, "other/back_to_bot", world.replies)
    (message,) = world.said_by(Author.SYSTEM)
    assert (message.content, message.articles) == (Text(words("other/back_to_bot")), ("other/back_to_bot",))
    assert world.deliveries[-1].text == words("other/back_to_bot")
