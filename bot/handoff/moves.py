"""The operator's moves on her own conversations: claim, release and close."""

from __future__ import annotations

from bot.conversation.conversations import Mode, Step
from bot.conversation.errors import Conflict, HandsFull, NotFound, StaleVersion
from bot.conversation.events import EventKind
from bot.conversation.handoffs import Disposition, Handoff, HandoffStatus
from bot.conversation.levels import Level
from bot.conversation.ports import Hold
from bot.conversation.staff import Staff
from bot.handoff.routing import hold_for
from bot.handoff.steps import HandoffPorts, asked_in, check_owner, check_room, keep, put_into_hands, seen_by, tell


async def claim_next(staff: Staff, ports: HandoffPorts) -> Handoff | None:
    """Take the first waiting conversation that is not kept for others; None if none waits for her.

    Raises HandsFull if she may take no more, unless somebody is in danger.
    """
    staff.check_may_chat()
    present, team = await ports.queue.present(), await ports.team()
    others = [one for one in team if one.staff.id in present and one.staff.id != staff.id]
    try:
        return await _claim_first(hold_for(staff, others), staff, ports)
    except HandsFull:
        critical = await _claim_first(hold_for(staff, others, only=Level.CRITICAL), staff, ports)
        if critical is None:
            raise
        return critical


async def _claim_first(hold: Hold, staff: Staff, ports: HandoffPorts) -> Handoff | None:
    while (entry := await ports.queue.take(hold, ports.clock.now())) is not None:
        try:
            return await claim(entry.conversation_id, staff, ports)
        except HandsFull:
            await ports.queue.put(entry)
            raise
        except (Conflict, NotFound):
            continue  # SQL knows better: somebody has it, or it is over; the next one
        except BaseException:
            await ports.queue.put(entry)
            raise
    return None


async def claim(conversation_id: str, staff: Staff, ports: HandoffPorts) -> Handoff:
    """Take this waiting conversation; raises Conflict if another was first, HandsFull, NotFound, Forbidden."""
    now = ports.clock.now()
    async with ports.units() as uow:
        conversation = await seen_by(uow, conversation_id, staff)
        handoff = await asked_in(uow, conversation, HandoffStatus.WAITING)
        await check_room(uow, staff, handoff.level)
        conversation.step(Step.CLAIM)
        put_into_hands(conversation, handoff, staff.id, now)
        await keep(uow, conversation, handoff, staff, "conversation.claim", now)
    await tell(ports, handoff, EventKind.HANDOFF_CLAIMED)
    return handoff


async def release(conversation_id: str, staff: Staff, ports: HandoffPorts, seen: int | None = None) -> Handoff:
    """Hand her conversation back to the assistant; the level starts afresh.

    `seen` is the version that the operator looked at, None if she does not say; raises StaleVersion if the person has
    written since: a cry for help in the last second must not be settled unread.
    """
    return await _resolve(conversation_id, staff, Step.RELEASE, Disposition.ANSWERED, ports, seen)


async def close(
    conversation_id: str, staff: Staff, disposition: Disposition, ports: HandoffPorts, seen: int | None = None
) -> Handoff:
    """End her conversation, as `release`; the next message of the person opens a new one."""
    return await _resolve(conversation_id, staff, Step.CLOSE, disposition, ports, seen)


async def _resolve(
    conversation_id: str,
    staff: Staff,
    step: Step,
    disposition: Disposition,
    ports: HandoffPorts,
    seen: int | None,
) -> Handoff:
    now = ports.clock.now()
    async with ports.units() as uow:
        conversation = await seen_by(uow, conversation_id, staff)
        check_owner(conversation, staff)
        if seen not in (None, conversation.version):
            raise StaleVersion("something came that the operator has not seen")
        handoff = await asked_in(uow, conversation, HandoffStatus.CLAIMED)
        conversation.step(step)
        conversation.owner = None
        if conversation.mode is Mode.BOT:
            conversation.level = Level.NORMAL
        if conversation.mode is Mode.CLOSED:
            conversation.closed_at = now
        handoff.status, handoff.resolved_at, handoff.disposition = HandoffStatus.RESOLVED, now, disposition
        await keep(uow, conversation, handoff, staff, f"conversation.{step}", now)
    await tell(ports, handoff, EventKind.HANDOFF_RESOLVED)
    return handoff
