"""Hides the numbers by which somebody can be found; what is left of them is enough to tell them apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

_WIDE = str.maketrans("０１２３４５６７８９－＋（）　", "0123456789-+() ")
_SPOKEN = str.maketrans("〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "001234567891123456789")
"""One character for one, so that a place in the folded words is the same place in hers."""

_GAP = r"[ \-.·–—]?"
_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_LOCAL = r"\)?[ \-–—]?[2-9]\d{2,3}[ \-]?\d{4}"
_FORMS: tuple[tuple[str, tuple[int, int]], ...] = (
    # 公民身份号码, GB 11643-1999: region, day of birth, number, check digit; and the old one of 15 digits
    (rf"\d{{6}}{_GAP}(?:19|20)\d\d{_DAY}{_GAP}\d{{3}}[\dXxＸｘ]", (3, 4)),
    (rf"[1-8]\d{{7}}{_DAY}\d{{3}}", (3, 4)),
    # bank cards, ISO/IEC 7812: 16 to 19 digits, mostly in fours
    (r"\d{16,19}", (4, 4)),
    (r"\d{4}([ \-])\d{4}\1\d{4}\1\d{4}(?:\1\d{1,3})?", (4, 4)),
    # mobile numbers, behind 86 or not
    (rf"(?:(?:\+|00)?86{_GAP})?(?P<number>1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}})", (3, 4)),
    # fixed numbers with their area; without it they look like days and sums
    (rf"\(?0(?:10|2\d){_LOCAL}", (3, 2)),
    (rf"\(?0[3-9]\d\d{_LOCAL}", (4, 2)),
)
_FOUND = tuple((re.compile(rf"(?<!\d){form}(?!\d)"), kept) for form, kept in _FORMS)

type _Span = tuple[int, int, tuple[int, int]]


def masked(text: str) -> str:
    """The words with mobile and fixed numbers, ID numbers and bank cards hidden: 138****5678.

    Also in full-width digits, in spoken ones (一三八……) and in groups; sums, days and numbers of files stay.
    """
    parts, end = [], 0
    for start, stop, (head, tail) in _spans(text):
        if stop <= end:
            continue
        digits = "".join(one for one in text[max(start, end) : stop] if one.isalnum())
        parts += [text[end:start], f"{digits[:head]}****{digits[-tail:]}"]
        end = stop
    return "".join([*parts, text[end:]])


def hides(text: str) -> bool:
    """Whether something in the words is hidden when they are masked."""
    return any(True for _ in _spans(text))


def masked_name(name: str) -> str:
    """The first character, and no more, not even how many follow: 王**."""
    return f"{name[:1]}**"


def masked_phone(phone: str) -> str:
    """A number that is known to be one: 138****5678, and of any other form the last two digits."""
    return masked(phone) if hides(phone) else f"****{phone[-2:]}"


def _spans(text: str) -> Iterator[_Span]:
    """Where each number begins and ends and how much of it may be seen, in order; the longest first where two begin."""
    plain = text.translate(_WIDE)
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for start, stop, kept in chain(_numbers(plain), _numbers(plain.translate(_SPOKEN))):
        found.setdefault((start, stop), kept)  # the forms stand in the order of how much they say
    for start, stop in sorted(found, key=lambda span: (span[0], -span[1])):
        yield start, stop, found[start, stop]


def _numbers(folded: str) -> Iterator[_Span]:
    for pattern, kept in _FOUND:
        for match in pattern.finditer(folded):
            start, stop = match.span("number" if "number" in pattern.groupindex else 0)
            yield start, stop, kept
