"""Days and stretches of days, in ISO 8601: 上个月, 昨晚, 三个月前, 去年腊月二十, 五月份, 中秋节."""

from __future__ import annotations

import re
from datetime import date
from typing import Callable, Iterator, Optional

from components.entities import almanac, quantities
from components.entities.found import Found
from components.entities.quantities import Quantity
from components.entities.telling import ONE, YEAR, Told

KIND = "date"

_STEPS = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}
_DAYS = {"大前天": -3, "前天": -2, "前晚": -2, "昨": -1, "今": 0, "明": 1, "后天": 2, "大后天": 3}
_UNITS = {"天": almanac.day, "日": almanac.day, "月": almanac.month, "年": almanac.year}
_LUNAR_MONTHS = {"正月": 1, "大年": 1, "冬月": 11, "腊月": 12}
_FESTIVALS = {
    "除夕": "除夕 大年三十 年三十",
    "春节": "春节 过年",
    "元宵节": "元宵节 元宵",
    "妇女节": "三八妇女节 妇女节 三八节",
    "清明": "清明节 清明",
    "劳动节": "劳动节 五一节 五一",
    "母亲节": "母亲节",
    "儿童节": "六一儿童节 儿童节 六一节 六一",
    "父亲节": "父亲节",
    "端午节": "端午节 端午",
    "七夕": "七夕节 七夕",
    "中元节": "中元节 七月半",
    "中秋节": "中秋节 中秋",
    "教师节": "教师节",
    "国庆节": "国庆节 国庆 十一长假 十一假期",
    "重阳节": "重阳节 重阳",
    "圣诞节": "圣诞节 圣诞",
    "元旦": "元旦节 元旦",
    "情人节": "情人节",
}
_FESTIVAL_NAMES = {name: festival for festival, names in _FESTIVALS.items() for name in names.split()}
_SEASONS = {
    "初": (1, 2),
    "寒假": (1, 2),
    "上半年": (1, 6),
    "春": (3, 5),
    "夏": (6, 8),
    "暑假": (7, 8),
    "下半年": (7, 12),
    "秋": (9, 11),
    "底": (11, 12),
    "末": (11, 12),
    "冬": (12, 14),
}
_THIRDS = {"上旬": (1, 10), "初": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "底": (21, 31), "末": (21, 31)}

_Reader = Callable[[Told], Optional[str]]


def find(text: str, today: date) -> Iterator[Found]:
    """The days in a folded text that was written on `today`; impossible ones (2月30号) are none."""
    for pattern, reader in _READERS:
        for match in pattern.finditer(text):
            value = reader(Told(match, text, today))
            if value:
                yield Found(KIND, match.start(), match.end(), value)


def _plain_day(told: Told) -> str:
    word = told.match[0]
    return almanac.day(told.today, next(days for start, days in _DAYS.items() if word.startswith(start)))


def _ago(told: Told) -> str | None:
    """三天前, 两三个月前, 几年前, 半年前: of days the days, of months the months, of years the years."""
    unit, count = told["unit"], told["count"]
    if count == "半":
        half = {"年": almanac.month(told.today, -6), "月": _back(told, Quantity(10, 20), almanac.day)}
        return half.get(unit)
    past = Quantity(2, 9) if count in ("几", "好几") else quantities.read(count)
    if past is None or past.high > 3000 or (past.high > 100 and unit != "天"):
        return None
    if told["half"] and unit == "年":
        return almanac.month(told.today, -int(12 * past.low + 6))
    if unit in ("周", "星期", "礼拜"):
        return _back(told, Quantity(7 * past.low, 7 * past.high), almanac.day)
    return _back(told, past, _UNITS[unit])


def _back(told: Told, past: Quantity, step: Callable[[date, int], str]) -> str:
    return almanac.stretch(step(told.today, -int(past.high)), step(told.today, -int(past.low)))


def _lately(told: Told) -> str:
    """前几天, 前两个月, 这几年."""
    past = Quantity(1, 3) if told["count"] == "两" else Quantity(1, 7)
    if told["which"] == "这":
        past = Quantity(0, past.high - 1)
    return _back(told, past, _UNITS[told["unit"]])


