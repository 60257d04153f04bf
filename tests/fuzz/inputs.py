"""Trials as Hypothesis makes them: real messages that were damaged, invented ones, and noise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from hypothesis import strategies as st

from bot.conversation.accounts import Account, EncryptionMode
from bot.conversation.content import Card, Choices, Picture, Sound, Text
from bot.conversation.ports import Slot
from simulator.crypto import Envelope, sign
from tests.fuzz.target import Knock, Trial
from tests.unit.gateway.wechat_platform import ACCOUNTS, FIXTURES, NOW, Request, fixture, push

XML = [fixture(path.stem) for path in sorted(FIXTURES.glob("*.xml"))]
NAMES = (
    *(
        "ToUserName",
        "FromUserName",
        "CreateTime",
        "MsgType",
        "MsgId",
        "MsgID",
        "Content",
        "Event",
        "EventKey",
        "OpenID",
    ),
    *("MediaId", "MediaId16K", "Format", "Recognition", "PicUrl", "ThumbMediaId", "Title", "Url", "Description"),
    *("Location_X", "Location_Y", "Label", "Ticket", "RevokeInfo", "bizmsgmenuid", "Encrypt", "ScanCodeInfo"),
    *("SubscribeMsgPopupEvent", "SubscribeMsgSentEvent", "List", "TemplateId", "SubscribeStatusString", "ErrorCode"),
)
HOSTILE = (
    *("", " ", "0", "-1", "9" * 30, "9" * 5000, "1e999", "nan", "inf", "0x10", "١٢٣", "1790000000", "2147483648"),
    *("text", "EVENT", "event", "subscribe", "user_authorization_revoke", "subscribe_msg_popup_event", "qrscene_"),
    *("]]>", "<![CDATA[", "<!--", "-->", "<?xml version='1.0' encoding='utf-16'?>", "<?php ?>", "&lt;", "&#0;"),
    *('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', "&e;", "&#x1F600;", "<a>", "</a>", "<a/>"),
    *("</xml>", "<xml>", "<xml/>", "<a>" * 20 + "</a>" * 20, "<a>" * 3000, "<Encrypt>AAAA</Encrypt>"),
    *("<MsgType>event</MsgType>", "<msgtype>event</msgtype>", "<x:MsgType xmlns:x='y'>text</x:MsgType>"),
    *("<xi:include href='x'/>", "<a xmlns:x='y' x:b='c'/>", "oTest0Person0000000000000002", "{0}", "%s", "${7*7}"),
    *("\x00", "\x0b", "\ufffe", "\ufeff", "\u202e", "😀", "救命", "a" * 20_000, "救" * 25_000, "' OR 1=1"),
)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "gb18030", "utf-7")


def _escaped(text: str) -> str:
    return escape("".join(char for char in text if char >= " "))


accounts = st.sampled_from(list(ACCOUNTS.values()))
noise = st.text(max_size=12)
values = st.one_of(st.sampled_from(HOSTILE), noise, st.integers().map(str))
well_formed = st.one_of(values.map(_escaped), values.map(_escaped), values)
"""Mostly what leaves a document whole, so that more than the parser is tried."""

slots = st.one_of(
    st.just(Slot(None)),
    st.builds(Slot, st.builds(Text, values)),
    st.builds(Slot, st.builds(Card, values, values, values, values)),
    st.builds(Slot, st.builds(Choices, values, st.lists(st.tuples(values, values), max_size=3).map(tuple), values)),
    st.builds(Slot, st.sampled_from([Picture("m"), Sound("m")]), st.one_of(st.none(), values)),
)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A real message, of which pieces were cut out, and others put in or doubled."""
    xml = draw(st.sampled_from(XML))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(xml)))
        end = draw(st.integers(start, min(len(xml), start + 60)))
        put = xml[start:end] * 2 if draw(st.booleans()) else draw(values)
        xml = xml[:start] + put + xml[end:]
    return xml


@st.composite
def refilled(draw: st.DrawFn) -> str:
    """A real message, of which the value of one element is another one, or which has one more element."""
    xml = draw(st.sampled_from(XML))
    name, value = draw(st.sampled_from(NAMES)), draw(well_formed)
    start, end = xml.find(f"<{name}>"), xml.find(f"</{name}>")
    if start < 0 or end < start:
        return xml.replace("</xml>", f"<{name}>{value}</{name}></xml>")
    return f"{xml[:start]}<{name}>{value}{xml[end:]}"


def _document(parts: list[tuple[str, str]]) -> str:
    return "<xml>" + "".join(f"<{name}>{value}</{name}>" for name, value in parts) + "</xml>"


invented = st.lists(st.tuples(st.sampled_from(NAMES), well_formed), max_size=12).map(_document)
nested = st.recursive(
    values,
    lambda inner: st.lists(st.tuples(st.sampled_from(NAMES), inner), max_size=4).map(
        lambda parts: "".join(f"<{name}>{value}</{name}>" for name, value in parts)
    ),
    max_leaves=20,
).map(lambda inside: f"<xml>{inside}</xml>")
documents = st.one_of(refilled(), refilled(), refilled(), damaged(), invented, nested)


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """A document as bytes, in an encoding that may be another one than the platform's, or plain noise."""
    if draw(st.integers(0, 5)) == 0:
        return draw(st.binary(max_size=300))
    encoding = draw(st.sampled_from(ENCODINGS)) if draw(st.integers(0, 5)) == 0 else "utf-8"
    return draw(documents).encode(encoding, "ignore")


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "ignore")


