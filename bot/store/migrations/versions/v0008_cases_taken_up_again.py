"""Cases taken up again, and who works on each; by when a call back is to be made."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add columns in place; whoever took the first step of a case works on it."""
    for name, kind in (("handler", sa.String), ("reopened_at", MOMENT), ("redone_at", MOMENT)):
        op.add_column("cases", sa.Column(name, kind))
    op.execute(
        "UPDATE cases SET handler = (SELECT case_entries.staff_id FROM case_entries"
        " WHERE case_entries.case_id = cases.id AND case_entries.kind = 'step'"
        " ORDER BY case_entries.at, case_entries.id LIMIT 1)"
    )
    reopened = sa.text("status IN ('reopened')")
    op.create_index("ix_cases_reopened", "cases", ["handler"], sqlite_where=reopened, postgresql_where=reopened)
    for name in ("due_at", "first_called_at"):
        op.add_column("call_backs", sa.Column(name, MOMENT))
    op.add_column("call_backs", sa.Column("late", sa.Boolean, nullable=False, server_default=sa.false()))
    op.execute("UPDATE call_backs SET due_at = asked_at")  # her words are sealed here, and somebody should look at once
