"""What the office does in a case: its history, deadlines, reports of harm to minors, and follow-up visits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

MOMENT = sa.DateTime(timezone=True)
MOMENTS = (
    "told_at",
    "accepted_at",
    "routed_at",
    "followed_at",
    "answered_at",
    "extended_at",
    "report_since",
    "reported_at",
)


def upgrade() -> None:
    """Add tables, and columns in place."""
    for name in MOMENTS:
        op.add_column("cases", sa.Column(name, MOMENT))
    op.add_column("cases", sa.Column("agency", sa.String))
    op.add_column("cases", sa.Column("due_on", sa.Date))
    op.create_index("ix_cases_opened_at", "cases", ["opened_at"])
    op.create_table(
        "case_entries",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("case_id", sa.String, sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("contact_id", sa.String, sa.ForeignKey("contacts.id"), nullable=False),
        sa.Column("staff_id", sa.String),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("before", sa.String),
        sa.Column("after", sa.String),
        sa.Column("agency", sa.String),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_case_entries_contact_id", "case_entries", ["contact_id"])
    op.create_index("ix_case_entries_case_id_at", "case_entries", ["case_id", "at"])
    op.create_table(
        "visits",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("case_id", sa.String, sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("contact_id", sa.String, sa.ForeignKey("contacts.id"), nullable=False),
        sa.Column("planned_on", sa.Date, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("outcome", sa.String),
        sa.Column("settled_at", MOMENT),
    )
    op.create_index("ix_visits_case_id", "visits", ["case_id"])
    op.create_index("ix_visits_contact_id", "visits", ["contact_id"])