def signed(account: Account, message: bytes, nonce: str = "7") -> Request:
    """What the platform would send with this as its message."""
    timestamp = str(int(NOW.timestamp()))
    query = {"timestamp": timestamp, "nonce": nonce, "signature": sign(account.token, timestamp, nonce)}
    if account.mode is EncryptionMode.PLAIN:
        return Request(query, message)
    encrypted = Envelope(account.encoding_aes_key, account.app_id).encrypt(message)
    query["msg_signature"] = sign(account.token, timestamp, nonce, encrypted)
    return Request(query, f"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>".encode())


def _knock(account: Account, request: Request, cuts: int = 1) -> Knock:
    size = max(1, -(-len(request.body) // cuts))
    chunks = tuple(request.body[at : at + size] for at in range(0, len(request.body), size))
    return Knock(account.id, urlencode(request.query).encode(), chunks)


# --- families -----------------------------------------------------------------------------------------------------


@st.composite
def signed_bodies(draw: st.DrawFn) -> Trial:
    """Validly signed, and anything inside."""
    account = draw(accounts)
    knock = _knock(account, signed(account, draw(bodies())), draw(st.integers(1, 3)))
    return Trial("signed", (knock,), draw(st.one_of(st.none(), slots)), draw(st.integers(0, 9)) == 0)


@st.composite
def damaged_envelopes(draw: st.DrawFn) -> Trial:
    """A valid request, of which the body was changed after it was signed."""
    account = draw(accounts)
    request = push(account, draw(st.sampled_from(XML)))
    body = bytearray(request.body)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(body)))
        end = draw(st.integers(start, min(len(body), start + 30)))
        body[start:end] = draw(
            st.one_of(st.binary(max_size=8), values.map(lambda text: text.encode("utf-8", "ignore")))
        )
    return Trial("damaged envelope", (_knock(account, replace(request, body=bytes(body))),))


@st.composite
def damaged_queries(draw: st.DrawFn) -> Trial:
    """A valid request, of which the query was changed after it was signed."""
    account = draw(accounts)
    request = push(account, draw(st.sampled_from(XML)))
    pairs = list(request.query.items())
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(pairs) - 1)) if pairs else 0
        name = draw(st.sampled_from(["signature", "msg_signature", "timestamp", "nonce", "echostr", "encrypt_type"]))
        pairs[at : at + draw(st.integers(0, 1))] = [(name, draw(values))] * draw(st.integers(0, 2))
    query = urlencode(pairs, errors="replace").encode() + draw(st.sampled_from([b"", b"&", b"%", b"&a=%ff", b";\xff"]))
    knock = replace(_knock(account, request), query=query, method=draw(st.sampled_from(["POST", "GET", "HEAD"])))
    return Trial("damaged query", (knock,))


@st.composite
def raw(draw: st.DrawFn) -> Trial:
    """Noise in every part of a request."""
    headers = st.tuples(
        st.sampled_from([b"content-length", b"content-type", b"host", b"transfer-encoding", b"x"]),
        st.binary(max_size=20),
    )
    knock = Knock(
        account=draw(st.one_of(st.sampled_from(list(ACCOUNTS)), noise)),
        query=draw(st.binary(max_size=80)),
        chunks=tuple(draw(st.lists(st.one_of(st.binary(max_size=100), st.just(b"a" * 30_000)), max_size=4))),
        method=draw(st.sampled_from(["POST", "GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])),
        headers=tuple(draw(st.lists(headers, max_size=3))),
        hangs_up=draw(st.booleans()),
    )
    return Trial("raw", (knock,))


@st.composite
def sequences(draw: st.DrawFn) -> Trial:
    """Several messages of which some come under the query of another: repeated, forged, or retried."""
    account = draw(accounts)
    first = signed(account, draw(st.sampled_from(XML)).encode())
    knocks = [_knock(account, first)]
    for _ in range(draw(st.integers(1, 4))):
        other = signed(account, draw(documents).encode("utf-8", "ignore"), draw(st.sampled_from(["7", "8"])))
        query = draw(st.sampled_from([first.query, other.query]))
        body = draw(st.sampled_from([first.body, other.body]))
        knocks.append(_knock(account, Request(query, body)))
    return Trial("sequence", tuple(knocks), draw(st.one_of(st.none(), slots)))


@st.composite
def sealed_noise(draw: st.DrawFn) -> Trial:
    """A valid signature over something that is no cipher text of ours."""
    account = draw(accounts.filter(lambda one: one.mode is not EncryptionMode.PLAIN))
    query = signed(account, b"").query
    encrypted = draw(st.one_of(values, st.binary(max_size=100).map(bytes.hex), st.just("A" * 64)))
    query["msg_signature"] = sign(account.token, query["timestamp"], query["nonce"], encrypted.strip())
    body = f"<xml><Encrypt>{encrypted}</Encrypt></xml>".encode("utf-8", "ignore")
    return Trial("sealed noise", (_knock(account, Request(query, body)),))


FAMILIES: Mapping[str, tuple[Callable[[], st.SearchStrategy[Trial]], int]] = {
    "signed": (signed_bodies, 45),
    "sequence": (sequences, 15),
    "damaged envelope": (damaged_envelopes, 12),
    "damaged query": (damaged_queries, 12),
    "raw": (raw, 8),
    "sealed noise": (sealed_noise, 8),
}
"""Each family with its share, in percent."""
