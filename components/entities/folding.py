"""One spelling for reading: simplified, half-width and lower case, with every character still in its place."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import chain

from opencc import OpenCC

_HAN = range(0x3400, 0xA000)
_HALVES = range(0xD800, 0xE000)  # of characters, which cannot be searched for
_OTHERS = (
    range(0x41, 0x5B),
    range(0x2000, 0x2070),
    range(0x3000, 0x3400),
    range(0xF900, 0xFB00),
    range(0xFE30, 0xFFF0),
)


def folded(text: str) -> str:
    """The text as the patterns and names here are written, as long as it was."""
    return text.translate(_table())


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    han = [chr(code) for code in _HAN]
    simplified = OpenCC("t2s").convert("\n".join(han)).split("\n")
    table = dict(zip(_HAN, simplified, strict=True))
    for code in chain(*_OTHERS):
        narrow = unicodedata.normalize("NFKC", chr(code)).lower()
        table[code] = narrow if len(narrow) == 1 else chr(code)
    table |= dict.fromkeys(_HALVES, "\ufffd")
    return {code: plain for code, plain in table.items() if plain != chr(code)}
