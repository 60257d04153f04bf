"""One-time links: opened once, in time, and the visit that follows."""

from __future__ import annotations

import pytest

from bot import guidance
from bot.conversation.dialogue import FlowProposed
from bot.conversation.errors import NotFound
from bot.conversation.flows import LINK_LASTS, VISIT_LASTS, Flow, FlowState, Link, Purpose
from bot.conversation.payments import PayChannel, Payment, SpendingKind
from bot.conversation.staff import AuditEntry
from bot.guidance import GuidancePorts, Ticket
from tests.unit.world import DIVORCE, World


@pytest.fixture
async def world() -> World:
    one = World()
    await one.hear(DIVORCE)
    return one


def ports(world: World) -> GuidancePorts:
    return GuidancePorts(world.units, world.clock)


async def a_link(world: World, purpose: Purpose = Purpose.PAPERS) -> Ticket:
    """A link that was given to her, for a flow in which she answered something."""
    ticket, conversation = Ticket.new(), world.conversation
    async with world.units() as uow:
        proposed = FlowProposed("child_game_refund", FlowState.FINISHED, {"child_age": 9.0})
        flow = await guidance.keep(uow, conversation, proposed, world.clock.now())
        await guidance.give(uow, ticket, conversation.contact_id, conversation.id, purpose, flow.id, world.clock.now())
        await uow.commit()
    return ticket


async def test_a_link_opens_once(world: World) -> None:
    ticket = await a_link(world)
    opened = await guidance.open_link(ticket.token, ports(world))
    assert opened.flow is not None
    assert opened.flow.answers == {"child_age": 9.0}
    with pytest.raises(NotFound):
        await guidance.open_link(ticket.token, ports(world))
    with pytest.raises(NotFound):
        await guidance.open_link(opened.token, ports(world))


async def test_that_a_link_was_opened_is_in_the_audit_trail_once(world: World) -> None:
    ticket = await a_link(world, Purpose.RECORD)
    await guidance.open_link(ticket.token, ports(world))
    with pytest.raises(NotFound):
        await guidance.open_link(ticket.token, ports(world))
    [entry] = [one for one in world.kept(AuditEntry) if one.action == "record.open"]
    assert (entry.staff_id, entry.target) == ("link", world.conversation.contact_id)


async def test_a_link_dies_with_its_time(world: World) -> None:
    ticket = await a_link(world)
    world.clock.advance(LINK_LASTS)
    with pytest.raises(NotFound):
        await guidance.open_link(ticket.token, ports(world))


async def test_the_visit_lasts_for_its_time_and_the_link_is_no_way_in(world: World) -> None:
    ticket = await a_link(world)
    opened = await guidance.open_link(ticket.token, ports(world))
    assert (await guidance.visit(opened.token, ports(world))).flow == opened.flow
    with pytest.raises(NotFound):
        await guidance.visit(ticket.token, ports(world))
    world.clock.advance(VISIT_LASTS)
    with pytest.raises(NotFound):
        await guidance.visit(opened.token, ports(world))


async def test_an_unopened_link_is_no_visit(world: World) -> None:
    ticket = await a_link(world)
    with pytest.raises(NotFound):
        await guidance.visit(ticket.token, ports(world))


async def test_no_token_is_kept(world: World) -> None:
    ticket = await a_link(world)
    opened = await guidance.open_link(ticket.token, ports(world))
    (link,) = world.kept(Link)
    assert link.digest not in (ticket.token, opened.token)
    assert link.digest == Ticket(opened.token).digest


async def test_confirmed_payments_stay_when_she_goes_on_answering(world: World) -> None:
    opened = await guidance.open_link((await a_link(world)).token, ports(world))
    paid = Payment(world.clock.now(), 64800, "某某游戏", "钻石", PayChannel.WECHAT, "42000", SpendingKind.GAME)
    await guidance.confirm_payments(opened.token, [paid], ports(world))
    async with world.units() as uow:
        proposed = FlowProposed("child_game_refund", FlowState.FINISHED, {"child_age": 10.0})
        await guidance.keep(uow, world.conversation, proposed, world.clock.now())
        await uow.commit()
    (flow,) = world.kept(Flow)
    assert (flow.answers, flow.payments) == ({"child_age": 10.0}, (paid,))


async def test_a_finished_flow_is_begun_anew(world: World) -> None:
    await a_link(world)
    world.pass_time(minutes=5)
    async with world.units() as uow:
        await guidance.keep(
            uow, world.conversation, FlowProposed("child_game_refund", FlowState.ASKING, {}), world.clock.now()
        )
        await uow.commit()
    assert [flow.state for flow in world.kept(Flow)] == [FlowState.FINISHED, FlowState.ASKING]
