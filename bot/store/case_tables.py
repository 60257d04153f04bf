"""The tables of what the office does in a case."""

from __future__ import annotations

import sqlalchemy as sa

from bot.conversation.case_work import VisitStatus
from bot.store.tables import UtcDateTime, metadata

# The words of the office about her, and what speaks for danger, are sealed.
case_entries = sa.Table(
    "case_entries",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("case_id", sa.ForeignKey("cases.id"), nullable=False),
    sa.Column("contact_id", sa.ForeignKey("contacts.id"), nullable=False, index=True),
    sa.Column("staff_id", sa.String),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("before", sa.String),
    sa.Column("after", sa.String),
    sa.Column("agency", sa.String),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Index(None, "case_id", "at"),
)

visits = sa.Table(
    "visits",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("case_id", sa.ForeignKey("cases.id"), nullable=False, index=True),
    sa.Column("contact_id", sa.ForeignKey("contacts.id"), nullable=False, index=True),
    sa.Column("planned_on", sa.Date, nullable=False),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("outcome", sa.String),
    sa.Column("settled_at", UtcDateTime),
)
PLANNED = visits.c.status == VisitStatus.PLANNED
