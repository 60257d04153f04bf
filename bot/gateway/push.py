"""From a request of the platform to a message that may be believed: fresh, signed, decrypted, opened."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.conversation.accounts import Account, EncryptionMode
from bot.gateway.crypto import Cipher, check_signature, decrypt
from bot.gateway.fields import Fields
from bot.gateway.markup import open_document
from bot.gateway.refusal import Reason, Refusal

_TIMESTAMP = re.compile(r"[0-9]{1,10}")


@dataclass(frozen=True, slots=True)
class Push:
    """One verified message or event, with what its passive reply needs; `cipher` is None in plain mode.

    `request` is a digest of the request that carried it.
    """

    fields: Fields = field(repr=False)
    cipher: Cipher | None
    nonce: str
    request: str


def verify_address(account: Account, query: Mapping[str, str], now: datetime, fresh: timedelta) -> str:
    """The `echostr` by which the platform learns that the address is ours; raises Refusal."""
    signature, timestamp, nonce, echostr = _asked(query, ("signature", "timestamp", "nonce", "echostr"), now, fresh)
    check_signature(signature, account.token, timestamp, nonce)
    return echostr


def open_push(account: Account, query: Mapping[str, str], body: bytes, now: datetime, fresh: timedelta) -> Push:
    """The message in a request, in the account's mode; raises Refusal.

    `fresh` is how far its timestamp may be from our clock: a request caught on the way is useless afterwards. In the
    encrypted modes only the encrypted part is believed, and its signature covers the body. In plain mode the platform
    signs nothing but the time; there `request` lets the inbox refuse another message under the same signature. A
    signature that was seen on the way, and brought nothing to the inbox (a page opened, the address verified), is not
    known there: whoever can read the traffic can still forge one message with it while it is fresh.
    """
    signature, timestamp, nonce = admit(account, query, now, fresh)
    if account.mode is EncryptionMode.PLAIN:
        return Push(read(_decoded(body)), None, nonce, _digest(account, signature))
    envelope = Fields(open_document(_decoded(body)))
    encrypted = envelope.optional("Encrypt")
    if encrypted is None:
        raise Refusal(Reason.NOT_ENCRYPTED)
    check_signature(signature, account.token, timestamp, nonce, encrypted)
    text, cipher = decrypt(account, encrypted)
    fields = read(text)
    if envelope.optional("ToUserName") not in (None, fields.needed("ToUserName")):
        raise Refusal(Reason.FOREIGN)
    return Push(fields, cipher, nonce, _digest(account, signature))


def admit(account: Account, query: Mapping[str, str], now: datetime, fresh: timedelta) -> list[str]:
    """The signature, timestamp and nonce that stand for a push in the account's mode; raises Refusal.

    What can be seen without the body, so that nobody's body is waited for who cannot be the platform.
    """
    if account.mode is not EncryptionMode.PLAIN:
        return _asked(query, ("msg_signature", "timestamp", "nonce"), now, fresh)
    asked = _asked(query, ("signature", "timestamp", "nonce"), now, fresh)
    check_signature(asked[0], account.token, *asked[1:])
    return asked


def read(text: str) -> Fields:
    """The fields of a message, which names the account that it is for; raises Refusal."""
    fields = Fields(open_document(text))
    fields.needed("ToUserName")
    return fields


def _digest(account: Account, signature: str) -> str:
    """The signature stands for timestamp and nonce: a digit moved from one to the other would not change it."""
    return hashlib.sha256(f"{account.id}\n{signature}".encode()).hexdigest()[:32]


def _asked(query: Mapping[str, str], names: tuple[str, ...], now: datetime, fresh: timedelta) -> list[str]:
    """The parameters of these names, all present, the timestamp fresh; raises Refusal."""
    values = [query.get(name, "") for name in names]
    timestamp = query.get("timestamp", "")
    if not all(values) or not _TIMESTAMP.fullmatch(timestamp):
        raise Refusal(Reason.INCOMPLETE_QUERY)
    if abs(now.timestamp() - int(timestamp)) > fresh.total_seconds():
        raise Refusal(Reason.STALE)
    return values


def _decoded(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise Refusal(Reason.BAD_XML) from None
