"""Signatures and encrypted envelopes of the platform, over wechatpy's cipher (wechat.md section 1)."""

from __future__ import annotations

import base64
import hmac
import secrets
import struct

from wechatpy.crypto import PrpCrypto
from wechatpy.exceptions import InvalidAppIdException
from wechatpy.utils import WeChatSigner

from bot.conversation.accounts import Account
from bot.gateway.markup import in_cdata
from bot.gateway.refusal import Reason, Refusal

_DECRYPTION_ERRORS = (ValueError, IndexError, struct.error)
"""What wechatpy lets through for ciphertext that is no base64, no whole blocks, no text or too short."""


class Cipher(PrpCrypto):  # type: ignore[misc]  # wechatpy has no types
    """The cipher of one EncodingAESKey (43 characters)."""

    def __init__(self, encoding_aes_key: str) -> None:
        super().__init__(base64.b64decode(encoding_aes_key + "="))

    def get_random_string(self) -> str:
        """The 16 characters before each message; wechatpy's own are not drawn from a secure source."""
        return secrets.token_hex(8)


def signature_of(*parts: str) -> str:
    """The platform's signature over token, timestamp and nonce, and the ciphertext if there is one."""
    signer = WeChatSigner()
    signer.add_data(*parts)
    return str(signer.signature)


def check_signature(given: str, *parts: str) -> None:
    """Raises Refusal unless the signature fits; takes the same time whether it nearly fits or not."""
    if not hmac.compare_digest(signature_of(*parts).encode(), given.encode()):
        raise Refusal(Reason.FORGED)


def decrypt(account: Account, encrypted: str) -> tuple[str, Cipher]:
    """The message, and the cipher of the key that opened it: the answer must use the same.

    While a key is being changed the platform may still use the previous one. Raises Refusal.
    """
    reason = Reason.UNDECRYPTABLE
    for key in filter(None, (account.encoding_aes_key, account.previous_encoding_aes_key)):
        cipher = Cipher(key)
        try:
            return cipher.decrypt(encrypted, account.app_id), cipher
        except InvalidAppIdException:
            reason = Reason.FOREIGN
        except _DECRYPTION_ERRORS:
            continue
    raise Refusal(reason)


def encrypt(account: Account, cipher: Cipher, message: str, timestamp: str, nonce: str) -> str:
    """The XML envelope of an encrypted reply; `timestamp` is ours, in seconds, `nonce` that of the request."""
    encrypted = cipher.encrypt(message, account.app_id).decode()
    signature = signature_of(account.token, timestamp, nonce, encrypted)
    return (
        f"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt>"
        f"<MsgSignature><![CDATA[{signature}]]></MsgSignature>"
        f"<TimeStamp>{timestamp}</TimeStamp>"
        f"<Nonce><![CDATA[{in_cdata(nonce)}]]></Nonce></xml>"
    )
