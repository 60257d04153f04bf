"""Encrypts what is stored, and makes the keyed digest by which a person is found again."""

from __future__ import annotations

import hmac
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.conversation.errors import InvalidData

_MAILBOX_HEX_DIGITS = 32


class FernetSealer:
    """Fernet (AES-128-CBC with HMAC-SHA256) under several keys: the first seals, any of them opens.

    `keys` are url-safe base64 of 32 bytes, the newest first; `index_secret` must never change, for the mailboxes
    and the audit trail depend on it. Raises InvalidData for a malformed key, or none.
    """

    def __init__(self, keys: Sequence[str], index_secret: str) -> None:
        if not keys or not index_secret:
            raise InvalidData("encryption needs a key and an index secret")
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError:
            raise InvalidData("an encryption key is not url-safe base64 of 32 bytes") from None
        self._index_key = _derived(index_secret, b"niangjia mailbox")
        self._tag_key = _derived(index_secret, b"niangjia tag")

    def seal(self, clear: bytes) -> bytes:
        """Encrypt with the newest key."""
        return self._fernet.encrypt(clear)

    def open(self, sealed: bytes) -> bytes:
        """Decrypt with any of the keys; raises InvalidData if none fits."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken:
            raise InvalidData("no key opens a sealed value") from None

    def mailbox(self, account_id: str, openid: str) -> str:
        """The keyed digest that names this person on this account: 32 hex digits."""
        account = account_id.encode()
        # The length first: no other pair of account and OpenID makes the same bytes.
        named = len(account).to_bytes(4, "big") + account + openid.encode()
        return hmac.digest(self._index_key, named, "sha256").hex()[:_MAILBOX_HEX_DIGITS]

    def tag(self, clear: bytes) -> str:
        """The keyed digest of this: HMAC-SHA256, 64 hex digits."""
        return hmac.digest(self._tag_key, clear, "sha256").hex()


def _derived(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())
