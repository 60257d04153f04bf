"""One push as it travels, in the account's mode, and the answer to it opened again."""

from dataclasses import dataclass
from xml.etree import ElementTree

from simulator import markup
from simulator.accounts import Account
from simulator.crypto import Envelope, sign
from simulator.errors import BadReply, CryptoError


@dataclass(frozen=True)
class Sealed:
    """Query and body of one POST to the gateway."""

    query: dict[str, str]
    body: bytes


def verification(account: Account, echostr: str, timestamp: str, nonce: str) -> dict[str, str]:
    """The query of the GET by which the platform verifies an address; the same in all modes."""
    signature = sign(account.token, timestamp, nonce)
    return {"signature": signature, "timestamp": timestamp, "nonce": nonce, "echostr": echostr}


def seal(account: Account, openid: str, plain: str, timestamp: str, nonce: str) -> Sealed:
    """A document, signed and in the account's mode, ready to POST."""
    query = {
        "signature": sign(account.token, timestamp, nonce),
        "timestamp": timestamp,
        "nonce": nonce,
        "openid": openid,
    }
    if account.mode == "plain":
        return Sealed(query, plain.encode())
    encrypted = _envelope(account).encrypt(plain.encode())
    query["encrypt_type"] = "aes"
    query["msg_signature"] = sign(account.token, timestamp, nonce, encrypted)
    shown = plain if account.mode == "compatible" else markup.write({"ToUserName": account.original_id})
    return Sealed(query, markup.append(shown, {"Encrypt": encrypted}).encode())


def unseal(account: Account, body: bytes) -> ElementTree.Element:
    """The plain reply in an answer; BadReply when it is no XML, forged, or plain in safe mode."""
    root = markup.read(body)
    encrypted = root.findtext("Encrypt")
    if encrypted is None:
        if account.mode == "safe":
            raise BadReply("plain reply in safe mode")
        return root
    if account.mode == "plain":
        raise BadReply("encrypted reply in plain mode")
    parts = [root.findtext("TimeStamp") or "", root.findtext("Nonce") or "", encrypted]
    if sign(account.token, *parts) != root.findtext("MsgSignature"):
        raise BadReply("wrong MsgSignature")
    try:
        return markup.read(_envelope(account).decrypt(encrypted))
    except CryptoError as error:
        raise BadReply("cannot be decrypted") from error


def _envelope(account: Account) -> Envelope:
    return Envelope(account.encoding_aes_key, account.app_id)
