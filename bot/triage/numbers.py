"""Numbers that tell nothing of how she is: to dial, to pay by, sums; triage's model would hear 110 in them."""

from __future__ import annotations

import re
import unicodedata

_SAID = str.maketrans("零〇一幺二两三四五六七八九", "0011223456789")
_RUN = re.compile(r"\+?\d(?:[\s\-–—.·()/]*\d){6,30}")
"""From seven digits on; also a number with a digit too few or too many."""

_POLICE = "110110"

_LINE_OR_YEAR = r"(?:11[09]|12[0-9]|1[02]\d{3}|96\d{3,4}|19\d\d|20(?:0[1-9]|[12]\d))(?!\d)"
_SUM = re.compile(rf"(?<!\d)(?!{_LINE_OR_YEAR})\d{{3,6}}(?!\d)")
_ANY_SUM = "三百"
"""In Chinese numerals a sum says no more than that it is one."""

_LONG = re.compile(r"(?:[\d零〇一幺二两三四五六七八九][\s\-–—.·()/（）－＋]*){7}")


def without_numbers(text: str) -> str:
    """The text without its long numbers, also where they are said in Chinese numerals, and with one sum for every sum.

    Who writes 110 again and again has not told her number; lines to call and years stay.
    """
    if not _LONG.search(text):
        return _SUM.sub(_ANY_SUM, text)
    words = unicodedata.normalize("NFKC", text)
    kept, done = [], 0
    for run in _RUN.finditer(words.translate(_SAID)):
        if _POLICE not in re.sub(r"\D", "", run[0]):
            kept.append(words[done : run.start()])
            done = run.end()
    return _SUM.sub(_ANY_SUM, "".join([*kept, words[done:]]))