def _month_from_now(told: Told) -> str | None:
    of_year, of_month = map(int, almanac.month(told.today, _STEPS[told["step"]]).split("-"))
    return _within_month(told, of_year, of_month)


def _within_month(told: Told, of_year: int, of_month: int) -> str | None:
    """The month, its day, or its beginning, middle or end."""
    if told["day"]:
        on = almanac.solar(of_year, of_month, told.number("day"))
        return on.isoformat() if on else None
    if told["third"]:
        first, last = _THIRDS[told["third"].lstrip("月")]
        while almanac.solar(of_year, of_month, last) is None:
            last -= 1
        return almanac.stretch(f"{of_year:04}-{of_month:02}-{first:02}", f"{of_year:04}-{of_month:02}-{last:02}")
    return f"{of_year:04}-{of_month:02}"


def _month(told: Told) -> str | None:
    if told.match[0] == "一月":  # as often "a month"
        return None
    of_month, of_day = told.number("month"), told.number("day") or 1
    of_year = told.year
    if of_year is None:
        lasts = 1 if told["day"] else 31
        of_year = almanac.nearest(told.today, lambda at: almanac.solar(at, of_month, of_day), told.ahead, lasts)
    return None if of_year is None else _within_month(told, of_year, of_month)


def _in_figures(told: Told) -> str | None:
    on = almanac.solar(int(told["y"]), int(told["m"]), int(told["d"]))
    return on.isoformat() if on else None


def _day_of_month(told: Told) -> str | None:
    if told.recurs:
        return None
    for months in (0, 1) if told.ahead else (0, -1):
        of_year, of_month = map(int, almanac.month(told.today, months).split("-"))
        on = almanac.solar(of_year, of_month, told.number("day"))
        if on and (on >= told.today if told.ahead else on <= told.today):
            return on.isoformat()
    return None


def _week(told: Told) -> str:
    ahead = _STEPS[told["step"]]
    if not told["weekday"]:
        return almanac.week(told.today, ahead)
    monday = 7 * ahead - told.today.weekday()
    if told["weekday"] == "末":
        return almanac.stretch(almanac.day(told.today, monday + 5), almanac.day(told.today, monday + 6))
    return almanac.day(told.today, monday + _weekday(told))


def _bare_weekday(told: Told) -> str | None:
    if told.recurs:
        return None
    away = _weekday(told) - told.today.weekday()
    if told.ahead:
        return almanac.day(told.today, away % 7)
    return almanac.day(told.today, away - 7 if away > 0 else away)


def _weekday(told: Told) -> int:
    return "一二三四五六日".index(told["weekday"].replace("天", "日"))


def _lunar(told: Told) -> str | None:
    of_month = _LUNAR_MONTHS.get(told["name"]) or told.number("month")
    of_day = told.number("day")
    of_year = told.year
    if of_year is None:
        lasts = 1 if of_day else 30
        of_year = almanac.nearest(told.today, lambda at: almanac.lunar(at, of_month, of_day or 1), told.ahead, lasts)
    if of_year is None or not of_day:
        return almanac.lunar_month(of_year, of_month) if of_year else None
    on = almanac.lunar(of_year, of_month, of_day)
    return on.isoformat() if on else None


def _festival(told: Told) -> str | None:
    begin = almanac.festival(_FESTIVAL_NAMES[told["name"]])
    of_year = told.year if told["year"] else almanac.nearest(told.today, begin, told.ahead)
    on = begin(of_year) if of_year is not None else None
    return None if told.recurs or on is None else on.isoformat()


def _season(told: Told) -> str | None:
    """去年下半年, 今年暑假, 前年冬天; without a year the last one, but not every year's."""
    first, last = _SEASONS[told["season"].removesuffix("天").removeprefix("年")]
    of_year = told.year
    if of_year is None and not told.recurs:
        lasts = 31 * (last - first + 1)
        of_year = almanac.nearest(told.today, lambda at: date(at, first, 1), told.ahead, lasts)
    if of_year is None:
        return None
    january = date(of_year, 1, 1)
    return almanac.stretch(almanac.month(january, first - 1), almanac.month(january, last - 1))


