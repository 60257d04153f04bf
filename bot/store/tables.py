"""The tables, and the conditions that are part of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import sqlalchemy as sa

from bot.conversation.cases import CaseStatus
from bot.conversation.conversations import Mode
from bot.conversation.errors import InvalidData
from bot.conversation.handoffs import HandoffStatus
from bot.conversation.levels import Level
from bot.conversation.media import MediaStatus
from bot.conversation.messages import OPEN_DELIVERIES


class UtcDateTime(sa.TypeDecorator[datetime]):
    """A moment with zone, in UTC on both databases; refuses one without zone (InvalidData)."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """To UTC; SQLite, which knows no zones, then keeps the bare digits."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise InvalidData("a datetime without zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """With UTC as its zone, however the database answers."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

# SQLite gives numbers by itself only to a key that is declared INTEGER.
_Serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _among(column: sa.ColumnElement[str], values: Iterable[str]) -> sa.ColumnElement[bool]:
    """The column is one of our own codes, written out: SQLite uses a partial index only for its very words."""
    return column.in_([sa.literal_column(f"'{value}'") for value in sorted(values)])


def urgency(table: sa.FromClause) -> sa.ColumnElement[int]:
    """The rank of this row's level: the larger, the more urgent."""
    return sa.case({level.value: level.rank for level in Level}, value=table.c.level)


contacts = sa.Table(
    "contacts",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("account_id", sa.String, nullable=False),
    sa.Column("mailbox", sa.String, nullable=False, unique=True),
    sa.Column("openid", sa.LargeBinary, nullable=False),
    sa.Column("first_seen_at", UtcDateTime, nullable=False),
    sa.Column("following", sa.Boolean, nullable=False),
    sa.Column("window_scene", sa.String),
    sa.Column("window_opened_at", UtcDateTime),
    sa.Column("window_sent", sa.Integer, nullable=False),
    sa.Column("region", sa.String),
    sa.Column("refusal", sa.Integer),
    sa.Column("erase_asked_at", UtcDateTime),
    sa.Column("erased_at", UtcDateTime),
    sa.Column("safe_word", sa.LargeBinary),
    sa.Column("hidden_at", UtcDateTime),
    *(sa.Column(name, sa.LargeBinary) for name in ("name", "phone")),
)
TO_ERASE = sa.and_(contacts.c.erase_asked_at.is_not(None), contacts.c.erased_at.is_(None))
sa.Index("ix_contacts_to_erase", contacts.c.erase_asked_at, sqlite_where=TO_ERASE, postgresql_where=TO_ERASE)

conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("contact_id", sa.ForeignKey("contacts.id"), nullable=False, index=True),
    sa.Column("account_id", sa.String, nullable=False),
    sa.Column("region", sa.String, nullable=False),
    sa.Column("opened_at", UtcDateTime, nullable=False),
    sa.Column("mode", sa.String, nullable=False),
    sa.Column("level", sa.String, nullable=False),
    sa.Column("topic", sa.String, nullable=False),
    sa.Column("owner", sa.String, index=True),
    sa.Column("acknowledged_at", UtcDateTime),
    sa.Column("last_message_at", UtcDateTime),
    sa.Column("closed_at", UtcDateTime),
    sa.Column("version", sa.Integer, nullable=False),
)
CURRENT = _among(conversations.c.mode, set(Mode) - {Mode.CLOSED})
sa.Index(
    "uq_conversations_current",
    conversations.c.contact_id,
    unique=True,
    sqlite_where=CURRENT,
    postgresql_where=CURRENT,
)

