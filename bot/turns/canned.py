"""Keeping canned replies: each operator her own, and supervisors everybody's."""

from __future__ import annotations

from bot.conversation.canned import CannedReply
from bot.conversation.clock import Clock
from bot.conversation.errors import NotFound
from bot.conversation.messages import new_id
from bot.conversation.repositories import UnitsOfWork
from bot.conversation.staff import AuditEntry, Staff


async def add_canned(
    title: str, text: str, *, shared: bool, staff: Staff, units: UnitsOfWork, clock: Clock
) -> CannedReply:
    """Keep a new one, her own or everybody's.

    Raises InvalidData with words for her, Forbidden for everybody's unless she oversees, StoreUnavailable.
    """
    staff.check_may_chat()
    reply = CannedReply(new_id(), None if shared else staff.id, title.strip(), text.strip(), clock.now())
    _check_hers(reply, staff)
    reply.check()
    async with units() as uow:
        await uow.canned_replies.add(reply)
        await uow.audit.append(AuditEntry(new_id(), staff.id, "canned.write", reply.id, reply.updated_at))
        await uow.commit()
    return reply


async def change_canned(
    reply_id: str, title: str, text: str, staff: Staff, units: UnitsOfWork, clock: Clock
) -> CannedReply:
    """Change the words of one that is hers to change.

    Raises InvalidData with words for her, NotFound for a colleague's, Forbidden, StoreUnavailable.
    """
    staff.check_may_chat()
    async with units() as uow:
        reply = await uow.canned_replies.get(reply_id)
        _check_hers(reply, staff)
        reply.title, reply.text, reply.updated_at = title.strip(), text.strip(), clock.now()
        reply.check()
        await uow.canned_replies.save(reply)
        await uow.audit.append(AuditEntry(new_id(), staff.id, "canned.write", reply.id, reply.updated_at))
        await uow.commit()
    return reply


async def end_canned(reply_id: str, staff: Staff, units: UnitsOfWork, clock: Clock) -> None:
    """Forget one that is hers to change; raises NotFound for a colleague's, Forbidden, StoreUnavailable."""
    staff.check_may_chat()
    async with units() as uow:
        _check_hers(await uow.canned_replies.get(reply_id), staff)
        await uow.canned_replies.end(reply_id)
        await uow.audit.append(AuditEntry(new_id(), staff.id, "canned.end", reply_id, clock.now()))
        await uow.commit()


def _check_hers(reply: CannedReply, staff: Staff) -> None:
    if reply.staff_id is None:
        staff.check_may_oversee()
    elif reply.staff_id != staff.id:
        raise NotFound("no such canned reply")
