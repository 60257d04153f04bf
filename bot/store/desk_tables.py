"""The tables of the desk: alerts, the roster, calls back, notes, canned replies, and sharing between cities."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.tables import UtcDateTime, metadata

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
    sa.Column("raised_at", UtcDateTime, nullable=False, index=True),
    sa.Column("cleared_at", UtcDateTime),
    sa.Column("told_at", UtcDateTime),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("next_try_at", UtcDateTime),
    sa.UniqueConstraint("kind", "subject"),
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
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.Column("with_contact_id", sa.ForeignKey("contacts.id"), index=True),
    sa.Column("agreed_at", UtcDateTime),
    sa.Column("ended_at", UtcDateTime),
)
