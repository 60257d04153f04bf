"""The letter that goes with a case to another office: written, kept, and saved as Word or PDF."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from bot import cases, desk
from bot.console.case_deeds import CaseId, Words, done
from bot.console.ports import ConsolePorts, Ports
from bot.console.replies import Key
from bot.console.screens import Names
from bot.console.show import pages
from bot.console.wording import ROLES
from bot.conversation.case_letters import MAX_FACTS, MAX_LINE, LetterWords
from bot.conversation.case_work import CaseEntry
from bot.conversation.cases import Case
from bot.conversation.deadlines import day_of
from bot.conversation.errors import NotFound
from bot.conversation.masking import hides
from bot.conversation.messages import new_id
from bot.conversation.staff import Staff
from bot.papers.letter import TITLES
from bot.papers.stationery import MEDIA_TYPES, FileKind
from bot.web.access import Member, Visitor
from bot.web.errors import Told
from bot.web.files import attachment

routes = APIRouter(prefix="/desk/cases/{case_id}", include_in_schema=False)

_LACKING = (
    "还没有填全：单位、情况、请求、落款、联系人和电话都要写，不要太长。"
    "写她的名字，要她同意并勾上；勾上了就要写名字。没有保存，请补上再交。"
)
_ASKS = "请贵单位依职责核查处理，并把办理结果函复我会。"
_OFFICE = re.compile(
    # Possessive: nothing is tried twice, however often 转送 stands there. 交通局 begins with no 转交.
    "^(?:请|已经?|函|转送|转?交(?![通警])|转|送|给|由|报|到)*+"
    "([\u4e00-\u9fff]+(?:局|厅|分局|派出所|法院|检察院|委员会|卫健委|联合会|妇联|司法所|中心|学校|办事处))"
)


@dataclass(frozen=True, slots=True)
class LetterScreen:
    """The form, filled in with what is known; `words` are what the colleague wrote at the step."""

    case: Case
    step: CaseEntry
    title: str
    draft: LetterWords
    today: date
    now: datetime
    names: Names
    role: str
    max_line: int = MAX_LINE
    max_facts: int = MAX_FACTS
    key: str = field(default_factory=new_id)
    """This form's own: sent once more because no answer came, its letter is kept once."""


@routes.get("/letter")
async def show_form(request: Request, case_id: CaseId, visit: Visitor, ports: Ports) -> Response:
    """The form; nothing of the chat stands in it, only what a colleague wrote at the step, whole.

    It opens the case; that what is hidden in its history is shown here is written down like any look at it.
    """
    visit.staff.check_may_chat()
    page = await ports.case_reads.case_page(visit.staff.scope, case_id)
    step = cases.letter_step(page.entries)
    if step is None or step.after is None:
        raise Told(409, "转送或转交以后，才能写函。")
    now = ports.clock.now()
    await desk.audit_reading("case.open", case_id, visit.staff, ports)
    if hides(step.words):
        await desk.audit_reading("case_entry.reveal", step.id, visit.staff, ports)
    screen = LetterScreen(
        case=page.case,
        step=step,
        title=TITLES[step.after],
        draft=_draft(page.case, step, visit.staff, ports),
        today=day_of(now),
        now=now,
        names=Names(ports.accounts, ports.directory),
        role=ROLES[visit.staff.role],
    )
    return pages.show(request, "case_letter.html", screen)


@routes.post("/letters")
async def write(
    case_id: CaseId,
    staff: Member,
    ports: Ports,
    to: Words = "",
    asks: Words = "",
    facts: Words = "",
    sender: Words = "",
    person: Words = "",
    phone: Words = "",
    enclosures: Words = "",
    agreed: Annotated[bool, Form()] = False,
    named: Words = "",
    key: Key = "",
) -> Response:
    """Keep the letter in the history; from there it is saved."""
    enclosed = tuple(filter(None, map(str.strip, enclosures.splitlines())))
    words = LetterWords(to, asks, facts, sender, person, phone, enclosed, agreed, named)
    deed = cases.write_letter(case_id, words, staff, ports.units, ports.clock, key)
    return await done(case_id, deed, lacking=_LACKING)


@routes.get("/letters/{entry_id}.{kind}")
async def save(case_id: CaseId, entry_id: CaseId, kind: FileKind, visit: Visitor, ports: Ports) -> Response:
    """A letter as a file; that it was taken is written down."""
    visit.staff.check_may_chat()
    name, data = await desk.take_letter(case_id, entry_id, kind, visit.staff, ports)
    return attachment(data, f"{name}.{kind}", MEDIA_TYPES[kind])


def office_named(words: str) -> str:
    """The office that the words of a step begin with, "" if they name none at their beginning."""
    found = _OFFICE.match(words.strip())
    return found[1] if found else ""


def _draft(case: Case, step: CaseEntry, staff: Staff, ports: ConsolePorts) -> LetterWords:
    account = ports.accounts.get(case.account_id)
    region = account.region if account else case.region
    try:
        sender = f"{ports.directory.full_name(region)}妇女联合会"
    except NotFound:
        sender = ""
    return LetterWords(
        to=office_named(step.words),
        asks=_ASKS,
        facts=step.words,
        sender=sender,
        person=staff.display_name,
        phone=ports.directory.hotline(region),
    )
