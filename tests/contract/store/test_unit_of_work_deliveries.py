"""What every store promises about what must be sent."""

from __future__ import annotations

import pytest

from bot.conversation.content import Card, Choices, Outgoing, Picture, Sound, Text
from bot.conversation.errors import NotFound
from bot.conversation.levels import Level
from bot.conversation.messages import OPEN_DELIVERIES, Delivery, DeliveryStatus, Message, Route
from bot.conversation.repositories import UnitsOfWork
from tests.contract.store.entities import NOW, a_contact, a_conversation, a_delivery, a_message, keep, later


async def a_kept_message(units: UnitsOfWork, level: Level = Level.NORMAL, account_id: str = "hunan") -> Message:
    """Something that somebody said, kept with all that it needs."""
    contact = a_contact(account_id=account_id)
    conversation = a_conversation(contact, level=level)
    message = a_message(conversation)
    await keep(units, contact, conversation, message)
    return message


async def test_a_delivery_comes_back_as_it_went(units: UnitsOfWork) -> None:
    contact = a_contact()
    conversation = a_conversation(contact)
    message = a_message(conversation)
    delivery = a_delivery(message, inbound_key="hunan:1")
    await keep(units, contact, conversation, message, delivery)
    assert delivery.sequence > 0
    delivery.status, delivery.route, delivery.errcode = DeliveryStatus.REFUSED, Route.CUSTOMER_SERVICE, 45015
    delivery.attempts, delivery.settled_at = 2, later(1)
    delivery.by_assistant, delivery.uploaded_id, delivery.uploaded_until = True, "at-the-platform", later(3)
    async with units() as uow:
        await uow.deliveries.save(delivery)
        await uow.commit()
    async with units() as uow:
        assert await uow.deliveries.get(delivery.id) == delivery
        assert await uow.deliveries.for_inbound("hunan:1") == [delivery]
        with pytest.raises(NotFound):
            await uow.deliveries.get("none")


async def test_the_deliveries_for_one_message_come_in_order(units: UnitsOfWork) -> None:
    contact = a_contact()
    conversation = a_conversation(contact)
    message = a_message(conversation)
    first, second = a_delivery(message, inbound_key="k", due_at=later(5)), a_delivery(message, inbound_key="k")
    await keep(units, contact, conversation, message, first, a_delivery(message), second)
    async with units() as uow:
        assert [delivery.id for delivery in await uow.deliveries.for_inbound("k")] == [first.id, second.id]


async def test_only_the_first_open_delivery_of_a_contact_is_due(units: UnitsOfWork) -> None:
    firsts = []
    for minutes in (-1, -2):
        contact = a_contact()
        conversation = a_conversation(contact)
        message = a_message(conversation)
        first = a_delivery(message, due_at=later(minutes))
        done = a_delivery(message, due_at=later(-9), status=DeliveryStatus.SENT)
        await keep(units, contact, conversation, message, done, first, a_delivery(message, due_at=later(-8)))
        firsts.append(first)
    async with units() as uow:
        assert await uow.deliveries.due(NOW, 10) == [firsts[1], firsts[0]]
        assert await uow.deliveries.due(NOW, 1) == [firsts[1]]


@pytest.mark.parametrize("status", [DeliveryStatus.OFFERED, DeliveryStatus.PENDING, DeliveryStatus.SENDING])
async def test_an_open_delivery_that_is_not_due_holds_up_the_next(units: UnitsOfWork, status: DeliveryStatus) -> None:
    contact = a_contact()
    conversation = a_conversation(contact)
    message = a_message(conversation)
    first, second = a_delivery(message, status=status, due_at=later(1)), a_delivery(message)
    await keep(units, contact, conversation, message, first, second)
    async with units() as uow:
        assert await uow.deliveries.due(NOW, 10) == []
        assert await uow.deliveries.due(later(1), 10) == [first]


async def test_what_is_under_way_to_a_person_is_told_in_order(units: UnitsOfWork) -> None:
    contact, other = a_contact(), a_contact()
    conversation = a_conversation(contact)
    message = a_message(conversation)
    await keep(units, other, contact, conversation, message)
    every = [a_delivery(message, status=status, due_at=later(-1)) for status in DeliveryStatus]
    await keep(units, *every)
    async with units() as uow:
        assert await uow.deliveries.under_way(contact.id) == [
            delivery for delivery in every if delivery.status in OPEN_DELIVERIES
        ]
        assert await uow.deliveries.under_way(other.id) == []


