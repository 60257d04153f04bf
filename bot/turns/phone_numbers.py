"""Telephone numbers within what she writes: they tell where to call her, and nothing of how she is."""

from __future__ import annotations

import re
import unicodedata

_SAID = str.maketrans("零〇一幺二两三四五六七八九", "0011223456789")
_RUN = re.compile(r"\+?\d(?:[\s\-–—.·()/]*\d){6,15}")
"""From seven digits on; also a number with a digit too few or too many, which she is asked for again."""

_POLICE = "110110"


def without_numbers(text: str) -> str:
    """The text without what looks like a number to dial, also where it is said in Chinese numerals.

    Who writes 110 again and again has not told her number.
    """
    words = unicodedata.normalize("NFKC", text)
    kept, done = [], 0
    for run in _RUN.finditer(words.translate(_SAID)):
        if _POLICE not in re.sub(r"\D", "", run[0]):
            kept.append(words[done : run.start()])
            done = run.end()
    return "".join([*kept, words[done:]])