messages = sa.Table(
    "messages",
    metadata,
    sa.Column("position", _Serial, primary_key=True),
    sa.Column("id", sa.String, nullable=False, unique=True),
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("contact_id", sa.ForeignKey("contacts.id"), nullable=False),
    sa.Column("author", sa.String, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("inbound_key", sa.String, unique=True),
    sa.Column("staff_id", sa.String),
    sa.Column("articles", sa.JSON, nullable=False),
    sa.Column("intent", sa.String),
    sa.Column("confidence", sa.Float),
    sa.Column("level", sa.String),
    sa.Column("reasons", sa.JSON),
    sa.Index(None, "conversation_id", "position"),
    sqlite_autoincrement=True,
)
BY_STAFF = messages.c.staff_id.is_not(None)
sa.Index("ix_messages_staff_id", messages.c.staff_id, sqlite_where=BY_STAFF, postgresql_where=BY_STAFF)

deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("sequence", _Serial, primary_key=True),
    sa.Column("id", sa.String, nullable=False, unique=True),
    sa.Column("message_id", sa.ForeignKey("messages.id"), nullable=False),
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), nullable=False, index=True),
    sa.Column("contact_id", sa.ForeignKey("contacts.id"), nullable=False),
    sa.Column("account_id", sa.String, nullable=False),
    # Of kind text the content is the bare words, as the first version kept them; of other kinds it is JSON.
    sa.Column("kind", sa.String, nullable=False, server_default="text"),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("due_at", UtcDateTime, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("inbound_key", sa.String, index=True),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("route", sa.String),
    sa.Column("errcode", sa.Integer),
    sa.Column("settled_at", UtcDateTime),
    sa.Column("by_assistant", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("uploaded_id", sa.String),
    sa.Column("uploaded_until", UtcDateTime),
    sa.Index(None, "contact_id", "status"),
    sqlite_autoincrement=True,
)


def undecided(table: sa.FromClause) -> sa.ColumnElement[bool]:
    """This delivery, of the table or an alias of it, holds up the later ones of its contact."""
    return _among(table.c.status, OPEN_DELIVERIES)


UNDECIDED = undecided(deliveries)
sa.Index("ix_deliveries_due", deliveries.c.due_at, sqlite_where=UNDECIDED, postgresql_where=UNDECIDED)

media = sa.Table(
    "media",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("message_id", sa.ForeignKey("messages.id"), nullable=False, unique=True),
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), nullable=False, index=True),
    sa.Column("contact_id", sa.ForeignKey("contacts.id"), nullable=False, index=True),
    sa.Column("account_id", sa.String, nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("received_at", UtcDateTime, nullable=False),
    sa.Column("due_at", UtcDateTime, nullable=False),
    sa.Column("platform_id", sa.String),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("content_type", sa.String),
    sa.Column("size", sa.Integer),
    sa.Column("sha256", sa.String),
    sa.Column("stored_at", UtcDateTime),
    sa.Column("reason", sa.String),
    sa.Column("transcribed", sa.Boolean, nullable=False),
)
TO_FETCH = _among(media.c.status, {MediaStatus.PENDING})
TO_TRANSCRIBE = sa.and_(
    _among(media.c.status, {MediaStatus.STORED, MediaStatus.REFUSED, MediaStatus.LOST}), ~media.c.transcribed
)
sa.Index("ix_media_to_fetch", media.c.due_at, sqlite_where=TO_FETCH, postgresql_where=TO_FETCH)
sa.Index("ix_media_to_transcribe", media.c.due_at, sqlite_where=TO_TRANSCRIBE, postgresql_where=TO_TRANSCRIBE)

