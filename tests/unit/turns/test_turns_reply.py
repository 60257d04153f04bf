"""An operator's words and pictures out: stored, lined up, told to the browsers, and introduced once."""

from __future__ import annotations

from hashlib import sha256

import pytest

from bot import handoff
from bot.conversation.content import Picture, Text
from bot.conversation.errors import Forbidden, InvalidData, NotFound
from bot.conversation.events import EventKind
from bot.conversation.media import Body, Media, MediaKind, MediaStatus
from bot.conversation.messages import MAX_TEXT_BYTES, Author, DeliveryStatus, joined
from bot.conversation.staff import AuditEntry, Role, Scope, Staff
from bot.turns.notice import notify
from bot.turns.reply import MAX_PICTURE_BYTES, MAX_REPLY_CHARACTERS, reply, reply_picture
from tests.unit.world import ASKS_FOR_PERSON, World, knowledge, words

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
    assert first.articles == (knowledge().article("other/human_joined").reference,)
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
    assert (delivery.message_id, delivery.content) == (message.id, Text(joined([JOINED, "您好"])))
    assert (delivery.status, delivery.due_at) == (DeliveryStatus.PENDING, world.clock.now())
    assert world.events[-1] is EventKind.MESSAGE_ADDED
    entry = world.kept(AuditEntry)[-1]
    assert (entry.staff_id, entry.action, entry.target) == (staff.id, "message.send", message.id)


@pytest.mark.wechat("4.13")
async def test_a_long_reply_is_three_messages_at_most(world: World) -> None:
    staff = await claimed(world)
    await reply(world.conversation.id, "长" * MAX_REPLY_CHARACTERS, staff, world.replies)
    pieces = [delivery.content.text for delivery in world.deliveries[1:] if isinstance(delivery.content, Text)]
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


async def test_no_notice_comes_while_she_has_turned_the_chat_harmless(world: World) -> None:
    staff = await claimed(world)
    await world.hear("收起来")
    await handoff.release(world.conversation.id, staff, world.moves)
    before = list(world.said_by(Author.SYSTEM))
    await notify(world.conversation.id, "other/back_to_bot", world.replies)
    assert list(world.said_by(Author.SYSTEM)) == before


async def test_a_notice_is_an_article_in_the_systems_name(world: World) -> None:
    staff = await claimed(world)
    await handoff.release(world.conversation.id, staff, world.moves)
    await notify(world.conversation.id, "other/back_to_bot", world.replies)
    (message,) = world.said_by(Author.SYSTEM)
    assert (message.content, message.articles) == (
        Text(words("other/back_to_bot")),
        (knowledge().article("other/back_to_bot").reference,),
    )
    assert world.deliveries[-1].content == message.content


# --- pictures ---------------------------------------------------------------------------------------------------

PNG = Body("image/png", b"\x89PNG\r\n\x1a\n and so on")
JPG = Body("image/jpeg", b"\xff\xd8\xff and so on")


@pytest.mark.parametrize("picture", [PNG, JPG], ids=["png", "jpg"])
async def test_a_picture_is_kept_and_lined_up_behind_the_introduction(world: World, picture: Body) -> None:
    staff = await claimed(world)
    message = await reply_picture(world.conversation.id, picture, staff, world.replies)
    (media,) = world.kept(Media)
    assert message.content == Picture(media.id)
    assert [delivery.content for delivery in world.deliveries[1:]] == [Text(JOINED), Picture(media.id)]
    assert (media.message_id, media.kind, media.status) == (message.id, MediaKind.IMAGE, MediaStatus.STORED)
    assert (media.size, media.sha256) == (len(picture.data), sha256(picture.data).hexdigest())
    async with world.units() as uow:
        assert await uow.media.body(media.id) == picture


async def test_the_second_picture_needs_no_introduction(world: World) -> None:
    staff = await claimed(world)
    await reply_picture(world.conversation.id, PNG, staff, world.replies)
    world.pass_time(seconds=1)
    await reply_picture(world.conversation.id, PNG, staff, world.replies)
    assert len(world.deliveries) == 4
    assert [entry.action for entry in world.kept(AuditEntry)][-2:] == ["message.send", "message.send"]


@pytest.mark.wechat("4.4")
@pytest.mark.parametrize(
    "picture",
    [
        Body("image/gif", b"GIF89a"),
        Body("image/png", JPG.data),
        Body("image/jpeg", b""),
        Body("text/html", b"<script>"),
        Body("image/png", PNG.data + bytes(MAX_PICTURE_BYTES)),
    ],
    ids=["gif", "not what it says", "empty", "no picture", "too large"],
)
async def test_what_the_platform_would_refuse_is_refused_at_once(world: World, picture: Body) -> None:
    staff = await claimed(world)
    with pytest.raises(InvalidData):
        await reply_picture(world.conversation.id, picture, staff, world.replies)
    assert world.kept(Media) == []
    assert world.said_by(Author.OPERATOR) == []


async def test_only_who_holds_the_conversation_may_send_a_picture(world: World) -> None:
    await claimed(world)
    other = await world.operator("wang")
    with pytest.raises(Forbidden):
        await reply_picture(world.conversation.id, PNG, other, world.replies)


@pytest.mark.wechat("5.13")
async def test_only_the_assistants_words_are_labelled_as_such(world: World) -> None:
    staff = await claimed(world)
    await reply(world.conversation.id, "您好", staff, world.replies)
    await handoff.release(world.conversation.id, staff, world.moves)
    await notify(world.conversation.id, "other/back_to_bot", world.replies)
    assert [delivery.by_assistant for delivery in world.deliveries] == [True, False, False]
