"""Pictures, voice and video: fetched from the platform before they die there, and kept as evidence."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class MediaKind(StrEnum):
    """What it is; the platform's own names."""

    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"


class MediaStatus(StrEnum):
    """How far its keeping has come."""

    PENDING = "pending"
    """Still to be fetched; looked at when `due_at` has come."""
    STORED = "stored"
    REFUSED = "refused"
    """Too large, or not what it says it is."""
    LOST = "lost"
    """The platform no longer has it, or never gave it."""
    ERASED = "erased"


@dataclass(slots=True)
class Media:
    """One file of a conversation, hers or ours; its bytes are kept beside it (`Body`).

    `platform_id` is the platform's name of it, for three days (wechat.md section 7). `sha256` (hex) is of the bytes as
    they came, `stored_at` when they came; `reason` is a code, set when it could not be kept. `transcribed` tells that
    its transcript was given to the inbox, or that none is wanted.
    """

    id: str
    message_id: str
    conversation_id: str
    contact_id: str
    account_id: str
    kind: MediaKind
    status: MediaStatus
    received_at: datetime
    due_at: datetime
    platform_id: str | None = None
    attempts: int = 0
    content_type: str | None = None
    size: int | None = None
    sha256: str | None = None
    stored_at: datetime | None = None
    reason: str | None = None
    transcribed: bool = True


@dataclass(frozen=True, slots=True)
class Body:
    """The bytes of a file with their type, such as image/jpeg."""

    content_type: str
    data: bytes = field(repr=False)
