"""Who is dialling a call back, and which sign-ins show drills."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add columns in place."""
    op.add_column("call_backs", sa.Column("dialled_by", sa.String))
    op.add_column("call_backs", sa.Column("dialled_at", sa.DateTime(timezone=True)))
    op.add_column("sessions", sa.Column("drilling", sa.Boolean, nullable=False, server_default=sa.false()))
