"""Telephone numbers of the mainland as people write and say them: in digits, in groups, in Chinese numerals."""

from __future__ import annotations

import re
import unicodedata

_SAID = str.maketrans("零〇一幺壹二两贰三叁四肆五伍六陆七柒拐八捌九玖勾洞", "0011122233445566777889990")
_NUMBER = re.compile(r"(?<!\d)(?:\+?86|0086)?(1[3-9]\d{9}|0(?:10|2[0-57-9])[2-8]\d{7}|0[3-9]\d{2}[2-8]\d{6,7})(?!\d)")
"""Eleven digits from 13 to 19, or an area code (010, 02x, 03xx to 09xx) with a subscriber's seven or eight digits."""

_WITHIN = r"[\s\-–—‐_.·()（）/]*"  # between the groups of one number
_BETWEEN = r"[\s\-–—‐_.·()（）/,，、。]*"  # also the pauses of who says it, if it is no number otherwise
_BESIDE = re.compile(r"[我的你们您手机号码电话座家里单位公司是打这个那就请可以用拨回呀啊哦嗯哈吧了:：,，.。!！~\s\W]*")


def read_phone(text: str) -> tuple[str, bool] | None:
    """The digits of the first number that the text holds, and whether it says nothing of substance beside it."""
    words = unicodedata.normalize("NFKC", text)
    said = words.translate(_SAID)
    for gap in (_WITHIN, _BETWEEN):
        for run in re.finditer(rf"\+?\d(?:{gap}\d)+", said):
            number = _NUMBER.search(re.sub(r"[^\d+]", "", run[0]))
            if number:
                beside = words[: run.start()] + words[run.end() :]
                return number[1], bool(_BESIDE.fullmatch(beside))
    return None
