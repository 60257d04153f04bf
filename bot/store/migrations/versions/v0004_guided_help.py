"""What people answer in guided help, the links to their papers, what a file was opened for, and their safe words."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add tables, and columns in place."""
    op.add_column("contacts", sa.Column("safe_word", sa.LargeBinary))
    op.add_column("contacts", sa.Column("hidden_at", MOMENT))
    op.add_column("cases", sa.Column("referrals", sa.JSON))
    op.create_table(
        "flows",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("conversation_id", sa.String, sa.ForeignKey("conversations.id"), nullable=False),
        sa.Column("contact_id", sa.String, sa.ForeignKey("contacts.id"), nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("answers", sa.LargeBinary, nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
    )
    op.create_index("ix_flows_contact_id", "flows", ["contact_id"])
    op.create_index("ix_flows_conversation_id_name", "flows", ["conversation_id", "name"])
    op.create_table(
        "links",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("contact_id", sa.String, sa.ForeignKey("contacts.id"), nullable=False),
        sa.Column("conversation_id", sa.String, sa.ForeignKey("conversations.id"), nullable=False),
        sa.Column("purpose", sa.String, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("flow_id", sa.String, sa.ForeignKey("flows.id")),
        sa.Column("opened_at", MOMENT),
        sa.UniqueConstraint("digest"),
    )
    op.create_index("ix_links_contact_id", "links", ["contact_id"])
