"""The tables of the desk: alerts, the roster, calls back, notes, canned replies, and sharing between cities."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.tables import UtcDateTime, handoffs, metadata

# `subject` is the id of the handoff, case, visit or account that it is about: each is told of once a kind.
alerts = sa.Table(
    "alerts",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("subject", sa.String, nullable=False),
    sa.Column("account_id", sa.String, nullable=False),
    sa.Column("region", sa.String, nullable=False),
    sa.Column("level", sa.String),
    sa.Column("conversation_id", sa.String),
    sa.Column("case_id", sa.String),
    sa.Column("since", UtcDateTime, nullable=False),
    sa.Column("raised_at", UtcDateTime, nullable=False, index=True),
    sa.Column("cleared_at", UtcDateTime),
    sa.UniqueConstraint("kind", "subject"),
)
STANDING = alerts.c.cleared_at.is_(None)
waits_since = sa.case(
    (handoffs.c.answered_at.is_(None), handoffs.c.requested_at),
    else_=sa.func.coalesce(handoffs.c.queued_at, handoffs.c.requested_at),
)
"""`Handoff.waits_since`."""
sa.Index("ix_alerts_standing", alerts.c.kind, sqlite_where=STANDING, postgresql_where=STANDING)

# How far each robot was told of each alert; `robot` is a digest of its address, which is a secret.
tellings = sa.Table(
    "tellings",
    metadata,
    sa.Column("alert_id", sa.ForeignKey("alerts.id"), primary_key=True),
    sa.Column("robot", sa.String, primary_key=True),
    sa.Column("tried_at", UtcDateTime, nullable=False),
    sa.Column("next_try_at", UtcDateTime, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("told_at", UtcDateTime),
    sa.Column("trouble", sa.String),
    sa.Index("ix_tellings_robot", "robot", "tried_at"),
)

# `day` is a weekday 0 to 6, `holiday`, or a date; `starts` and `ends` are minutes of that day.
shifts = sa.Table(
    "shifts",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("staff_id", sa.ForeignKey("staff.id"), nullable=False, index=True),
    sa.Column("day", sa.String, nullable=False, index=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("starts", sa.Integer, nullable=False),
    sa.Column("ends", sa.Integer, nullable=False),
)

# The number, when it is safe, and what may be said to others are sealed.
call_backs = sa.Table(
    "call_backs",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("contact_id", sa.ForeignKey("contacts.id"), nullable=False, index=True),
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("account_id", sa.String, nullable=False),
    sa.Column("region", sa.String, nullable=False),
    sa.Column("level", sa.String, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("asked_at", UtcDateTime, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("settled_at", UtcDateTime, index=True),
    sa.Column("settled_by", sa.String),
    sa.Column("outcome", sa.String),
    sa.Column("due_at", UtcDateTime),
    sa.Column("first_called_at", UtcDateTime),
    sa.Column("late", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("dialled_by", sa.String),
    sa.Column("dialled_at", UtcDateTime),
)

# What the office notes about her is sealed; `staff_id` is None where the house itself noted something.
notes = sa.Table(
    "notes",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), nullable=False, index=True),
    sa.Column("contact_id", sa.ForeignKey("contacts.id"), nullable=False, index=True),
    sa.Column("staff_id", sa.String),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

# Without `staff_id` everybody's.
canned_replies = sa.Table(
    "canned_replies",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("staff_id", sa.ForeignKey("staff.id"), index=True),
    sa.Column("title", sa.String, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
)

# `contact_id` lets the city of `with_contact_id` read her cases; before that it is a code that she may carry there.
shares = sa.Table(
    "shares",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("contact_id", sa.ForeignKey("contacts.id"), nullable=False, index=True),
    sa.Column("code_digest", sa.String, unique=True),
    sa.Column("asked_at", UtcDateTime, nullable=False),
    sa.Column("with_contact_id", sa.ForeignKey("contacts.id"), index=True),
    sa.Column("used_at", UtcDateTime),
    sa.Column("agreed_at", UtcDateTime),
    sa.Column("ended_at", UtcDateTime),
)

# Codes that nobody gave out, so that guessing ends.
wrong_codes = sa.Table(
    "wrong_codes",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("contact_id", sa.ForeignKey("contacts.id"), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Index("ix_wrong_codes_contact_id", "contact_id", "at"),
)
