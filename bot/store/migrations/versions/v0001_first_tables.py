"""The first tables, and the triggers that keep the audit trail as it was written."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create everything."""
    _create_people()
    _create_messages()
    _create_deliveries()
    _create_handoffs()
    _create_cases()
    _create_staff()
    _create_audit()
    _protect_audit()


def _create_people() -> None:
    op.create_table(
        "contacts",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("account_id", sa.String, nullable=False),
        sa.Column("mailbox", sa.String, nullable=False, unique=True),
        sa.Column("openid", sa.LargeBinary, nullable=False),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("following", sa.Boolean, nullable=False),
        sa.Column("window_scene", sa.String),
        sa.Column("window_opened_at", MOMENT),
        sa.Column("window_sent", sa.Integer, nullable=False),
    )
    op.create_table(
        "conversations",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("contact_id", sa.String, sa.ForeignKey("contacts.id"), nullable=False),
        sa.Column("account_id", sa.String, nullable=False),
        sa.Column("region", sa.String, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("mode", sa.String, nullable=False),
        sa.Column("level", sa.String, nullable=False),
        sa.Column("topic", sa.String, nullable=False),
        sa.Column("owner", sa.String),
        sa.Column("acknowledged_at", MOMENT),
        sa.Column("last_message_at", MOMENT),
        sa.Column("closed_at", MOMENT),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("ix_conversations_contact_id", "conversations", ["contact_id"])
    op.create_index("ix_conversations_owner", "conversations", ["owner"])
    _create_partial_index(
        "uq_conversations_current", "conversations", "contact_id", "mode IN ('bot', 'human', 'waiting')", unique=True
    )


def _create_messages() -> None:
    op.create_table(
        "messages",
        sa.Column("position", SERIAL, primary_key=True),
        sa.Column("id", sa.String, nullable=False, unique=True),
        sa.Column("conversation_id", sa.String, sa.ForeignKey("conversations.id"), nullable=False),
        sa.Column("contact_id", sa.String, sa.ForeignKey("contacts.id"), nullable=False),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("inbound_key", sa.String, unique=True),
        sa.Column("staff_id", sa.String),
        sa.Column("articles", sa.JSON, nullable=False),
        sa.Column("intent", sa.String),
        sa.Column("confidence", sa.Float),
        sa.Column("level", sa.String),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_messages_conversation_id_position", "messages", ["conversation_id", "position"])


def _create_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("sequence", SERIAL, primary_key=True),
        sa.Column("id", sa.String, nullable=False, unique=True),
        sa.Column("message_id", sa.String, sa.ForeignKey("messages.id"), nullable=False),
        sa.Column("conversation_id", sa.String, sa.ForeignKey("conversations.id"), nullable=False),
        sa.Column("contact_id", sa.String, sa.ForeignKey("contacts.id"), nullable=False),
        sa.Column("account_id", sa.String, nullable=False),
        sa.Column("text", sa.LargeBinary, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("inbound_key", sa.String),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("route", sa.String),
        sa.Column("errcode", sa.Integer),
        sa.Column("settled_at", MOMENT),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_deliveries_conversation_id", "deliveries", ["conversation_id"])
    op.create_index("ix_deliveries_inbound_key", "deliveries", ["inbound_key"])
    op.create_index("ix_deliveries_contact_id_status", "deliveries", ["contact_id", "status"])
    _create_partial_index("ix_deliveries_due", "deliveries", "due_at", "status IN ('offered', 'pending', 'sending')")


def _create_handoffs() -> None:
    op.create_table(
        "handoffs",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("conversation_id", sa.String, sa.ForeignKey("conversations.id"), nullable=False),
        sa.Column("contact_id", sa.String, sa.ForeignKey("contacts.id"), nullable=False),
        sa.Column("account_id", sa.String, nullable=False),
        sa.Column("region", sa.String, nullable=False),
        sa.Column("level", sa.String, nullable=False),
        sa.Column("topic", sa.String, nullable=False),
        sa.Column("reasons", sa.JSON, nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("claimed_by", sa.String),
        sa.Column("claimed_at", MOMENT),
        sa.Column("resolved_at", MOMENT),
        sa.Column("disposition", sa.String),
    )
    op.create_index("ix_handoffs_conversation_id", "handoffs", ["conversation_id"])
    _create_partial_index(
        "uq_handoffs_unresolved", "handoffs", "conversation_id", "status IN ('claimed', 'waiting')", unique=True
    )
    _create_partial_index("ix_handoffs_waiting", "handoffs", "requested_at", "status IN ('waiting')")


def _create_cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("number", sa.String, nullable=False, unique=True),
        sa.Column("contact_id", sa.String, sa.ForeignKey("contacts.id"), nullable=False),
        sa.Column("conversation_id", sa.String, sa.ForeignKey("conversations.id"), nullable=False),
        sa.Column("account_id", sa.String, nullable=False),
        sa.Column("region", sa.String, nullable=False),
        sa.Column("topic", sa.String, nullable=False),
        sa.Column("level", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
    )
    op.create_index("ix_cases_contact_id", "cases", ["contact_id"])
    op.create_table(
        "case_years",
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("last_number", sa.Integer, nullable=False),
    )


def _create_staff() -> None:
    op.create_table(
        "staff",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("username", sa.String, nullable=False),
        sa.Column("folded_username", sa.String, nullable=False, unique=True),
        sa.Column("display_name", sa.String, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("password_hash", sa.String, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("scope", sa.JSON, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
    )
    op.create_table(
        "sessions",
        sa.Column("token_digest", sa.String, primary_key=True),
        sa.Column("staff_id", sa.String, sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("csrf_token", sa.String, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
    )


def _create_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("position", SERIAL, primary_key=True),
        sa.Column("id", sa.String, nullable=False, unique=True),
        sa.Column("staff_id", sa.String, nullable=False),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("target", sa.String, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_staff_id", "audit", ["staff_id"])
    op.create_index("ix_audit_at", "audit", ["at"])


def _protect_audit() -> None:
    """Let the database itself refuse to change, delete or empty the audit trail."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_refuse_{verb.lower()} BEFORE {verb} ON audit"
                " BEGIN SELECT RAISE(ABORT, 'the audit trail is append only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION 'the audit trail is append only' USING ERRCODE = 'integrity_constraint_violation';"
        " END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON audit"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
    )


def _create_partial_index(name: str, table: str, column: str, where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, [column], unique=unique, sqlite_where=condition, postgresql_where=condition)
