"""Signatures and the AES envelope of WeChat's message encryption, after the platform's description of it."""

import base64
import binascii
import hashlib
import os
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from simulator.errors import CryptoError

# WeChat pads to its own key length; the padding of AES itself (16) would be refused.
_BLOCK = 32
_RANDOM = 16
_HEAD = _RANDOM + 4


def sign(*parts: str) -> str:
    """`signature` of (token, timestamp, nonce), `msg_signature` with the ciphertext as a fourth part."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


class Envelope:
    """Encrypts and opens messages of one account.

    encoding_aes_key: 43 characters, base64 of 32 bytes without its last `=`.
    """

    def __init__(self, encoding_aes_key: str, app_id: str) -> None:
        key = base64.b64decode(encoding_aes_key + "=")
        self._app_id = app_id.encode()
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16]))

    def encrypt(self, message: bytes, random: bytes | None = None) -> str:
        """The message as base64 ciphertext; `random` is 16 bytes, drawn when not given."""
        full = (random or os.urandom(_RANDOM)) + struct.pack("!I", len(message)) + message + self._app_id
        pad = _BLOCK - len(full) % _BLOCK
        encryptor = self._cipher.encryptor()
        sealed = encryptor.update(full + bytes([pad]) * pad) + encryptor.finalize()
        return base64.b64encode(sealed).decode()

    def decrypt(self, encrypted: str) -> bytes:
        """The message inside; CryptoError when it is damaged or belongs to another account."""
        full = _unpad(self._open(encrypted))
        if len(full) < _HEAD:
            raise CryptoError("too short")
        (length,) = struct.unpack("!I", full[_RANDOM:_HEAD])
        message, owner = full[_HEAD : _HEAD + length], full[_HEAD + length :]
        if owner != self._app_id:
            raise CryptoError("of another account")
        return message

    def _open(self, encrypted: str) -> bytes:
        try:
            sealed = base64.b64decode(encrypted, validate=True)
        except binascii.Error as error:
            raise CryptoError("not base64") from error
        if not sealed or len(sealed) % 16:
            raise CryptoError("not whole blocks")
        decryptor = self._cipher.decryptor()
        return decryptor.update(sealed) + decryptor.finalize()


def _unpad(padded: bytes) -> bytes:
    pad = padded[-1]
    if not 1 <= pad <= _BLOCK or padded[-pad:] != bytes([pad]) * pad:
        raise CryptoError("wrong padding")
    return padded[:-pad]
