"""One reminder outside the window: only when it is needed and allowed, and never twice on one consent."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot import handoff
from bot.conversation.accounts import Consent
from bot.conversation.content import SubscriptionAnswered, Unfollowed
from bot.conversation.errors import Conflict, Forbidden, NotFound
from bot.conversation.messages import DeliveryStatus
from bot.conversation.ports import SendResult
from bot.conversation.staff import AuditEntry, Scope, Staff
from bot.turns.remind import RemindPorts, remind
from bot.turns.reply import reply
from tests.unit.outbox.couriers import BUSY, SENT, ScriptedSender, courier_of, rounds
from tests.unit.world import ASKS_FOR_PERSON, HUNAN, World

TEMPLATE = "template-of-follow-up"
NOT_ALLOWED = SendResult(DeliveryStatus.REFUSED, errcode=43101)


def ports_of(world: World, sender: ScriptedSender) -> RemindPorts:
    return RemindPorts(world.units, sender, world.clock, world.accounts)


def left(world: World) -> int:
    return sum(consent.left for consent in world.kept(Consent))


@pytest.fixture
async def staff(world: World) -> Staff:
    """An operator whose words are held, outside the window; the person allowed one notice."""
    world.accounts = {HUNAN.id: replace(HUNAN, follow_up_template=TEMPLATE)}
    staff = await world.operator()
    await world.hear(ASKS_FOR_PERSON)
    await world.hear(SubscriptionAnswered(TEMPLATE, True))
    await handoff.claim(world.conversation.id, staff, world.moves)
    world.pass_time(hours=49)
    await reply(world.conversation.id, "有消息了", staff, world.replies)
    await rounds(courier_of(world, ScriptedSender()))
    assert world.deliveries[-1].status is DeliveryStatus.HELD
    return staff


@pytest.mark.wechat("8.10")
async def test_a_reminder_goes_out_and_uses_up_her_consent(world: World, staff: Staff) -> None:
    sender = ScriptedSender()
    assert await remind(world.conversation.id, staff, ports_of(world, sender)) == SENT
    assert sender.reminded == [TEMPLATE]
    assert left(world) == 0
    entry = world.kept(AuditEntry)[-1]
    assert (entry.staff_id, entry.action, entry.target) == (staff.id, "message.remind", world.conversation.id)


@pytest.mark.wechat("8.12")
async def test_without_a_consent_nothing_goes_out(world: World, staff: Staff) -> None:
    sender = ScriptedSender()
    await remind(world.conversation.id, staff, ports_of(world, sender))
    with pytest.raises(Conflict, match="同意"):
        await remind(world.conversation.id, staff, ports_of(world, sender))
    assert len(sender.reminded) == 1


async def test_two_operators_screens_at_once_send_one_reminder(world: World, staff: Staff) -> None:
    sender = ScriptedSender()
    ports = ports_of(world, sender)
    results = await asyncio.gather(
        *(remind(world.conversation.id, staff, ports) for _ in range(3)), return_exceptions=True
    )
    assert len(sender.reminded) == 1
    assert sum(isinstance(result, Conflict) for result in results) == 2


async def test_her_consent_is_used_up_before_anything_leaves_the_house(world: World, staff: Staff) -> None:
    sender = ScriptedSender()
    counts: list[int] = []
    sender.before = lambda: counts.append(left(world))
    await remind(world.conversation.id, staff, ports_of(world, sender))
    assert counts == [0]


@pytest.mark.wechat("5.63")
@pytest.mark.parametrize(("result", "count"), [(BUSY, 1), (NOT_ALLOWED, 0)], ids=["busy", "no consent"])
async def test_what_the_platform_did_not_take_is_told_and_given_back(
    world: World, staff: Staff, result: SendResult, count: int
) -> None:
    sender = ScriptedSender(result)
    assert await remind(world.conversation.id, staff, ports_of(world, sender)) == result
    assert left(world) == count


async def test_while_words_can_be_sent_there_is_no_reminder(world: World, staff: Staff) -> None:
    await world.hear("在吗")
    await reply(world.conversation.id, "还有", staff, world.replies)
    with pytest.raises(Conflict, match="直接回复"):
        await remind(world.conversation.id, staff, ports_of(world, ScriptedSender()))


async def test_without_anything_to_read_there_is_no_reminder(world: World, staff: Staff) -> None:
    await world.hear("在吗")
    await courier_of(world, ScriptedSender()).settle_passive(world.deliveries[-1].inbound_key or "")
    world.pass_time(hours=49)
    with pytest.raises(Conflict, match="等着"):
        await remind(world.conversation.id, staff, ports_of(world, ScriptedSender()))


async def test_who_left_is_not_reminded(world: World, staff: Staff) -> None:
    await world.hear(Unfollowed())
    with pytest.raises(Conflict, match="取消关注"):
        await remind(world.conversation.id, staff, ports_of(world, ScriptedSender()))


async def test_an_account_without_a_template_has_no_reminders(world: World, staff: Staff) -> None:
    world.accounts = {HUNAN.id: HUNAN}
    with pytest.raises(Conflict, match="没有设置"):
        await remind(world.conversation.id, staff, ports_of(world, ScriptedSender()))


async def test_only_who_holds_the_conversation_may_remind(world: World, staff: Staff) -> None:
    other = await world.operator("wang")
    with pytest.raises(Forbidden):
        await remind(world.conversation.id, other, ports_of(world, ScriptedSender()))
    stranger = await world.operator("far", scope=Scope(regions=frozenset({"431000"})))
    with pytest.raises(NotFound):
        await remind(world.conversation.id, stranger, ports_of(world, ScriptedSender()))
