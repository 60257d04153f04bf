"""Notices that a person allowed, in SQL."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from bot.conversation.accounts import Consent
from bot.store.tables import consents
from bot.store.transaction import Transaction, held


class SqlConsents:
    """Consents; a row is there as long as notices are left."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, contact_id: str, template_id: str) -> Consent | None:
        """What is left of this template; None if nothing is."""
        row = await self._transaction.first(held(consents).where(_one(contact_id, template_id)))
        return None if row is None else consent_of(row)

    async def save(self, consent: Consent) -> None:
        """Add or change; one with nothing left is forgotten. Raises Conflict if there is no such person."""
        await self._transaction.hold_contact(consent.contact_id)
        await self._transaction.execute(sa.delete(consents).where(_one(consent.contact_id, consent.template_id)))
        if consent.left > 0:
            await self._transaction.insert(consents, asdict(consent))

    async def end(self, contact_id: str) -> None:
        """Forget all consents of hers."""
        await self._transaction.hold_contact(contact_id)
        await self._transaction.execute(sa.delete(consents).where(consents.c.contact_id == contact_id))


def consent_of(row: sa.Row[Any]) -> Consent:
    """The consent of a row of `consents`."""
    return Consent(**row._mapping)


def _one(contact_id: str, template_id: str) -> sa.ColumnElement[bool]:
    return sa.and_(consents.c.contact_id == contact_id, consents.c.template_id == template_id)
