"""Messages as the gateway hands them in."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.conversation.content import Content, Text
from bot.conversation.messages import Inbound

NOW = datetime(2026, 3, 8, 9, 30, 15, tzinfo=UTC)
OPENID = "oW3c-hAt0penId4Tests"


def an_inbound(key: str, mailbox: str = "hers", *, urgent: bool = False, content: Content | None = None) -> Inbound:
    """A message of a person; its words are its key."""
    return Inbound(
        key=key,
        mailbox=mailbox,
        account_id="hunan",
        openid=OPENID,
        content=content or Text(key),
        sent_at=NOW,
        received_at=NOW,
        urgent=urgent,
    )
