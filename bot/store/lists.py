"""The lists of the desk: who waits, the first of each level and how many in all; and what lies with one operator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.content import words_of
from bot.conversation.conversations import Mode
from bot.conversation.handoffs import HandoffStatus, Skill
from bot.conversation.levels import Level, Topic
from bot.conversation.masking import masked
from bot.conversation.messages import Author
from bot.conversation.ports import Sealer
from bot.conversation.staff import Scope
from bot.store.engine import reading
from bot.store.queries import contact_name, within
from bot.store.repositories.cases import NEWEST_FIRST
from bot.store.repositories.handoffs import handoff_of
from bot.store.repositories.messages import open_content
from bot.store.repositories.notes import notes_query, readable_notes
from bot.store.tables import ON_FILE, UNRESOLVED, WAITING, cases, conversations, handoffs, messages
from bot.store.transaction import Transaction

_LAST_WORDS = 60
"""How many characters of her last message a list shows."""

_LOOKED_AT = 500
"""How much of it is looked at for numbers to hide: what is cut off in the middle there is not shown."""


@dataclass(frozen=True, slots=True)
class ListedConversation:
    """A conversation for which a person was asked, as a line of a list.

    `unread` counts what she wrote since an operator last did, and `unread_since` is when she wrote the first of it, or
    when a person was asked for if that was later. `case_number` is that of her open file. `to_staff` is the member of
    staff for whom it is kept.
    """

    conversation_id: str
    handoff_id: str
    account_id: str
    region: str
    contact_name: str
    level: Level
    topic: Topic
    skill: Skill | None
    to_staff: str | None
    reasons: tuple[str, ...]
    requested_at: datetime
    last_words: str = field(repr=False)
    unread: int
    unread_since: datetime | None
    total: int
    case_number: str | None

    @property
    def place(self) -> datetime:
        """What orders the queue; see `QueueEntry.place`."""
        return self.requested_at - self.level.head_start


@dataclass(frozen=True, slots=True)
class WaitingList:
    """Who waits: the first of each level in the order of the queue, and how many there are at each."""

    rows: tuple[ListedConversation, ...]
    counts: Mapping[Level, int]

    @property
    def total(self) -> int:
        """How many wait."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class OwnLists:
    """What is kept for one member of staff among the waiting, and whom she is talking with.

    `notes` are the last words that colleagues noted beside what is kept for her, by the id of the conversation.
    """

    kept: tuple[ListedConversation, ...]
    talking: tuple[ListedConversation, ...]
    notes: Mapping[str, str] = field(default_factory=dict, repr=False)


_HEAD = (handoffs.c.id, handoffs.c.conversation_id, handoffs.c.level, handoffs.c.status)

Known = Mapping[str, ListedConversation]
"""Lines that were read before and still hold, by the id of the conversation."""


async def waiting_list(
    engine: AsyncEngine, sealer: Sealer, scope: Scope, limit: int, known: Known | None = None
) -> WaitingList:
    """Who waits for a person, up to `limit` of each level; lines that are `known` are not read again."""
    here = sa.and_(WAITING, within(scope, handoffs))
    counted = sa.select(handoffs.c.level, sa.func.count().label("waiting")).where(here).group_by(handoffs.c.level)
    first = (
        sa.select(*_HEAD)
        .where(here, handoffs.c.level == level)
        .order_by(handoffs.c.requested_at, handoffs.c.id)
        .limit(limit)
        .subquery()
        for level in Level
    )
    async with aclosing(await Transaction.begin(reading(engine))) as snapshot:
        counts = {Level(row.level): row.waiting for row in await snapshot.all(counted)}
        heads = await snapshot.all(sa.union_all(*(sa.select(heads) for heads in first)))
        rows = await _listed(snapshot, sealer, heads, known or {})
    return WaitingList(_in_order(rows), counts)


