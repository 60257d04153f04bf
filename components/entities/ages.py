"""Ages in years: 九岁, 六岁半, 十四五岁, 不满八周岁, 今年十二."""

from __future__ import annotations

import re
from typing import Iterator

from components.entities import quantities
from components.entities.found import Found
from components.entities.quantities import NOT_YET, QUANTITY, Quantity

KIND = "age"
OLDEST = 120
_YOUNGEST_BARE = 4  # 崽三个 and 崽两 are counts

_SOON = "快要?满?|马上就?要?满?|就要满?|将满"
_AGE = re.compile(
    r"(?<!差)(?<![大小早晚多少]了)"  # how much older
    r"(?:(?:今年|现在|目前|如今)\s?(?:也?才|刚刚?|已经|就|也|都|有|是)?)?"
    rf"(?:(?:(?P<not_yet>{NOT_YET})|(?P<soon>{_SOON})|(?P<nominal>虚岁|虚)|周岁|实岁|刚?满)\s?)?"
    rf"(?P<years>{QUANTITY}|半)\s?(?P<kind>个?周岁|岁|虚岁)(?P<half>半)?"
    r"(?:(?P<more>多)|(?P<round>左右|上下))?(?P<law>及?以[上下])?(?!月)"
    r"(?:零?(?P<months>\d{1,2}|[一二两三四五六七八九十]{1,2})个月)?"
)
_TOLD = r"今年|刚满|虚岁|实岁|年龄|年纪"
_PERSON = (
    r"崽|女|儿|儿子|孙|孙子|妈|妈妈|爸|爸爸|娘|爹|弟|弟弟|妹|妹妹|哥|姐|娃|孩子|伢子|坨|奶奶|爷爷|婆婆|公公|嗲嗲|娭毑"
)
_BARE = re.compile(  # 今年十二; 女儿十三，; 我六十二了
    rf"(?:(?:{_TOLD})\s?(?:才|刚|刚满|已经|就|都|是|有|[:：])?\s?(?P<told>{QUANTITY})"
    r"(?=[了的读上在]|[,，。.!！?？;；、\s]|$)"
    rf"|(?:{_PERSON})(?:才|都|已经)?(?P<of_person>{QUANTITY})(?=[了,，。.!！?？;；、\s]|$)"
    rf"|(?:[我他她你](?:自己)?|现在|如今)(?:才|都|也|已经)?(?P<grown>{QUANTITY})(?=了(?:[,，。.!！?？;；、\s还]|$)))"
)


def find(text: str) -> Iterator[Found]:
    """The ages in a folded text; what a law says of those above or below an age is nobody's."""
    for match in _AGE.finditer(text):
        age = None if match["law"] else _age(match)
        if age:
            yield Found(KIND, match.start(), match.end(), age.value)
    for match in _BARE.finditer(text):
        part = match.lastgroup or ""
        age = quantities.read(match[part])
        if age and (1 if part == "told" else _YOUNGEST_BARE) <= age.low <= OLDEST:
            yield Found(KIND, match.start() if part == "told" else match.start(part), match.end(), age.value)


def _age(match: re.Match[str]) -> Quantity | None:
    years = Quantity(0.5, 0.5) if match["years"] == "半" else quantities.read(match["years"])
    if years is None or not 0 < years.high <= OLDEST:
        return None
    if match["not_yet"]:
        return Quantity(0, max(0.0, years.low - 1), about=True)
    if match["soon"]:
        return Quantity(years.low - 1, years.high, about=True)
    if match["nominal"] or match["kind"] == "虚岁":  # by it a child is one at birth and a year older each New Year
        return Quantity(max(0.0, years.low - 2), max(0.0, years.high - 1), about=True)
    if match["more"]:
        return Quantity(years.low, years.high + 1, about=True)
    part = 0.5 if match["half"] else (quantities.number(match["months"]) or 0.0) / 12 if match["months"] else 0.0
    return Quantity(years.low + part, years.high + part, years.about or bool(match["round"]))