async def test_held_deliveries_hold_up_nothing(units: UnitsOfWork) -> None:
    contact = a_contact()
    conversation = a_conversation(contact)
    message = a_message(conversation)
    held = [a_delivery(message, status=DeliveryStatus.HELD) for _ in range(2)]
    pending = a_delivery(message)
    await keep(units, contact, conversation, message, *held, pending)
    async with units() as uow:
        assert await uow.deliveries.due(NOW, 10) == [pending]
        assert await uow.deliveries.held(contact.id) == held


@pytest.mark.parametrize(
    "content",
    [
        Text("他在门外\n\x00😢"),
        Text(""),
        Picture("file"),
        Sound("file"),
        Card("人身安全保护令", "https://hunan.example/order", "怎么申请", "https://hunan.example/order.jpg"),
        Choices("要离开吗？", (("1", "是"), ("2", "否")), "都可以慢慢说"),
    ],
    ids=lambda content: content.kind,
)
async def test_whatever_may_go_out_comes_back_as_it_went(units: UnitsOfWork, content: Outgoing) -> None:
    delivery = a_delivery(await a_kept_message(units), content=content)
    await keep(units, delivery)
    async with units() as uow:
        assert (await uow.deliveries.get(delivery.id)).content == content


async def test_the_most_urgent_conversation_comes_first(units: UnitsOfWork) -> None:
    deliveries: dict[Level, Delivery] = {}
    for minutes, level in enumerate((Level.NORMAL, Level.HIGH, Level.CRITICAL), start=-5):
        deliveries[level] = a_delivery(await a_kept_message(units, level), due_at=later(minutes))
        await keep(units, deliveries[level])
    async with units() as uow:
        expected = [deliveries[Level.CRITICAL], deliveries[Level.HIGH], deliveries[Level.NORMAL]]
        assert await uow.deliveries.due(NOW, 10) == expected
        assert await uow.deliveries.due(NOW, 2) == expected[:2]


async def test_the_deliveries_of_an_account_may_be_left_out(units: UnitsOfWork) -> None:
    hunan, other = [a_delivery(await a_kept_message(units), account_id=account) for account in ("hunan", "changsha")]
    await keep(units, hunan, other)
    async with units() as uow:
        assert await uow.deliveries.due(NOW, 1, leaving_out={"hunan"}) == [other]
        assert await uow.deliveries.due(NOW, 9, leaving_out=["hunan", "changsha"]) == []


async def test_the_texts_right_after_a_text_follow_it(units: UnitsOfWork) -> None:
    message, stranger = await a_kept_message(units), await a_kept_message(units)
    before, first, second, third = (a_delivery(message, due_at=later(minutes)) for minutes in (0, 0, 9, 0))
    sent, held = (a_delivery(message, status=status) for status in (DeliveryStatus.SENT, DeliveryStatus.HELD))
    await keep(units, before, first, a_delivery(stranger), sent, second, held, third)
    async with units() as uow:
        assert await uow.deliveries.following(first) == [second, third]
        assert await uow.deliveries.following(third) == []


@pytest.mark.parametrize(
    "other",
    [
        {"content": Picture("file")},
        {"content": Choices("要离开吗？", (("1", "是"),))},
        {"by_assistant": True},
        {"status": DeliveryStatus.OFFERED},
        {"status": DeliveryStatus.SENDING},
    ],
)
async def test_what_is_of_another_kind_ends_what_follows(units: UnitsOfWork, other: dict[str, object]) -> None:
    message = await a_kept_message(units)
    first, second, behind = a_delivery(message), a_delivery(message), a_delivery(message)
    different = a_delivery(message, **other)
    await keep(units, first, second, different, behind)
    async with units() as uow:
        assert await uow.deliveries.following(first) == [second]


async def test_nothing_follows_what_is_no_text(units: UnitsOfWork) -> None:
    message = await a_kept_message(units)
    picture = a_delivery(message, content=Picture("file"))
    await keep(units, picture, a_delivery(message))
    async with units() as uow:
        assert await uow.deliveries.following(picture) == []


async def test_whether_anything_is_due_is_known_without_taking_it(units: UnitsOfWork) -> None:
    contact = a_contact()
    conversation = a_conversation(contact)
    message = a_message(conversation)
    delivery = a_delivery(message, due_at=later(5))
    await keep(units, contact, conversation, message, delivery)
    async with units() as uow:
        assert [await uow.deliveries.any_due(later(minutes)) for minutes in (4, 5)] == [False, True]
        delivery.status = DeliveryStatus.SENT
        await uow.deliveries.save(delivery)
        assert not await uow.deliveries.any_due(later(6))
