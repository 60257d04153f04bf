"""XML as the platform writes it and reads it."""

import re
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree

from simulator.errors import BadReply

type Value = str | int | Fields | Sequence[Fields]
type Fields = Mapping[str, Value]

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_END = "</xml>"


def write(fields: Fields) -> str:
    """Fields as one `<xml>` document: words in CDATA, numbers bare, a list as one element repeated."""
    return f"<xml>{_inside(fields)}{_END}"


def append(document: str, fields: Fields) -> str:
    """The document with more fields at its end."""
    head, end, tail = document.rpartition(_END)
    return f"{head}{_inside(fields)}{end}{tail}"


def read(document: bytes) -> ElementTree.Element:
    """The root of a document from outside; BadReply when it is no XML, or declares a document type."""
    if b"<!DOCTYPE" in document or b"<!ENTITY" in document:
        raise BadReply("declares a document type")
    try:
        root = ElementTree.fromstring(document)
    except (ElementTree.ParseError, ValueError) as error:
        raise BadReply("not XML") from error
    if root.tag != "xml":
        raise BadReply("root is not xml")
    return root


def _inside(fields: Fields) -> str:
    return "".join(_element(name, value) for name, value in fields.items())


def _element(name: str, value: Value) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "".join(_element(name, item) for item in value)
    return f"<{name}>{_content(value)}</{name}>"


def _content(value: str | int | Fields) -> str:
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        # A "]]>" typed on a phone must not end the section; XML has no way to carry control characters.
        return "<![CDATA[" + _ILLEGAL.sub("", value).replace("]]>", "]]]]><![CDATA[>") + "]]>"
    return _inside(value)
