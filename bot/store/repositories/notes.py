"""What the office notes for itself, sealed, in SQL."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
import structlog

from bot.conversation.errors import InvalidData
from bot.conversation.notes import Note
from bot.conversation.ports import Sealer
from bot.store.desk_tables import notes
from bot.store.transaction import Transaction

log = structlog.get_logger(__name__)


class SqlNotes:
    """Notes beside conversations; only added to."""

    def __init__(self, transaction: Transaction, sealer: Sealer) -> None:
        self._transaction = transaction
        self._sealer = sealer

    async def add(self, note: Note) -> None:
        """Raises StaleVersion if she was erased."""
        await self._transaction.hold_contact(note.contact_id)
        kept = {
            "id": note.id,
            "conversation_id": note.conversation_id,
            "contact_id": note.contact_id,
            "staff_id": note.staff_id,
            "at": note.at,
            "content": self._sealer.seal(note.text.encode()),
        }
        await self._transaction.insert(notes, kept)

    async def of(self, conversation_id: str) -> list[Note]:
        """All of this conversation that a key opens, in order."""
        return readable_notes(await self._transaction.all(notes_query(conversation_id)), self._sealer)


def notes_query(conversation_id: str) -> sa.Select[Any]:
    """The notes of a conversation, in order."""
    return sa.select(notes).where(notes.c.conversation_id == conversation_id).order_by(notes.c.at, notes.c.id)


def readable_notes(rows: Iterable[sa.Row[Any]], sealer: Sealer) -> list[Note]:
    """The notes of these rows that a key opens, and a line in the log for each other."""
    opened = []
    for row in rows:
        try:
            opened.append(note_of(row, sealer))
        except InvalidData:
            log.error("a note cannot be read", note_id=row.id)
    return opened


def note_of(row: sa.Row[Any], sealer: Sealer) -> Note:
    """The note of a row of `notes`; raises InvalidData if no key opens it."""
    return Note(
        id=row.id,
        conversation_id=row.conversation_id,
        contact_id=row.contact_id,
        staff_id=row.staff_id,
        at=row.at,
        text=sealer.open(row.content).decode(),
    )
