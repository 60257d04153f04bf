"""What people answered in guided help, sealed, and the links to their papers, in SQL."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
import structlog

from bot.conversation.errors import InvalidData, StaleVersion
from bot.conversation.flows import Answers, Flow, FlowState, Link, Purpose
from bot.conversation.payments import payment_from_json, payment_to_json
from bot.conversation.ports import Sealer
from bot.store.tables import flows, links
from bot.store.transaction import Transaction, Values, held

log = structlog.get_logger(__name__)


class SqlFlows:
    """Flows; the answers are sealed."""

    def __init__(self, transaction: Transaction, sealer: Sealer) -> None:
        self._transaction = transaction
        self._sealer = sealer

    async def get(self, flow_id: str) -> Flow:
        """The flow of this id; raises NotFound, and InvalidData if no key opens it."""
        return flow_of(await self._transaction.get(held(flows).where(flows.c.id == flow_id)), self._sealer)

    async def of_conversation(self, conversation_id: str) -> list[Flow]:
        """All of this conversation that a key opens, the one begun last at the end."""
        query = held(flows).where(flows.c.conversation_id == conversation_id).order_by(flows.c.begun_at)
        return readable(await self._transaction.all(query), self._sealer)

    async def of_contact(self, contact_id: str) -> list[Flow]:
        """All of hers that a key opens, the one begun last at the end."""
        query = held(flows).where(flows.c.contact_id == contact_id).order_by(flows.c.begun_at)
        return readable(await self._transaction.all(query), self._sealer)

    async def add(self, flow: Flow) -> None:
        """Raises StaleVersion if she was erased."""
        await self._transaction.hold_contact(flow.contact_id)
        await self._transaction.insert(flows, _values(flow, self._sealer))

    async def save(self, flow: Flow) -> None:
        """Raises NotFound, and StaleVersion if she was erased."""
        await self._transaction.hold_contact(flow.contact_id)
        await self._transaction.update(flows, _values(flow, self._sealer))


class SqlLinks:
    """One-time links."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def by_digest(self, digest: str) -> Link | None:
        """The link of this token's digest."""
        row = await self._transaction.first(sa.select(links).where(links.c.digest == digest))
        return None if row is None else _link_of(row)

    async def add(self, link: Link) -> None:
        """Raises StaleVersion if she was erased."""
        await self._transaction.hold_contact(link.contact_id)
        await self._transaction.insert(links, asdict(link))

    async def save(self, link: Link) -> None:
        """Raises StaleVersion if another opened it meanwhile, or she was erased."""
        await self._transaction.hold_contact(link.contact_id)
        unopened = sa.update(links).where(links.c.id == link.id, links.c.opened_at.is_(None))
        if (await self._transaction.execute(unopened.values(asdict(link)))).rowcount == 0:
            raise StaleVersion("the link was opened")


def readable(rows: Iterable[sa.Row[Any]], sealer: Sealer) -> list[Flow]:
    """The flows of these rows that a key opens, and a line in the log for each other: she must still be heard."""
    opened = []
    for row in rows:
        try:
            opened.append(flow_of(row, sealer))
        except InvalidData:
            log.error("answers of a flow cannot be read", flow_id=row.id)
    return opened


def flow_of(row: sa.Row[Any], sealer: Sealer) -> Flow:
    """The flow of a row of `flows`; raises InvalidData if no key opens its answers."""
    kept = json.loads(sealer.open(row.answers))
    return Flow(
        id=row.id,
        conversation_id=row.conversation_id,
        contact_id=row.contact_id,
        name=row.name,
        state=FlowState(row.state),
        answers=_answers(kept["answers"]),
        begun_at=row.begun_at,
        updated_at=row.updated_at,
        payments=tuple(map(payment_from_json, kept["payments"])),
    )


def _answers(kept: Mapping[str, Any]) -> Answers:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()}


def _values(flow: Flow, sealer: Sealer) -> Values:
    payments = [payment_to_json(payment) for payment in flow.payments]
    kept = json.dumps({"answers": dict(flow.answers), "payments": payments}, ensure_ascii=False)
    answers = sealer.seal(kept.encode())
    return {
        "id": flow.id,
        "conversation_id": flow.conversation_id,
        "contact_id": flow.contact_id,
        "name": flow.name,
        "state": flow.state,
        "answers": answers,
        "begun_at": flow.begun_at,
        "updated_at": flow.updated_at,
    }


def _link_of(row: sa.Row[Any]) -> Link:
    return Link(
        id=row.id,
        digest=row.digest,
        contact_id=row.contact_id,
        conversation_id=row.conversation_id,
        purpose=Purpose(row.purpose),
        expires_at=row.expires_at,
        flow_id=row.flow_id,
        opened_at=row.opened_at,
    )
