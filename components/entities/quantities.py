"""Numbers as people write and say them: 一万两千多, 1.2万, 12w, 三五百, 十几万, 半万, 三到五千."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from cn2an import cn2an

from components.entities.found import Value

_ONE = "一二两三四五六七八九"
_FIRST = f"〇零{_ONE}十廿卅壹贰叁肆伍陆柒捌玖拾"  # not 万一, 千万别
_HAN = f"{_FIRST}百千万亿佰仟"
_ARABIC = r"(?:\d{1,3}(?:,\d{3}){1,3}|\d{1,10})(?:\.\d{1,4})?"
_TAIL = rf"(?:(?:\d{{1,4}}|[{_ONE}])[百千]?){{0,3}}"
_NUMBER = (
    rf"(?:(?<![\d.a-z]){_ARABIC}(?:\s?(?:[百千]万|[百千万亿]|[wk](?![a-z])){_TAIL})?(?![\d]|\.\d)"
    rf"|(?<![{_HAN}])[{_FIRST}][{_HAN}]{{0,13}}(?:点[〇零{_ONE}]{{1,3}}[百千万亿]?)?)"
    # 充了两千三次: two thousand, three times; 三千一个月: three thousand a month
    rf"(?!(?<=[百千万亿][{_ONE}])[次回笔岁个张天年月])"
)
NOT_YET = "不到|不足|没到|没有到|不满|没满|未满|未达"
_NEAR = "大概是?|大约|约莫?|差不多有?|将近|接近|(?<!最)近|(?<!很)快|估计|可能|起码|至少|最少|超过|不止|不下|怕有"
_ROUND = "左右|上下|出头|开外|以上|的样子"

_PARTS = (
    rf"(?:(?:(?P<not_yet>{NOT_YET})|(?P<near>{_NEAR}))\s?)?"
    r"(?:(?:好?几|数)(?P<few>十万|百万|千万|[十百千万亿])"
    r"|(?P<half>半)万"
    r"|(?P<some>[百千万])(?:把|来)(?=[块元个多万千]|$)"
    rf"|(?P<number>{_NUMBER})(?:\s?(?P<more>多|几|余|好几|来(?=[块元个万千岁]|$))(?P<times>百万|千万|[十百千万亿])?)?)"
    rf"(?P<round>{_ROUND})?"
)
QUANTITY = re.sub(r"\?P<\w+>", "?:", _PARTS)
"""A pattern without groups; `read` takes what it matched."""

_WHOLE = re.compile(_PARTS)
_PAIR = re.compile(rf"(?P<head>[{_HAN}\d]*[十百千万亿])?(?P<one>[{_ONE}])(?P<other>[{_ONE}])(?P<tail>[十百千万亿]*)")
_PAIRS = frozenset({"一二", "一两", "二三", "两三", "三四", "三五", "四五", "五六", "六七", "七八", "八九"})
_POINT = re.compile(rf"(?P<number>.+点[{_ONE}〇零]+)(?P<unit>[百千万亿])")
_UNITS = {"十": 10.0, "拾": 10.0, "廿": 10.0, "卅": 10.0, "百": 100.0, "佰": 100.0, "千": 1e3, "仟": 1e3, "k": 1e3,
          "万": 1e4, "w": 1e4, "亿": 1e8}  # fmt: skip
_LATIN = str.maketrans({"w": "万", "k": "千", ",": None, " ": None})


@dataclass(frozen=True)
class Quantity:
    """A number from `low` to `high`; `about` where these are not her own limits, or she says that she is not sure."""

    low: float
    high: float
    about: bool = False

    @property
    def value(self) -> Value:
        """The number alone if it is but one, else its limits."""
        if self.low == self.high and not self.about:
            return _plain(self.low)
        return {"low": _plain(self.low), "high": _plain(self.high), "about": self.about}


@lru_cache(maxsize=4096)
def read(written: str) -> Quantity | None:
    """The quantity in what QUANTITY matched; None if these characters make no number, as in 零万."""
    parts = _WHOLE.fullmatch(written)
    amount = _amount(parts) if parts else None
    if parts is None or amount is None:
        return None
    if parts["not_yet"]:
        return Quantity(0.0, amount.high, about=True)
    return Quantity(amount.low, amount.high, bool(amount.about or parts["near"] or parts["round"]))


def between(low: Quantity, high: Quantity, written_low: str) -> Quantity | None:
    """From one to another; 三到五千 gives the first the unit of the second. None where the second is not more."""
    first = low.low
    if first < 10 <= high.high and not any(unit in written_low for unit in _UNITS):
        first *= 10 ** (len(str(int(high.high))) - 1)
    return Quantity(first, high.high, low.about or high.about) if first < high.high else None


def _amount(parts: re.Match[str]) -> Quantity | None:
    if parts["half"]:
        return Quantity(5e3, 5e3)
    if parts["some"]:
        some = _UNITS[parts["some"]]
        return Quantity(some, some, about=True)
    if parts["few"]:
        unit = number(f"一{parts['few']}") or 0.0
        return Quantity(unit, 10 * unit, about=True)
    core = parts["number"]
    pair = _PAIR.fullmatch(core)
    if pair and pair["one"] + pair["other"] in _PAIRS:
        return _either(pair, parts["times"])
    low = number(core)
    if low is None or not parts["more"]:
        return None if low is None else Quantity(low, low)
    place, times = _place(core), number(f"一{parts['times']}") if parts["times"] else None
    if times and times > place:  # 十几万; but 一千几百 is a thousand and some
        low, place = low * times, place * times
    return Quantity(low, low + place, about=True)


def _either(pair: re.Match[str], times: str | None) -> Quantity | None:
    """三五百, 一千七八, 十四五: the one or the other."""
    head, tail = pair["head"] or "", pair["tail"] + (times or "")
    low, high = number(head + pair["one"] + tail), number(head + pair["other"] + tail)
    return None if low is None or high is None else Quantity(low, high, about=True)


@lru_cache(maxsize=4096)
def number(written: str) -> float | None:
    """One exact number in Arabic, Chinese or mixed figures; None if it is none."""
    plain = written.translate(_LATIN)
    point = _POINT.fullmatch(plain)
    try:
        return float(cn2an(point["number"], "smart")) * _UNITS[point["unit"]] if point else float(cn2an(plain, "smart"))
    except (ValueError, KeyError):  # the latter where it stumbles, as over 廿零
        return None


def _place(written: str) -> float:
    """What the last figure counts: 1.2万 thousands, 一万二 thousands, 1200 hundreds, 二十 tens, 12 ones."""
    units = [(at, _UNITS[sign]) for at, sign in enumerate(written) if sign in _UNITS]
    if not units:
        figures = written.replace(",", "")
        return 1.0 if "." in figures else 10.0 ** (len(figures) - len(figures.rstrip("0")))
    at, unit = units[-1]
    if at < len(written) - 1:
        return max(1.0, unit / 10 ** (len(written) - 1 - at))
    decimals = re.search(r"[.点](\w+?)[百千万亿wk]", written)
    return float(unit / 10 ** len(decimals[1])) if decimals else unit


def _plain(value: float) -> float:
    return int(value) if value == int(value) else round(value, 2)
