"""Whatever may go out besides words; media, consents and alarms; and what erasing a person needs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add columns in place, so that both databases keep every row, index and trigger as it is."""
    _extend_contacts()
    _extend_deliveries()
    _create_media()
    _create_consents()
    _create_alarms()


def _extend_contacts() -> None:
    op.add_column("contacts", sa.Column("region", sa.String))
    op.add_column("contacts", sa.Column("refusal", sa.Integer))
    op.add_column("contacts", sa.Column("erase_asked_at", MOMENT))
    op.add_column("contacts", sa.Column("erased_at", MOMENT))
    _create_partial_index(
        "ix_contacts_to_erase", "contacts", "erase_asked_at", "erase_asked_at IS NOT NULL AND erased_at IS NULL"
    )


def _extend_deliveries() -> None:
    """What is sealed cannot be rewritten here, where no keys are: old rows stay as they are, of kind text."""
    op.alter_column("deliveries", "text", new_column_name="content")
    op.add_column("deliveries", sa.Column("kind", sa.String, nullable=False, server_default="text"))
    op.add_column("deliveries", sa.Column("by_assistant", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("deliveries", sa.Column("uploaded_id", sa.String))
    op.add_column("deliveries", sa.Column("uploaded_until", MOMENT))


def _create_media() -> None:
    op.create_table(
        "media",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("message_id", sa.String, sa.ForeignKey("messages.id"), nullable=False, unique=True),
        sa.Column("conversation_id", sa.String, sa.ForeignKey("conversations.id"), nullable=False),
        sa.Column("contact_id", sa.String, sa.ForeignKey("contacts.id"), nullable=False),
        sa.Column("account_id", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("platform_id", sa.String),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("content_type", sa.String),
        sa.Column("size", sa.Integer),
        sa.Column("sha256", sa.String),
        sa.Column("stored_at", MOMENT),
        sa.Column("reason", sa.String),
        sa.Column("transcribed", sa.Boolean, nullable=False),
    )
    op.create_index("ix_media_conversation_id", "media", ["conversation_id"])
    op.create_index("ix_media_contact_id", "media", ["contact_id"])
    _create_partial_index("ix_media_to_fetch", "media", "due_at", "status IN ('pending')")
    sqlite = op.get_bind().dialect.name == "sqlite"
    unheard = "transcribed = 0" if sqlite else "NOT transcribed"
    _create_partial_index(
        "ix_media_to_transcribe", "media", "due_at", f"status IN ('lost', 'refused', 'stored') AND {unheard}"
    )
    op.create_table(
        "media_bodies",
        sa.Column("media_id", sa.String, sa.ForeignKey("media.id"), primary_key=True),
        sa.Column("playable", sa.Boolean, primary_key=True),
        sa.Column("content_type", sa.String, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )


def _create_consents() -> None:
    op.create_table(
        "consents",
        sa.Column("contact_id", sa.String, sa.ForeignKey("contacts.id"), primary_key=True),
        sa.Column("template_id", sa.String, primary_key=True),
        sa.Column("left", sa.Integer, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
    )


def _create_alarms() -> None:
    op.create_table(
        "alarms",
        sa.Column("account_id", sa.String, primary_key=True),
        sa.Column("kind", sa.String, primary_key=True),
        sa.Column("detail", sa.String, primary_key=True),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
    )


def _create_partial_index(name: str, table: str, column: str, where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, [column], sqlite_where=condition, postgresql_where=condition)
