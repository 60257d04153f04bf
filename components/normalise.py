"""One spelling for what people type: full-width forms, invisible characters and long repeats are evened out."""

from __future__ import annotations

import re
import unicodedata

_REPEATS = re.compile(r"(.)\1{2,}", re.DOTALL)
_BLANKS = re.compile(r"\s+")
_INVISIBLE = frozenset({"Cf", "Cc", "Co", "Cs", "Mn"})  # zero-width, control, private, surrogate, variation selectors


def normalise(text: str) -> str:
    """The text in NFKC and lower case, nothing invisible, no character more than twice in a row."""
    folded = unicodedata.normalize("NFKC", text).lower()
    spaced = _BLANKS.sub(" ", folded)
    visible = "".join(char for char in spaced if unicodedata.category(char) not in _INVISIBLE)
    return _REPEATS.sub(r"\1\1", visible).strip()
