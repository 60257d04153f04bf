"""A message between gateway and worker: sealed JSON."""

from __future__ import annotations

import json
from datetime import datetime

from bot.conversation.content import content_from_json, content_to_json
from bot.conversation.errors import InvalidData
from bot.conversation.messages import Inbound
from bot.conversation.ports import Sealer


def seal_inbound(inbound: Inbound, sealer: Sealer) -> bytes:
    """The message as bytes that tell nothing without the key."""
    fields = {
        "key": inbound.key,
        "mailbox": inbound.mailbox,
        "account_id": inbound.account_id,
        "openid": inbound.openid,
        "content": content_to_json(inbound.content),
        "sent_at": inbound.sent_at.isoformat(),
        "received_at": inbound.received_at.isoformat(),
        "urgent": inbound.urgent,
    }
    return sealer.seal(json.dumps(fields, ensure_ascii=False).encode())


def open_inbound(sealed: bytes, sealer: Sealer) -> Inbound:
    """The message again; raises InvalidData."""
    try:
        fields = json.loads(sealer.open(sealed))
        return Inbound(
            key=fields["key"],
            mailbox=fields["mailbox"],
            account_id=fields["account_id"],
            openid=fields["openid"],
            content=content_from_json(fields["content"]),
            sent_at=datetime.fromisoformat(fields["sent_at"]),
            received_at=datetime.fromisoformat(fields["received_at"]),
            urgent=fields["urgent"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidData(f"stored message: {type(error).__name__}") from None
