"""Handing a conversation back to the assistant, or ending it; the person is told of it."""

from __future__ import annotations

import structlog

from bot import handoff
from bot.conversation.errors import Conflict, Unavailable
from bot.conversation.handoffs import Disposition
from bot.conversation.staff import Staff
from bot.desk.ports import DeskPorts
from bot.turns.notice import notify

log = structlog.get_logger(__name__)

BACK_TO_BOT = "other/back_to_bot"
CLOSED = "other/conversation_closed"


async def release(conversation_id: str, staff: Staff, ports: DeskPorts, seen: int | None = None) -> None:
    """Hand her conversation back to the assistant; raises as `handoff.release`."""
    await handoff.release(conversation_id, staff, ports.handoff, seen)
    await _tell(conversation_id, BACK_TO_BOT, ports)


async def close(
    conversation_id: str, staff: Staff, disposition: Disposition, ports: DeskPorts, seen: int | None = None
) -> None:
    """End her conversation; raises as `handoff.close`."""
    await handoff.close(conversation_id, staff, disposition, ports.handoff, seen)
    await _tell(conversation_id, CLOSED, ports)


async def _tell(conversation_id: str, article: str, ports: DeskPorts) -> None:
    try:
        await notify(conversation_id, article, ports.reply)
    except (Conflict, Unavailable) as error:
        # the move itself stands; saying that it failed would make her do it again
        log.error("person not told", conversation_id=conversation_id, error=type(error).__name__)