async def own_lists(
    engine: AsyncEngine, sealer: Sealer, scope: Scope, staff_id: str, known: Known | None = None
) -> OwnLists:
    """All that lies with her, in the order of the queue; lines that are `known` are not read again."""
    here = within(scope, handoffs)
    kept = sa.select(*_HEAD).where(WAITING, handoffs.c.to_staff == staff_id, here)
    talking = (
        sa.select(*_HEAD)
        .join(conversations, conversations.c.id == handoffs.c.conversation_id)
        .where(UNRESOLVED, conversations.c.owner == staff_id, conversations.c.mode == Mode.HUMAN, here)
    )
    async with aclosing(await Transaction.begin(reading(engine))) as snapshot:
        heads = await snapshot.all(sa.union_all(kept, talking))
        rows = _in_order(await _listed(snapshot, sealer, heads, known or {}))
        waiting = {head.id: head.conversation_id for head in heads if head.status == HandoffStatus.WAITING}
        notes = {one: await _last_note(snapshot, sealer, one) for one in waiting.values()}
    return OwnLists(
        tuple(row for row in rows if row.handoff_id in waiting),
        tuple(row for row in rows if row.handoff_id not in waiting),
        notes,
    )


async def _last_note(snapshot: Transaction, sealer: Sealer, conversation_id: str) -> str:
    noted = readable_notes(await snapshot.all(notes_query(conversation_id)), sealer)
    return masked(noted[-1].text[:_LOOKED_AT])[:_LAST_WORDS] if noted else ""


async def _listed(
    snapshot: Transaction, sealer: Sealer, heads: Sequence[sa.Row[Any]], known: Known
) -> list[ListedConversation]:
    rows, missing = [], []
    for head in heads:
        row = known.get(head.conversation_id)
        if row is not None and (row.handoff_id, row.level) == (head.id, head.level):
            rows.append(row)
        else:
            missing.append(head.id)
    read = await snapshot.all(_LINES.where(handoffs.c.id.in_(missing))) if missing else []
    return [*rows, *(_listed_of(row, sealer) for row in read)]


def _in_order(rows: Sequence[ListedConversation]) -> tuple[ListedConversation, ...]:
    return tuple(sorted(rows, key=lambda row: (row.place, row.handoff_id)))


def _details() -> tuple[sa.Label[Any], ...]:
    """Subqueries for one line of a list: her last message, the counts, the number of her file."""
    here = messages.c.conversation_id == handoffs.c.conversation_id
    hers = messages.c.author == Author.CONTACT
    total = sa.select(sa.func.count()).where(here).scalar_subquery()
    last_id, last_content = (
        sa.select(column).where(here, hers).order_by(messages.c.position.desc()).limit(1).scalar_subquery()
        for column in (messages.c.id, messages.c.content)
    )
    answers = messages.alias("answers")
    last_answer = (
        sa.select(sa.func.coalesce(sa.func.max(answers.c.position), 0))
        .where(answers.c.conversation_id == handoffs.c.conversation_id, answers.c.author == Author.OPERATOR)
        .correlate(handoffs)
        .scalar_subquery()
    )
    unanswered = sa.and_(here, hers, messages.c.position > last_answer)
    unread = sa.select(sa.func.count()).where(unanswered).scalar_subquery()
    unread_at = sa.select(sa.func.min(messages.c.at)).where(unanswered).scalar_subquery()
    number = (
        sa.select(cases.c.number)
        .where(cases.c.contact_id == handoffs.c.contact_id, ON_FILE)
        .order_by(*NEWEST_FIRST)
        .limit(1)
        .scalar_subquery()
    )
    return (
        total.label("total"),
        unread.label("unread"),
        unread_at.label("unread_at"),
        last_id.label("last_id"),
        last_content.label("last_content"),
        number.label("case_number"),
    )


_LINES = sa.select(handoffs, *_details())


def _listed_of(row: sa.Row[Any], sealer: Sealer) -> ListedConversation:
    handoff = handoff_of(row)
    words = "" if row.last_content is None else words_of(open_content(row.last_content, sealer, row.last_id))
    return ListedConversation(
        conversation_id=handoff.conversation_id,
        handoff_id=handoff.id,
        account_id=handoff.account_id,
        region=handoff.region,
        contact_name=contact_name(handoff.contact_id),
        level=handoff.level,
        topic=handoff.topic,
        skill=handoff.skill,
        to_staff=handoff.to_staff,
        reasons=handoff.reasons,
        requested_at=handoff.requested_at,
        last_words=masked(words[:_LOOKED_AT])[:_LAST_WORDS],
        unread=row.unread,
        unread_since=max(row.unread_at, handoff.requested_at) if row.unread_at else None,
        total=row.total,
        case_number=row.case_number,
    )
