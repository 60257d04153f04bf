"""Calls back: asked for in guided help, withdrawn by her word, dialled and noted by the office."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from bot.conversation.alerts import Alert, AlertKind
from bot.conversation.call_backs import PHONE, CallBack, CallOutcome
from bot.conversation.clock import Clock
from bot.conversation.conversations import Conversation
from bot.conversation.errors import Forbidden, NotFound
from bot.conversation.flows import Answers
from bot.conversation.messages import new_id
from bot.conversation.notes import Note, check_note
from bot.conversation.repositories import UnitOfWork, UnitsOfWork
from bot.conversation.staff import AuditEntry, Staff
from bot.handoff.deadlines import call_back_due

NAMED_OPENLY = "yes"
"""The answer to `say_who` by which others may hear that the Women's Federation calls (actions/call_back.py)."""

_NOTED = {
    None: "没打通，还要再打",
    CallOutcome.REACHED: "打通了",
    CallOutcome.NOT_REACHED: "没打通，不再打了",
    CallOutcome.WRONG_NUMBER: "号码不对",
}


async def ask_call_back(
    uow: UnitOfWork, conversation: Conversation, answers: Answers, now: datetime
) -> CallBack | None:
    """Keep what she asks for by the answers of the flow `call_back`, in place of what she asked before.

    None without a number that can be dialled or without a time: she is called then and never else. Raises StaleVersion
    if she was erased.
    """
    phone, when = str(answers.get("phone", "")), str(answers.get("when", ""))
    if not PHONE.fullmatch(phone) or not when:
        return None
    await withdraw_call_back(uow, conversation.contact_id, now)
    asked = CallBack(
        id=new_id(),
        contact_id=conversation.contact_id,
        conversation_id=conversation.id,
        account_id=conversation.account_id,
        region=conversation.region,
        level=conversation.level,
        phone=phone,
        when=when,
        discreet=answers.get("say_who") != NAMED_OPENLY,
        words=str(answers.get("words", "")),
        asked_at=now,
        due_at=call_back_due(conversation.level, when, now),
    )
    await uow.call_backs.add(asked)
    return asked


async def withdraw_call_back(uow: UnitOfWork, contact_id: str, now: datetime) -> None:
    """Take back what she asked for, if anything is open; raises StaleVersion if she was erased."""
    for asked in await uow.call_backs.open_of(contact_id):
        asked.withdraw(now)
        await uow.call_backs.save(asked)


async def move_calls(uow: UnitOfWork, conversation: Conversation) -> None:
    """What she asked for here is to be done where the conversation lies now. Raises StaleVersion if she was erased."""
    for asked in await uow.call_backs.open_of(conversation.contact_id):
        if asked.conversation_id == conversation.id and asked.region != conversation.region:
            asked.region = conversation.region
            await uow.call_backs.save(asked)


async def reveal_number(
    call_back_id: str, staff: Staff, units: UnitsOfWork, clock: Clock, *, take_over: bool = False
) -> CallBack:
    """The call back with its number, which the audit trail then knows was read, and colleagues that she dials it.

    Raises Conflict once it is settled: nobody needs the number any more; BeingDialled while a colleague dials it,
    unless she means to `take_over`; NotFound outside her scope.
    """
    now = clock.now()
    async with units() as uow:
        asked = await _seen_by(uow, call_back_id, staff)
        asked.dial(staff.id, now, take_over=take_over)
        await uow.call_backs.save(asked)
        await uow.audit.append(AuditEntry(new_id(), staff.id, "call_back.reveal", asked.id, now))
        await uow.commit()
    return asked


async def note_call(
    call_back_id: str, outcome: CallOutcome | None, words: str, staff: Staff, units: UnitsOfWork, clock: Clock
) -> CallBack:
    """She was called: count it, settle it unless the outcome is None, and note it beside the conversation.

    Raises Conflict if it is settled or given up too early, InvalidData for what cannot be, NotFound outside her scope.
    """
    said = check_note(words) if words.strip() else ""
    now = clock.now()
    async with units() as uow:
        asked = await _seen_by(uow, call_back_id, staff)
        asked.called(outcome, staff.id, now)
        await uow.call_backs.save(asked)
        text = f"回电第{asked.tries}次：{_NOTED[outcome]}。{said}"
        await uow.notes.add(Note(new_id(), asked.conversation_id, asked.contact_id, staff.id, now, text))
        action = f"call_back.{outcome or 'try'}"
        await uow.audit.append(AuditEntry(new_id(), staff.id, action, asked.id, now))
        await uow.commit()
    return asked


async def overdue_calls(uow: UnitOfWork, drills: Collection[str], now: datetime) -> list[Alert]:
    """One alert for each call back that was not made by its time; those of `drills` are left alone."""
    return [
        Alert(
            id=new_id(),
            kind=AlertKind.CALL_BACK_LATE,
            subject=one.id,
            account_id=one.account_id,
            region=one.region,
            since=one.due_at,
            raised_at=now,
            level=one.level,
            conversation_id=one.conversation_id,
        )
        for one in await uow.call_backs.overdue(now)
        if one.account_id not in drills
    ]


async def _seen_by(uow: UnitOfWork, call_back_id: str, staff: Staff) -> CallBack:
    asked = await uow.call_backs.get(call_back_id)
    try:
        staff.check_may_see(asked.account_id, asked.region)
    except Forbidden:
        raise NotFound("no such call back") from None
    return asked
