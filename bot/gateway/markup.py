"""XML from outside, opened with suspicion; and words made fit for XML and JSON."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from bot.gateway.refusal import Reason, Refusal

_BEGINNING = re.compile(r"\s*(?:<\?xml [^<>]*\?>\s*)?<xml[\s>]")
"""A document type may only stand before the root: one that begins so has none, hence no entities of its own."""

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def open_document(text: str) -> ElementTree.Element:
    """The root `<xml>` of one message of the platform.

    Raises Refusal for a document type, broken XML, another root, or an element that is there twice: two readers of
    such a document could see two different messages.
    """
    if not _BEGINNING.match(text):
        raise Refusal(Reason.BAD_XML)
    try:
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError):
        raise Refusal(Reason.BAD_XML) from None
    names = [child.tag for child in root]
    if root.tag != "xml" or len(names) != len(set(names)):
        raise Refusal(Reason.BAD_XML)
    return root


def legible(text: str) -> str:
    """The text without the characters that neither XML nor the platform's JSON can carry."""
    return _ILLEGAL.sub("", text)


def in_cdata(text: str) -> str:
    """The text fit to stand inside a CDATA section, which it must not be able to close."""
    return legible(text).replace("]]>", "]] >")
