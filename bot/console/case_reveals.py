"""What is hidden in the history of a case, shown to who asks for it, once the audit trail knows of it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot import desk
from bot.console.case_deeds import CaseId
from bot.console.case_screens import EntryWords
from bot.console.ports import Ports
from bot.console.show import pages
from bot.web.access import Member

routes = APIRouter(include_in_schema=False)


@routes.post("/desk/cases/{case_id}/entries/{entry_id}/reveal")
async def show_words(request: Request, case_id: CaseId, entry_id: CaseId, staff: Member, ports: Ports) -> Response:
    """The words of one line with their numbers."""
    staff.check_may_chat()
    entry = await desk.reveal_entry(case_id, entry_id, staff, ports)
    return pages.show(request, "_case_words.html", EntryWords(entry, entry.words))
