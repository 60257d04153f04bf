"""XML as the platform writes it and reads it."""

import re
from collections.abc import Mapping
from xml.etree import ElementTree

from simulator.errors import BadReply

type Fields = Mapping[str, str | int | Fields]

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(fields: Fields) -> str:
    """Fields as one `<xml>` document: words in CDATA, numbers bare, as in the platform's own pushes."""
    return f"<xml>{_inside(fields)}</xml>"


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
    return "".join(f"<{name}>{_value(value)}</{name}>" for name, value in fields.items())


def _value(value: str | int | Fields) -> str:
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        # A "]]>" typed on a phone must not end the section; XML has no way to carry control characters.
        return "<![CDATA[" + _ILLEGAL.sub("", value).replace("]]>", "]]]]><![CDATA[>") + "]]>"
    return _inside(value)
