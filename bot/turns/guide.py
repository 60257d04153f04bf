"""What a turn does for guided help: keep her answers, give out the link, note a referral or a call back."""

from __future__ import annotations

from datetime import datetime

from bot import cases, guidance, handoff
from bot.conversation.conversations import Conversation
from bot.conversation.dialogue import FlowProposed, PaperProposed, Proposed, ReferralProposed
from bot.conversation.errors import NotFound
from bot.conversation.flows import CALL_BACK, Flow, FlowState, Purpose
from bot.conversation.repositories import UnitOfWork
from bot.turns.wishes import Wish, Wished

_PAGES = frozenset({Wish.SEE_RECORD, Wish.LINK_AGAIN})


def needs_page(proposed: Proposed | None, wished: Wished | None) -> bool:
    """Whether she is given the link to a page."""
    return _flow_name(proposed) is not None or (wished is not None and wished.wish in _PAGES)


async def guide(uow: UnitOfWork, conversation: Conversation, proposed: Proposed, now: datetime) -> None:
    """Keep what the assistant proposes to keep."""
    for proposal in proposed.proposals:
        match proposal:
            case FlowProposed(name=name, state=state, answers=answers):
                await guidance.keep(uow, conversation, proposal, now)
                if (name, state) == (CALL_BACK, FlowState.FINISHED):
                    await handoff.ask_call_back(uow, conversation, answers, now)
            case ReferralProposed(kind=kind):
                await cases.refer(uow, conversation, kind, now)
            case _:
                pass


async def give_page(
    uow: UnitOfWork,
    ticket: guidance.Ticket,
    conversation: Conversation,
    proposed: Proposed | None,
    wished: Wished | None,
    papers: Flow | None,
    now: datetime,
) -> None:
    """Keep the link that she is given: to her record, or to the papers of the flow that just ended or ended last.

    Raises NotFound for papers of a flow in which she answered nothing.
    """
    if wished is not None and wished.wish is Wish.SEE_RECORD:
        await guidance.give(uow, ticket, conversation.contact_id, conversation.id, Purpose.RECORD, None, now)
        return
    name = _flow_name(proposed)
    flow = guidance.newest(await uow.flows.of_conversation(conversation.id), name) if name else papers
    if flow is None:
        raise NotFound("no such flow")
    await guidance.give(uow, ticket, conversation.contact_id, conversation.id, Purpose.PAPERS, flow.id, now)


def _flow_name(proposed: Proposed | None) -> str | None:
    proposals = proposed.proposals if proposed else ()
    return next((one.flow for one in proposals if isinstance(one, PaperProposed)), None)