def _whole_year(told: Told) -> str | None:
    return None if told.year is None else f"{told.year:04}"


_MONTH_NUMBER = rf"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[{ONE}])"
_DAY_NUMBER = rf"(?P<day>3[01]|[12]\d|0?[1-9]|三十一?|二?十[{ONE}]?|[{ONE}])"
_LUNAR_DAY = rf"(?P<day>初[{ONE}十]|三十|(?:二十|廿|十)[{ONE}]?)"
_THIRD = r"的?(?P<third>月?[初底末]|[上中下]旬)"
_IN_MONTH = rf"(?:的?{_DAY_NUMBER}[号日]|{_THIRD})?"
_COUNTED = rf"[\d{ONE}十百千万块元个天年岁多]"  # 三月三千: the second number is another
_READERS: tuple[tuple[re.Pattern[str], _Reader], ...] = tuple(
    (re.compile(pattern), reader)
    for pattern, reader in (
        (
            r"大前天|大后天|(?<!以)[前后]天(?!天)|前晚|昨[天日晚夜儿](?:子|晚上|上(?!班))?|[今明][天日晚早晨夜](?!子)",
            _plain_day,
        ),
        (
            r"(?<![第\d.])(?P<count>半|好?几|\d{1,4}|[一二两三四五六七八九十百]{1,3})多?个?"
            r"(?P<unit>天|日|周|星期|礼拜|月|年)(?P<half>半)?多?(?:以|之)?前(?![后面头三几途])",
            _ago,
        ),
        (r"(?<![庭婚生假考])(?P<which>前|这)(?P<count>[几两些])个?(?P<unit>[天日月年])", _lately),
        (rf"(?<![早晚马])(?P<step>上上|下下|[上下这本])个月(?!子){_IN_MONTH}", _month_from_now),
        (rf"(?<![早晚马身手路个])(?P<step>[上下本])月(?![亮租饼嫂供薪]){_IN_MONTH}", _month_from_now),
        (
            r"(?<![早晚马])(?P<step>上上|下下|[上下这本])个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天末])?",
            _week,
        ),
        (r"(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])(?![岁年到至])", _bare_weekday),
        (
            r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<dash>[-./])(?P<m>\d{1,2})(?P=dash)(?P<d>\d{1,2})(?!\d)[号日]?",
            _in_figures,
        ),
        (r"(?<!\d)(?P<y>20[0-4]\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?!\d)", _in_figures),
        (
            rf"(?:{YEAR}的?|(?<![个每第点\d{ONE}十两几半]))(?<!农历)(?<!阴历)(?<!旧历){_MONTH_NUMBER}月份?"
            rf"(?![子亮嫂怀租半])(?:的?{_DAY_NUMBER}(?:[号日]|(?!{_COUNTED}))|{_THIRD})?",
            _month,
        ),
        (
            rf"(?<![\d月第.{ONE}十]){_DAY_NUMBER}号(?=[晚早上下中那我他她它充扣打开法就才去的,，。\s]|$)",
            _day_of_month,
        ),
        (
            rf"(?:{YEAR}的?)?(?P<name>正月|冬月|腊月|大年(?=初)|(?:农历|阴历|旧历){_MONTH_NUMBER}月)里?{_LUNAR_DAY}?",
            _lunar,
        ),
        (
            rf"(?:{YEAR}的?)?(?<![\d{ONE}十百超不])(?P<name>{'|'.join(sorted(_FESTIVAL_NAMES, key=len, reverse=True))})"
            rf"(?![路村龄纪轻好吉祥红块元岁]|广场|大道|商圈|快乐|安康|大吉)(?!(?<=[五六]一)[\d{ONE}十百千万])",
            _festival,
        ),
        (rf"{YEAR}的?(?P<season>[上下]半年|寒假|暑假|[春夏秋冬]天?|年?(?:初(?![一二三中])|[底末]))", _season),
        (r"(?P<season>[上下]半年|寒假|(?<!寒)暑假)", _season),
        (YEAR, _whole_year),
    )
)
