"""Every wording of a vetted answer that was ever in use, so that one can read what a person was told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the table; what was answered before is named by its key alone."""
    op.create_table(
        "article_versions",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("version", sa.String, primary_key=True),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
    )
