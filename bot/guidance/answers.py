"""What she answers in a flow, kept as it grows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.conversation.conversations import Conversation
from bot.conversation.dialogue import FlowProposed
from bot.conversation.flows import Flow, FlowState
from bot.conversation.messages import new_id
from bot.conversation.payments import Payment
from bot.conversation.repositories import UnitOfWork
from bot.guidance.links import GuidancePorts, visit


async def keep(uow: UnitOfWork, conversation: Conversation, proposed: FlowProposed, now: datetime) -> Flow:
    """Keep all that she answered so far; a flow that was finished is begun anew when the assistant asks again.

    Raises StaleVersion if she was erased.
    """
    flow = newest(await uow.flows.of_conversation(conversation.id), proposed.name)
    if flow is None or (flow.state is FlowState.FINISHED and proposed.state is FlowState.ASKING):
        flow = Flow(
            id=new_id(),
            conversation_id=conversation.id,
            contact_id=conversation.contact_id,
            name=proposed.name,
            state=proposed.state,
            answers=proposed.answers,
            begun_at=now,
            updated_at=now,
        )
        await uow.flows.add(flow)
        return flow
    flow.state, flow.answers, flow.updated_at = proposed.state, proposed.answers, now
    await uow.flows.save(flow)
    return flow


def newest(flows: Iterable[Flow], name: str) -> Flow | None:
    """Of these, in order, the last one of this name."""
    return next((flow for flow in reversed([*flows]) if flow.name == name), None)


async def confirm_payments(token: str, payments: Sequence[Payment], ports: GuidancePorts) -> None:
    """Keep those payments of a bill that she confirmed in this visit, in place of earlier ones.

    Raises NotFound if the visit is over, and StoreUnavailable.
    """
    opened = await visit(token, ports)
    if opened.flow is None:
        return
    async with ports.units() as uow:
        flow = await uow.flows.get(opened.flow.id)
        flow.payments, flow.updated_at = tuple(payments), ports.clock.now()
        await uow.flows.save(flow)
        await uow.commit()
