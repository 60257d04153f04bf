"""XML from outside, opened with suspicion; and words made fit for XML and JSON."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from bot.gateway.refusal import Reason, Refusal

_BEGINNING = re.compile(r"\s*(?:<\?xml [^<>]*\?>\s*)?<xml[\s>]")
"""A document type may only stand before the root: one that begins so has none, hence no entities of its own."""

_MAX_DEPTH = 16
"""The platform's deepest message has five levels; thousands of them cost the parser half a second."""

_MAX_ELEMENTS = 1000
"""Many times what its longest list has. In the encrypted modes anybody's document is read before its signature."""

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def open_document(text: str) -> ElementTree.Element:
    """The root `<xml>` of one message of the platform.

    Raises Refusal for a document type, broken XML, another root, or an element that is there twice: which
    of them would be meant?
    """
    if not _BEGINNING.match(text):
        raise Refusal(Reason.BAD_XML)
    try:
        root = ElementTree.fromstring(text, ElementTree.XMLParser(target=_Bonsai()))
    except (ElementTree.ParseError, ValueError):
        raise Refusal(Reason.BAD_XML) from None
    names = [child.tag.lower() for child in root]
    if root.tag != "xml" or len(names) != len(set(names)):
        raise Refusal(Reason.BAD_XML)
    return root


class _Bonsai(ElementTree.TreeBuilder):
    """Builds the tree, and stops where it grows too deep or too wide."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0
        self._elements = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> ElementTree.Element:
        self._depth += 1
        self._elements += 1
        if self._depth > _MAX_DEPTH or self._elements > _MAX_ELEMENTS:
            raise Refusal(Reason.BAD_XML)
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> ElementTree.Element:
        self._depth -= 1
        return super().end(tag)


def legible(text: str) -> str:
    """The text without the characters that neither XML nor the platform's JSON can carry."""
    return _ILLEGAL.sub("", text)


def in_cdata(text: str) -> str:
    """The text fit to stand inside a CDATA section, which it must not be able to close."""
    return legible(text).replace("]]>", "]] >")
