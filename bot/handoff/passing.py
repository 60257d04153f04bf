"""Passing a conversation on: to colleagues, by a supervisor to somebody, or into a supervisor's own hands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from bot.conversation.conversations import Conversation, Step
from bot.conversation.errors import Conflict, Drilling, InvalidData
from bot.conversation.events import EventKind
from bot.conversation.handoffs import Handoff, HandoffStatus, Skill
from bot.conversation.repositories import UnitOfWork
from bot.conversation.staff import Staff
from bot.handoff.call_backs import move_calls
from bot.handoff.steps import HandoffPorts, asked_in, check_owner, keep, note_down, put_into_hands, seen_by, tell


@dataclass(frozen=True, slots=True)
class Target:
    """For whom a conversation is handed on: one of these, or everybody. Raises InvalidData for more than one."""

    to_staff: str | None = None
    skill: Skill | None = None
    region: str | None = None

    def __post_init__(self) -> None:
        if [self.to_staff, self.skill, self.region].count(None) < 2:
            raise InvalidData("a conversation goes to one: a person, a skill or a region")


EVERYBODY = Target()

type Along = Callable[[UnitOfWork, Handoff, Staff, datetime], Awaitable[None]]
"""Lets what else is hers lie where her conversation lies, in the same unit of work."""


async def transfer(
    conversation_id: str,
    staff: Staff,
    ports: HandoffPorts,
    target: Target = EVERYBODY,
    note: str = "",
    *,
    along: Along | None = None,
) -> Handoff:
    """Put her conversation back among the waiting, at its old place, for this target, with a note for who takes it.

    `along` takes what else is hers to the same region, where a call back that she asked for here goes too. Raises
    Forbidden if it is not in her hands, InvalidData if nobody there would see it, or the note is too long.
    """
    now = ports.clock.now()
    async with ports.units() as uow:
        conversation = await seen_by(uow, conversation_id, staff)
        check_owner(conversation, staff)
        handoff = await asked_in(uow, conversation, HandoffStatus.CLAIMED)
        left = conversation.region
        conversation.step(Step.TRANSFER)
        conversation.owner = None
        if target.region is not None:
            _check_served(target.region, ports)
            conversation.region = handoff.region = target.region
            await move_calls(uow, conversation)
        if target.to_staff is not None or target.region is not None:
            await _check_seen(uow, conversation, target.to_staff, besides=staff)
        handoff.status, handoff.claimed_by, handoff.claimed_at = HandoffStatus.WAITING, None, None
        handoff.queued_at, handoff.to_staff = now, target.to_staff
        if target.to_staff is None and target.region is None:
            handoff.skill = target.skill
        await note_down(uow, conversation, staff, note, now)
        if along is not None:
            await along(uow, handoff, staff, now)
        await keep(uow, conversation, handoff, staff, "conversation.transfer", now)
    await tell(ports, handoff, EventKind.HANDOFF_REQUESTED, left=left)
    return handoff


async def assign(
    conversation_id: str,
    supervisor: Staff,
    to_staff: str,
    ports: HandoffPorts,
    note: str = "",
    *,
    at_once: bool = False,
) -> Handoff:
    """Keep a waiting conversation for this colleague, or put it into her hands `at_once`, however full they are.

    Raises Forbidden, NotFound, Conflict if it does not wait, InvalidData if she does not see it, Drilling if she sees
    drills alone just now.
    """
    supervisor.check_may_oversee()
    now = ports.clock.now()
    async with ports.units() as uow:
        conversation = await seen_by(uow, conversation_id, supervisor)
        handoff = await asked_in(uow, conversation, HandoffStatus.WAITING)
        await _check_seen(uow, conversation, to_staff)
        if conversation.account_id not in ports.drills:
            await _check_in_earnest(uow, to_staff, now)
        if at_once:
            conversation.step(Step.CLAIM)
            put_into_hands(conversation, handoff, to_staff, now)
        else:
            handoff.to_staff, handoff.queued_at = to_staff, now
        await note_down(uow, conversation, supervisor, note, now)
        await keep(uow, conversation, handoff, supervisor, "conversation.assign", now)
    await tell(ports, handoff, EventKind.HANDOFF_CLAIMED if at_once else EventKind.HANDOFF_MOVED)
    return handoff


async def step_in(conversation_id: str, supervisor: Staff, ports: HandoffPorts, note: str = "") -> Handoff:
    """Take a conversation out of a colleague's hands; from that moment only the supervisor may write.

    Raises Forbidden, NotFound, Conflict if it is in nobody else's hands.
    """
    supervisor.check_may_oversee()
    now = ports.clock.now()
    async with ports.units() as uow:
        conversation = await seen_by(uow, conversation_id, supervisor)
        handoff = await asked_in(uow, conversation, HandoffStatus.CLAIMED)
        if conversation.owner == supervisor.id:
            raise Conflict("it is in her hands already")
        conversation.step(Step.STEP_IN)
        put_into_hands(conversation, handoff, supervisor.id, now)
        await note_down(uow, conversation, supervisor, note, now)
        await keep(uow, conversation, handoff, supervisor, "conversation.step_in", now)
    await tell(ports, handoff, EventKind.HANDOFF_CLAIMED)
    return handoff


def _check_served(region: str, ports: HandoffPorts) -> None:
    if region not in ports.regions:
        raise InvalidData("the federation does not serve this region")


async def _check_in_earnest(uow: UnitOfWork, to_staff: str, now: datetime) -> None:
    """Raise Drilling if she sees drills alone; until this unit ends she cannot begin one."""
    await uow.staff.hold(to_staff)
    if to_staff in await uow.sessions.drilling(now):
        raise Drilling("she is drilling and sees nothing real")


async def _check_seen(
    uow: UnitOfWork, conversation: Conversation, to_staff: str | None, besides: Staff | None = None
) -> None:
    """Raise InvalidData if it would lie where nobody sees it, or not the one for whom it is kept."""
    staff = await uow.staff.all()
    takers = {one.id for one in staff if one.looks_after(conversation.account_id, conversation.region)}
    if besides is not None and to_staff == besides.id:
        raise InvalidData("it is in her hands already")
    if (to_staff not in takers) if to_staff is not None else not takers:
        raise InvalidData("nobody there would see this conversation")