# Apart from `media`, so that a list of files never drags their megabytes along.
media_bodies = sa.Table(
    "media_bodies",
    metadata,
    sa.Column("media_id", sa.ForeignKey("media.id"), primary_key=True),
    sa.Column("playable", sa.Boolean, primary_key=True),
    sa.Column("content_type", sa.String, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
)

consents = sa.Table(
    "consents",
    metadata,
    sa.Column("contact_id", sa.ForeignKey("contacts.id"), primary_key=True),
    sa.Column("template_id", sa.String, primary_key=True),
    sa.Column("left", sa.Integer, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
)

alarms = sa.Table(
    "alarms",
    metadata,
    sa.Column("account_id", sa.String, primary_key=True),
    sa.Column("kind", sa.String, primary_key=True),
    sa.Column("detail", sa.String, primary_key=True),
    sa.Column("since", UtcDateTime, nullable=False),
    sa.Column("seen_at", UtcDateTime, nullable=False),
)

article_versions = sa.Table(
    "article_versions",
    metadata,
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("version", sa.String, primary_key=True),
    sa.Column("title", sa.String, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("first_seen_at", UtcDateTime, nullable=False),
)

handoffs = sa.Table(
    "handoffs",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), nullable=False, index=True),
    sa.Column("contact_id", sa.ForeignKey("contacts.id"), nullable=False),
    sa.Column("account_id", sa.String, nullable=False),
    sa.Column("region", sa.String, nullable=False),
    sa.Column("level", sa.String, nullable=False),
    sa.Column("topic", sa.String, nullable=False),
    sa.Column("reasons", sa.JSON, nullable=False),
    sa.Column("requested_at", UtcDateTime, nullable=False),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("claimed_by", sa.String),
    sa.Column("claimed_at", UtcDateTime),
    sa.Column("resolved_at", UtcDateTime),
    sa.Column("disposition", sa.String),
    sa.Column("skill", sa.String),
    sa.Column("to_staff", sa.String),
    sa.Column("queued_at", UtcDateTime),
    sa.Column("answered_at", UtcDateTime),
    sa.Column("lost_by", sa.String),
    sa.Column("lost_at", UtcDateTime),
)
UNRESOLVED = _among(handoffs.c.status, set(HandoffStatus) - {HandoffStatus.RESOLVED})
WAITING = _among(handoffs.c.status, {HandoffStatus.WAITING})
CLAIMED = _among(handoffs.c.status, {HandoffStatus.CLAIMED})
sa.Index("ix_handoffs_in_hand", handoffs.c.claimed_by, sqlite_where=CLAIMED, postgresql_where=CLAIMED)
sa.Index(
    "uq_handoffs_unresolved",
    handoffs.c.conversation_id,
    unique=True,
    sqlite_where=UNRESOLVED,
    postgresql_where=UNRESOLVED,
)
sa.Index(
    "ix_handoffs_waiting",
    *(handoffs.c.level, handoffs.c.requested_at, handoffs.c.account_id, handoffs.c.region),  # counted from here alone
    sqlite_where=WAITING,
    postgresql_where=WAITING,
)
sa.Index("ix_handoffs_kept", handoffs.c.to_staff, sqlite_where=WAITING, postgresql_where=WAITING)

_STAGES = (
    *("told_at", "accepted_at", "routed_at", "followed_at", "answered_at", "extended_at"),
    *("reopened_at", "redone_at", "report_since", "reported_at", "checked_at"),
)
cases = sa.Table(
    "cases",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("number", sa.String, nullable=False, unique=True),
    sa.Column("contact_id", sa.ForeignKey("contacts.id"), nullable=False, index=True),
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("account_id", sa.String, nullable=False),
    sa.Column("region", sa.String, nullable=False),
    sa.Column("topic", sa.String, nullable=False),
    sa.Column("level", sa.String, nullable=False),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("referrals", sa.JSON),
    sa.Column("opened_at", UtcDateTime, nullable=False, index=True),
    sa.Column("updated_at", UtcDateTime, nullable=False),
    *(sa.Column(name, sa.String) for name in ("agency", "handler")),
    sa.Column("due_on", sa.Date),
    *(sa.Column(name, UtcDateTime) for name in _STAGES),
    sa.Column("check_passed", sa.Boolean),
)

ON_FILE = _among(cases.c.status, set(CaseStatus) - {CaseStatus.ARCHIVED})
REOPENED = _among(cases.c.status, {CaseStatus.REOPENED})
sa.Index("ix_cases_reopened", cases.c.handler, sqlite_where=REOPENED, postgresql_where=REOPENED)

# What she answered is sealed.
flows = sa.Table(
    "flows",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("contact_id", sa.ForeignKey("contacts.id"), nullable=False, index=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("answers", sa.LargeBinary, nullable=False),
    sa.Column("begun_at", UtcDateTime, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
    sa.Index(None, "conversation_id", "name"),
)

links = sa.Table(
    "links",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("digest", sa.String, nullable=False, unique=True),
    sa.Column("contact_id", sa.ForeignKey("contacts.id"), nullable=False, index=True),
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("purpose", sa.String, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.Column("flow_id", sa.ForeignKey("flows.id")),
    sa.Column("opened_at", UtcDateTime),
)

case_years, drill_years = (  # drills leave no gap in the numbers of real cases
    sa.Table(
        name,
        metadata,
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("last_number", sa.Integer, nullable=False),
    )
    for name in ("case_years", "drill_years")
)

staff = sa.Table(
    "staff",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("username", sa.String, nullable=False),
    # Folded by us: SQLite's lower() knows only ASCII, and PostgreSQL's depends on its locale.
    sa.Column("folded_username", sa.String, nullable=False, unique=True),
    sa.Column("display_name", sa.String, nullable=False),
    sa.Column("role", sa.String, nullable=False),
    sa.Column("password_hash", sa.String, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("scope", sa.JSON, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("skills", sa.JSON),
    sa.Column("max_chats", sa.Integer),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("token_digest", sa.String, primary_key=True),
    sa.Column("staff_id", sa.ForeignKey("staff.id"), nullable=False),
    sa.Column("csrf_token", sa.String, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.Column("drilling", sa.Boolean, nullable=False, server_default=sa.false()),
)

# The secret is sealed, the recovery codes are digests.
second_factors = sa.Table(
    "second_factors",
    metadata,
    sa.Column("staff_id", sa.ForeignKey("staff.id"), primary_key=True),
    sa.Column("secret", sa.LargeBinary, nullable=False),
    sa.Column("since", UtcDateTime, nullable=False),
    sa.Column("confirmed", sa.Boolean, nullable=False),
    sa.Column("last_step", sa.BigInteger, nullable=False),
    sa.Column("recovery", sa.JSON, nullable=False),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("position", _Serial, primary_key=True),
    sa.Column("id", sa.String, nullable=False, unique=True),
    sa.Column("staff_id", sa.String, nullable=False, index=True),
    sa.Column("action", sa.String, nullable=False),
    sa.Column("target", sa.String, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False, index=True),
    # Covers the entry and the one before it; one without is a break of the chain.
    sa.Column("hash", sa.String),
    sqlite_autoincrement=True,
)
