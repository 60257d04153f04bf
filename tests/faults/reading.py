"""Reads what a run left behind: the house's SQL and Redis, the platform's ledger and the phones."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from redis import Redis

from bot.conversation.content import Text, content_from_json, words_of
from bot.conversation.levels import Level
from bot.inbox import keys
from bot.settings import Settings
from bot.store.encryption import FernetSealer
from bot.store.engine import create_blocking_engine
from bot.store.repositories.deliveries import delivery_of
from bot.store.tables import UNDECIDED, contacts, deliveries, handoffs, messages
from tests.faults.records import Said, Seen, Stored

LOCK_TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class _Turn:
    """The message of hers that an answer belongs to."""

    inbound_key: str
    urgent: bool


class Books:
    """What the house keeps, read from outside of it."""

    def __init__(self, settings: Settings) -> None:
        self._engine = create_blocking_engine(settings.sql_url, LOCK_TIMEOUT_S)
        self._sealer = FernetSealer(settings.encryption_key_list, settings.secret_key.get_secret_value())
        self._redis = Redis.from_url(settings.redis_address)

    def open_things(self) -> tuple[int, int]:
        """How many messages wait in the inbox, and how many deliveries are undecided."""
        with self._engine.connect() as connection:
            undecided = connection.execute(sa.select(sa.func.count()).where(UNDECIDED)).scalar_one()
        return int(self._redis.get(keys.DEPTH) or 0), int(undecided)  # type: ignore[arg-type]

    def held_people(self) -> list[str]:
        """The OpenIDs of all for whom something is kept until they write again."""
        query = sa.select(contacts.c.openid).distinct().join(deliveries, deliveries.c.contact_id == contacts.c.id)
        with self._engine.connect() as connection:
            rows = connection.execute(query.where(deliveries.c.status == "held")).scalars().all()
        return [self._open(row) for row in rows]

    def read(self, seen: Seen) -> None:
        """Add what is in the store."""
        with self._engine.connect() as connection:
            people = {row.id: self._open(row.openid) for row in connection.execute(sa.select(contacts))}
            spans = self._with_a_person(connection)
            called = connection.execute(sa.select(handoffs.c.contact_id)).scalars()
            seen.handed_over += [people[contact] for contact in called]
            turns: dict[str, _Turn] = {}
            last: dict[str, _Turn] = {}
            for row in connection.execute(sa.select(messages).order_by(messages.c.position)):
                if row.author == "contact":
                    stored = self._stored(row, people[row.contact_id], spans[row.conversation_id])
                    seen.stored.append(stored)
                    last[row.contact_id] = _Turn(stored.inbound_key, row.level not in (None, Level.NORMAL))
                elif row.author == "assistant":
                    turns[row.id] = last[row.contact_id]
            for row in connection.execute(sa.select(deliveries)):
                seen.said.append(self._said(row, people[row.contact_id], turns.get(row.message_id)))
        seen.buried = int(self._redis.hlen(keys.DEAD))  # type: ignore[arg-type]

    def said_by_operators(self) -> list[str]:
        """The words of every operator's message."""
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(messages.c.content).where(messages.c.author == "operator")).scalars()
            return [self._words(row) for row in rows]

    def _with_a_person(self, connection: sa.Connection) -> defaultdict[str, list[tuple[datetime, datetime | None]]]:
        """By conversation: from when to when it was a person's, and the assistant silent."""
        spans: defaultdict[str, list[tuple[datetime, datetime | None]]] = defaultdict(list)
        for row in connection.execute(sa.select(handoffs)):
            spans[row.conversation_id].append((row.requested_at, row.resolved_at))
        return spans

    def _stored(self, row: Any, person: str, spans: Iterable[tuple[datetime, datetime | None]]) -> Stored:
        content = content_from_json(json.loads(self._sealer.open(row.content)))
        elsewhere = any(begun < row.at and (ended is None or row.at <= ended) for begun, ended in spans)
        return Stored(
            person=person,
            position=row.position,
            inbound_key=row.inbound_key,
            words=content.text if isinstance(content, Text) else "",
            menu=getattr(content, "key", None),
            at=row.at,
            due=not elsewhere,
        )

    def _said(self, row: Any, person: str, turn: _Turn | None) -> Said:
        delivery = delivery_of(row, self._sealer)
        return Said(
            person=person,
            sequence=delivery.sequence,
            text=words_of(delivery.content),
            status=delivery.status,
            route=delivery.route,
            inbound_key=delivery.inbound_key,
            errcode=delivery.errcode,
            turn=turn.inbound_key if turn else None,
            at=delivery.created_at,
            settled_at=delivery.settled_at,
            urgent=turn is not None and turn.urgent,
        )

    def _words(self, sealed: bytes) -> str:
        content = content_from_json(json.loads(self._sealer.open(sealed)))
        return content.text if isinstance(content, Text) else ""

    def _open(self, sealed: bytes) -> str:
        return self._sealer.open(sealed).decode()
