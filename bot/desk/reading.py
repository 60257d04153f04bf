"""What is read for somebody of the office, once the audit trail knows of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Literal

from bot import cases
from bot.conversation.case_work import CaseEntry
from bot.conversation.errors import NotFound
from bot.conversation.media import Body
from bot.conversation.messages import new_id
from bot.conversation.staff import AuditEntry, Staff
from bot.desk.ports import DeskPorts
from bot.store.case_reads import CasePage
from bot.store.queries import ConversationPage
from bot.store.share_reads import SharedCases


async def audit_reading(action: str, target: str, staff: Staff, ports: DeskPorts) -> None:
    """Write to the audit trail that she did nothing but read (`case.open`), see (`.reveal`) or take (`.save`) this.

    What changes anything writes its own entry, in the unit of work of the change. Raises StoreUnavailable: what the
    trail does not know of is not given out.
    """
    async with ports.units() as uow:
        await uow.audit.append(AuditEntry(new_id(), staff.id, action, target, ports.clock.now()))
        await uow.commit()


async def open_conversation(conversation_id: str, staff: Staff, ports: DeskPorts) -> ConversationPage:
    """A conversation with its whole history; raises NotFound outside her scope, StoreUnavailable."""
    page = await ports.queries.conversation_page(staff.scope, conversation_id)
    await audit_reading("conversation.open", conversation_id, staff, ports)
    return page


async def open_case(case_id: str, staff: Staff, ports: DeskPorts) -> CasePage:
    """A file with its history; raises NotFound outside her scope, StoreUnavailable."""
    page = await ports.case_reads.case_page(staff.scope, case_id)
    await audit_reading("case.open", case_id, staff, ports)
    return page


async def reveal_entry(case_id: str, entry_id: str, staff: Staff, ports: DeskPorts) -> CaseEntry:
    """A line of a file's history, to be told whole; raises NotFound outside her scope, StoreUnavailable."""
    page = await ports.case_reads.case_page(staff.scope, case_id)
    entry = next((one for one in page.entries if one.id == entry_id), None)
    if entry is None:
        raise NotFound("no such line in the history")
    await audit_reading("case_entry.reveal", entry_id, staff, ports)
    return entry


async def open_shared(share_id: str, staff: Staff, ports: DeskPorts) -> SharedCases:
    """What a person lets this city read of her cases in another; their history there says who read them.

    Raises NotFound outside her scope or where the share does not hold, StaleVersion if the person was erased
    meanwhile, StoreUnavailable.
    """
    shared = await ports.share_reads.shared_cases(staff.scope, share_id)
    now = ports.clock.now()
    async with ports.units() as uow:
        account_id = (await uow.conversations.get(shared.conversation_id)).account_id
        account = ports.accounts.get(account_id)
        words = f"{account.name if account else account_id}的{staff.display_name}看了这里的办件"
        await uow.audit.append(AuditEntry(new_id(), staff.id, "share.read", share_id, now))
        await cases.note_share(uow, shared.share.contact_id, words, now)
        await uow.commit()
    return shared


async def everybody(ports: DeskPorts) -> Sequence[Staff]:
    """All who work or worked here, for their names; raises StoreUnavailable."""
    async with ports.units(reading=True) as uow:
        return await uow.staff.all()


async def open_media(media_id: str, staff: Staff, ports: DeskPorts, *, original: bool) -> Body:
    """A file as a browser plays it, or the very bytes that came; raises NotFound outside her scope."""
    body = await ports.queries.media_body(staff.scope, media_id, playable=not original)
    await audit_reading("media.save" if original else "media.open", media_id, staff, ports)
    return body


async def take_letter(
    case_id: str, entry_id: str, kind: Literal["docx", "pdf"], staff: Staff, ports: DeskPorts
) -> tuple[str, bytes]:
    """A letter of a case, printed: the name to save it under, without its ending, and the file.

    Raises NotFound outside her scope or for an entry that is no letter, InvalidData for a template that cannot be
    filled, StoreUnavailable.
    """
    page = await ports.case_reads.case_page(staff.scope, case_id)
    letter = next((entry.letter for entry in page.entries if entry.id == entry_id), None)
    if letter is None:
        raise NotFound("no such letter")
    paper = ports.stationery.make_letter(letter)
    data = await asyncio.to_thread(paper.file, kind)
    await audit_reading("letter.save", case_id, staff, ports)
    return paper.name, data
