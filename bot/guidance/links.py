"""One-time links: given out in the chat, opened once, and the visit that follows."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from bot.conversation.clock import Clock
from bot.conversation.errors import NotFound, StaleVersion
from bot.conversation.flows import LINK_LASTS, VISIT_LASTS, Flow, Link, Purpose
from bot.conversation.messages import new_id
from bot.conversation.repositories import UnitOfWork, UnitsOfWork
from bot.conversation.staff import AuditEntry

BY = "link"
"""Who read, in the audit trail: whoever held the link, most likely she herself."""

_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class GuidancePorts:
    """What opening a link needs."""

    units: UnitsOfWork
    clock: Clock


@dataclass(frozen=True, slots=True)
class Ticket:
    """A link before it is kept: its secret goes to her and nowhere else."""

    token: str = field(repr=False)

    @staticmethod
    def new() -> Ticket:
        """A ticket of 256 random bits."""
        return Ticket(secrets.token_urlsafe(_TOKEN_BYTES))

    @property
    def digest(self) -> str:
        """What is kept of it."""
        return sha256(self.token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Opened:
    """A visit: `token` is what her browser shows from now on; `flow` is None for a link to her record."""

    token: str = field(repr=False)
    link: Link
    flow: Flow | None


async def give(
    uow: UnitOfWork,
    ticket: Ticket,
    contact_id: str,
    conversation_id: str,
    purpose: Purpose,
    flow_id: str | None,
    now: datetime,
) -> Link:
    """Keep a link that is given to her with this commit."""
    link = Link(
        id=new_id(),
        digest=ticket.digest,
        contact_id=contact_id,
        conversation_id=conversation_id,
        purpose=purpose,
        expires_at=now + LINK_LASTS,
        flow_id=flow_id,
    )
    await uow.links.add(link)
    return link


async def open_link(token: str, ports: GuidancePorts) -> Opened:
    """Open a link: from now on only the visit's token works, for VISIT_LASTS; the audit trail knows of it.

    Raises NotFound if it is unknown, too old or was opened before, and StoreUnavailable.
    """
    now = ports.clock.now()
    async with ports.units() as uow:
        link = await uow.links.by_digest(Ticket(token).digest)
        if link is None or link.opened_at is not None or link.expires_at <= now:
            raise NotFound("no such link")
        ticket = Ticket.new()
        link.digest, link.opened_at, link.expires_at = ticket.digest, now, now + VISIT_LASTS
        try:
            await uow.links.save(link)
        except StaleVersion:
            raise NotFound("no such link") from None
        flow = await uow.flows.get(link.flow_id) if link.flow_id else None
        await uow.audit.append(AuditEntry(new_id(), BY, f"{link.purpose}.open", link.contact_id, now))
        await uow.commit()
    return Opened(ticket.token, link, flow)


async def visit(token: str, ports: GuidancePorts) -> Opened:
    """The visit of this token while it lasts; raises NotFound, and StoreUnavailable."""
    async with ports.units(reading=True) as uow:
        link = await uow.links.by_digest(Ticket(token).digest)
        if link is None or link.opened_at is None or link.expires_at <= ports.clock.now():
            raise NotFound("no such visit")
        flow = await uow.flows.get(link.flow_id) if link.flow_id else None
    return Opened(token, link, flow)
