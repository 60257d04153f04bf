"""The audit trail becomes a chain, and not even a replaced row gets past its triggers; codes beside passwords."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add to what is there; what was written before there was a chain is covered by its first entry."""
    _chain_audit()
    op.create_table(
        "second_factors",
        sa.Column("staff_id", sa.String, sa.ForeignKey("staff.id"), primary_key=True),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed", sa.Boolean, nullable=False),
        sa.Column("last_step", sa.BigInteger, nullable=False),
        sa.Column("recovery", sa.JSON, nullable=False),
    )


def _chain_audit() -> None:
    op.add_column("audit", sa.Column("hash", sa.String))
    if op.get_bind().dialect.name == "sqlite":
        # INSERT OR REPLACE deletes without asking the trigger that refuses to delete.
        op.execute(
            "CREATE TRIGGER audit_refuse_replace BEFORE INSERT ON audit"
            " WHEN EXISTS (SELECT 1 FROM audit WHERE position = NEW.position OR id = NEW.id)"
            " BEGIN SELECT RAISE(ABORT, 'the audit trail is append only'); END"
        )
