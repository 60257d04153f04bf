"""What lies in Redis between gateway and worker: sealed JSON."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

from bot.conversation.content import content_to_json, inbound_from_json, outgoing_from_json
from bot.conversation.errors import InvalidData
from bot.conversation.messages import Inbound
from bot.conversation.ports import DeadLetter, Sealer, Slot


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
            content=inbound_from_json(fields["content"]),
            sent_at=datetime.fromisoformat(fields["sent_at"]),
            received_at=datetime.fromisoformat(fields["received_at"]),
            urgent=fields["urgent"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidData(f"stored message: {type(error).__name__}") from None


def digest(inbound: Inbound) -> str:
    """What tells the message from another one, also from one of the same number with other words."""
    told = [inbound.key, inbound.openid, inbound.sent_at.isoformat(), content_to_json(inbound.content)]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def dead_letter(key: str, letter: bytes, sealer: Sealer) -> DeadLetter:
    """What may be told of a dead letter, also of one that no key opens."""
    about, sealed = letter.split(b"\n", 1)
    header = json.loads(about)
    buried_at = datetime.fromtimestamp(header["buried_ms"] / 1000, UTC)
    try:
        inbound = open_inbound(sealed, sealer)
        kind, received_at = inbound.content.kind, inbound.received_at
    except InvalidData:
        kind, received_at = "unreadable", buried_at
    return DeadLetter(
        key=key,
        account_id=key.split(":", 1)[0],
        kind=kind,
        urgent=header["urgent"],
        received_at=received_at,
        buried_at=buried_at,
        reason=header["reason"],
    )


def seal_slot(slot: Slot, sealer: Sealer) -> bytes:
    """A reply that is held out; b"" for nothing to say."""
    if slot.reply is None:
        return b""
    fields = {"reply": content_to_json(slot.reply), "uploaded_id": slot.uploaded_id}
    return sealer.seal(json.dumps(fields, ensure_ascii=False).encode())


def open_slot(sealed: bytes, sealer: Sealer) -> Slot:
    """The reply again; raises InvalidData."""
    fields = json.loads(sealer.open(sealed))
    return Slot(outgoing_from_json(fields["reply"]), fields["uploaded_id"])
