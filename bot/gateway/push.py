"""From a request of the platform to a message that may be believed: fresh, signed, decrypted, parsed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from xml.parsers.expat import ExpatError

from wechatpy.messages import BaseMessage, TextMessage
from wechatpy.parser import parse_message

from bot.conversation.accounts import Account, EncryptionMode
from bot.gateway.crypto import Cipher, check_signature, decrypt
from bot.gateway.markup import open_document
from bot.gateway.refusal import Reason, Refusal

FRESH = timedelta(minutes=5)
"""How far the timestamp of a request may be from our clock; a request caught on the way is useless afterwards."""

_TIMESTAMP = re.compile(r"[0-9]{1,10}")
_PARSER_ERRORS = (LookupError, AttributeError, TypeError, ValueError, ExpatError)
"""What wechatpy's parser lets through for well-formed XML that is no message (wechat.md section 10)."""


@dataclass(frozen=True, slots=True)
class Push:
    """One verified message or event, with what its passive reply needs; `cipher` is None in plain mode."""

    message: BaseMessage = field(repr=False)
    cipher: Cipher | None
    nonce: str


def verify_address(account: Account, query: Mapping[str, str], now: datetime) -> str:
    """The `echostr` by which the platform learns that the address is ours; raises Refusal."""
    signature, timestamp, nonce, echostr = _asked(query, ("signature", "timestamp", "nonce", "echostr"), now)
    check_signature(signature, account.token, timestamp, nonce)
    return echostr


def open_push(account: Account, query: Mapping[str, str], body: bytes, now: datetime) -> Push:
    """The message in a request, in the account's mode; raises Refusal.

    In the encrypted modes only the encrypted part is believed, and its signature covers the body. In plain mode the
    platform signs nothing but the time, so that whoever sees one request can forge others for `FRESH`.
    """
    if account.mode is EncryptionMode.PLAIN:
        signature, timestamp, nonce = _asked(query, ("signature", "timestamp", "nonce"), now)
        check_signature(signature, account.token, timestamp, nonce)
        return Push(read_message(_decoded(body)), None, nonce)
    signature, timestamp, nonce = _asked(query, ("msg_signature", "timestamp", "nonce"), now)
    envelope = open_document(_decoded(body))
    encrypted = (envelope.findtext("Encrypt") or "").strip()
    if not encrypted:
        raise Refusal(Reason.NOT_ENCRYPTED)
    check_signature(signature, account.token, timestamp, nonce, encrypted)
    text, cipher = decrypt(account, encrypted)
    message = read_message(text)
    if envelope.findtext("ToUserName", message.target) != message.target:
        raise Refusal(Reason.FOREIGN)
    return Push(message, cipher, nonce)


def read_message(text: str) -> BaseMessage:
    """wechatpy's message or event of this XML, its words as she typed them; raises Refusal."""
    document = open_document(text)
    try:
        message: Any = parse_message(text)
    except _PARSER_ERRORS:
        raise Refusal(Reason.BAD_MESSAGE) from None
    if isinstance(message, TextMessage):
        message.content = document.findtext("Content")  # the parser strips white space
    return message


def _asked(query: Mapping[str, str], names: tuple[str, ...], now: datetime) -> list[str]:
    """The parameters of these names, all present, the timestamp fresh; raises Refusal."""
    values = [query.get(name, "") for name in names]
    timestamp = query.get("timestamp", "")
    if not all(values) or not _TIMESTAMP.fullmatch(timestamp):
        raise Refusal(Reason.INCOMPLETE_QUERY)
    if abs(now.timestamp() - int(timestamp)) > FRESH.total_seconds():
        raise Refusal(Reason.STALE)
    return values


def _decoded(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise Refusal(Reason.BAD_XML) from None
