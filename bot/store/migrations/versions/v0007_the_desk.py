"""The desk: the queue's routing, alerts, the roster, calls back, notes, canned replies, checks and sharing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add tables, and columns in place."""
    for name, kind in (("skill", sa.String), ("to_staff", sa.String), ("queued_at", MOMENT), ("answered_at", MOMENT)):
        op.add_column("handoffs", sa.Column(name, kind))
    op.add_column("handoffs", sa.Column("lost_by", sa.String))
    op.add_column("handoffs", sa.Column("lost_at", MOMENT))
    claimed = sa.text("status IN ('claimed')")
    op.create_index("ix_handoffs_in_hand", "handoffs", ["claimed_by"], sqlite_where=claimed, postgresql_where=claimed)
    by_staff = sa.text("staff_id IS NOT NULL")
    op.create_index("ix_messages_staff_id", "messages", ["staff_id"], sqlite_where=by_staff, postgresql_where=by_staff)
    op.add_column("staff", sa.Column("skills", sa.JSON))
    op.add_column("staff", sa.Column("max_chats", sa.Integer))
    op.add_column("messages", sa.Column("reasons", sa.JSON))
    op.add_column("contacts", sa.Column("name", sa.LargeBinary))
    op.add_column("contacts", sa.Column("phone", sa.LargeBinary))
    op.add_column("cases", sa.Column("checked_at", MOMENT))
    op.add_column("cases", sa.Column("check_passed", sa.Boolean))
    for create in (_waiting, _alerts, _shifts, _call_backs, _notes, _canned_replies, _shares, _drill_years):
        create()


def _waiting() -> None:
    waiting = sa.text("status IN ('waiting')")
    op.drop_index("ix_handoffs_waiting", "handoffs")
    for name, columns in (
        ("ix_handoffs_waiting", ["level", "requested_at", "account_id", "region"]),
        ("ix_handoffs_kept", ["to_staff"]),
    ):
        op.create_index(name, "handoffs", columns, sqlite_where=waiting, postgresql_where=waiting)


def _alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("account_id", sa.String, nullable=False),
        sa.Column("region", sa.String, nullable=False),
        sa.Column("level", sa.String),
        sa.Column("conversation_id", sa.String),
        sa.Column("case_id", sa.String),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("raised_at", MOMENT, nullable=False),
        sa.Column("cleared_at", MOMENT),
        sa.UniqueConstraint("kind", "subject", name="uq_alerts_kind_subject"),
    )
    op.create_index("ix_alerts_raised_at", "alerts", ["raised_at"])
    standing = sa.text("cleared_at IS NULL")
    op.create_index("ix_alerts_standing", "alerts", ["kind"], sqlite_where=standing, postgresql_where=standing)
    op.create_table(
        "tellings",
        sa.Column("alert_id", sa.String, sa.ForeignKey("alerts.id"), primary_key=True),
        sa.Column("robot", sa.String, primary_key=True),
        sa.Column("tried_at", MOMENT, nullable=False),
        sa.Column("next_try_at", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("told_at", MOMENT),
        sa.Column("trouble", sa.String),
    )
    op.create_index("ix_tellings_robot", "tellings", ["robot", "tried_at"])


def _shifts() -> None:
    op.create_table(
        "shifts",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("staff_id", sa.String, sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("day", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("starts", sa.Integer, nullable=False),
        sa.Column("ends", sa.Integer, nullable=False),
    )
    op.create_index("ix_shifts_staff_id", "shifts", ["staff_id"])
    op.create_index("ix_shifts_day", "shifts", ["day"])


def _call_backs() -> None:
    op.create_table(
        "call_backs",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("contact_id", sa.String, sa.ForeignKey("contacts.id"), nullable=False),
        sa.Column("conversation_id", sa.String, sa.ForeignKey("conversations.id"), nullable=False),
        sa.Column("account_id", sa.String, nullable=False),
        sa.Column("region", sa.String, nullable=False),
        sa.Column("level", sa.String, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("settled_at", MOMENT),
        sa.Column("settled_by", sa.String),
        sa.Column("outcome", sa.String),
    )
    op.create_index("ix_call_backs_contact_id", "call_backs", ["contact_id"])
    op.create_index("ix_call_backs_settled_at", "call_backs", ["settled_at"])


def _notes() -> None:
    op.create_table(
        "notes",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("conversation_id", sa.String, sa.ForeignKey("conversations.id"), nullable=False),
        sa.Column("contact_id", sa.String, sa.ForeignKey("contacts.id"), nullable=False),
        sa.Column("staff_id", sa.String),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_notes_conversation_id", "notes", ["conversation_id"])
    op.create_index("ix_notes_contact_id", "notes", ["contact_id"])


def _canned_replies() -> None:
    op.create_table(
        "canned_replies",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("staff_id", sa.String, sa.ForeignKey("staff.id")),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
    )
    op.create_index("ix_canned_replies_staff_id", "canned_replies", ["staff_id"])


def _shares() -> None:
    op.create_table(
        "shares",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("contact_id", sa.String, sa.ForeignKey("contacts.id"), nullable=False),
        sa.Column("code_digest", sa.String, unique=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("with_contact_id", sa.String, sa.ForeignKey("contacts.id")),
        sa.Column("used_at", MOMENT),
        sa.Column("agreed_at", MOMENT),
        sa.Column("ended_at", MOMENT),
    )
    op.create_index("ix_shares_contact_id", "shares", ["contact_id"])
    op.create_index("ix_shares_with_contact_id", "shares", ["with_contact_id"])
    op.create_table(
        "wrong_codes",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("contact_id", sa.String, sa.ForeignKey("contacts.id"), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_index("ix_wrong_codes_contact_id", "wrong_codes", ["contact_id", "at"])


def _drill_years() -> None:
    op.create_table(
        "drill_years",
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("last_number", sa.Integer, nullable=False),
    )
