"""Opening a conversation: read it, write down who did, and build what is shown."""

from __future__ import annotations

import hashlib
import hmac

from bot import desk
from bot.console.canned import Ready, places, ready, replies_of
from bot.console.ports import ConsolePorts
from bot.console.screens import Chat, Names, chat_of
from bot.conversation.conversations import Mode
from bot.conversation.errors import NotFound
from bot.conversation.staff import Staff
from bot.store.queries import ConversationPage
from bot.web.sessions import Visit


async def open_chat(conversation_id: str, visit: Visit, ports: ConsolePorts) -> Chat:
    """The conversation, after the audit trail knows of it; raises NotFound outside her scope."""
    return await _chat(await desk.open_conversation(conversation_id, visit.staff, ports), visit, ports)


async def refresh_chat(conversation_id: str, proof: str, visit: Visit, ports: ConsolePorts) -> Chat:
    """The conversation again; raises NotFound unless this session opened it, so that nobody reads past the audit."""
    if not hmac.compare_digest(proof.encode(), _proof(conversation_id, visit).encode()):
        raise NotFound("not opened in this session")
    return await _chat(await ports.queries.conversation_page(visit.staff.scope, conversation_id), visit, ports)


async def _chat(page: ConversationPage, visit: Visit, ports: ConsolePorts) -> Chat:
    return chat_of(
        page,
        visit.staff,
        await colleagues(page, visit.staff, ports),
        ports.knowledge,
        Names(ports.accounts, ports.directory),
        await _canned(page, visit.staff, ports),
        _proof(page.conversation.id, visit),
        ports.clock.now(),
    )


async def _canned(page: ConversationPage, staff: Staff, ports: ConsolePorts) -> tuple[Ready, ...]:
    """What she has at hand, if it is hers to reply."""
    talk = page.conversation
    account = ports.accounts.get(talk.account_id)
    if talk.mode is not Mode.HUMAN or talk.owner != staff.id or account is None:
        return ()
    number = page.case.number if page.case else None
    values = places(account, page.contact_region or talk.region, number, staff, ports)
    return ready(await replies_of(staff, ports), values)


async def colleagues(page: ConversationPage, staff: Staff, ports: ConsolePorts) -> dict[str, str]:
    """The display names of the others who appear; mostly nobody does, and nothing is read."""
    spoke = {shown.message.staff_id for shown in page.messages} | {page.conversation.owner}
    spoke.add(page.handoff.to_staff if page.handoff else None)
    wrote = {note.staff_id for note in page.notes}
    others = {staff_id for staff_id in spoke | wrote if staff_id is not None} - {staff.id}
    if not others:
        return {}
    async with ports.units(reading=True) as uow:
        return {member.id: member.display_name for member in await uow.staff.all() if member.id in others}


def _proof(conversation_id: str, visit: Visit) -> str:
    secret = visit.session.csrf_token.encode()
    return hmac.digest(secret, f"opened {conversation_id}".encode(), hashlib.sha256).hex()
