"""Hides the numbers and names by which somebody can be found; what is left of them is enough to tell them apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

_WIDE = {0x3000: " ", **{sign: chr(sign - 0xFEE0) for sign in range(0xFF01, 0xFF5F)}}
_WIDE |= {sign: str(number) for number, sign in enumerate((0x24EA, *range(0x2460, 0x2469)))}
_SPOKEN = str.maketrans("〇零一二两三四五六七八九幺壹贰叁肆伍陆柒捌玖", "0012234567891123456789")
"""One character for one, so that a place in the folded words is the same place in hers."""

_GAP = r"[ \-.·–—_]{0,3}"
_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_LOCAL = r"\)? ?[\-–—]? ?[2-9]\d{2,3}[ \-]?\d{4}"
_NO_SUM = r"(?![ \-]?\d)(?! ?(?:[元块万千百多年天人个次件%分米平]|\.\d))"
_FIXED = rf"(?!(?:19|20)\d\d{_DAY})(?P<number>[2-8]\d{{2,3}}[ \-]?\d{{4}}){_NO_SUM}"
"""A fixed number without its area looks like a day or a sum: only words beside it tell."""

_IDENTITY = r"[ \-.]?".join([*[r"\d"] * 6, "(?:1[ -]?9|2[ -]?0)", r"\d", r"\d", _DAY, *[r"\d"] * 3, "[\\dxX]"])
_PLATES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_ID = r"(?P<number>[a-z][a-z0-9_\-]{5,19})(?![a-z0-9_\-])"
_CARD = (4, 4)
_IS = r"(?:号|是|为|叫|搜|:|=| |我的?|就是){0,4}"

type _Kept = tuple[int, int]
type _Span = tuple[int, int, _Kept]

_FORMS: tuple[tuple[str, _Kept], ...] = (
    # 公民身份号码, GB 11643-1999: region, day of birth, number, check digit; and the old one of 15 digits
    (rf"(?<!\d){_IDENTITY}(?!\d)", (3, 4)),
    (rf"(?<!\d)[1-8]\d{{7}}{_DAY}\d{{3}}(?!\d)", (3, 4)),
    # bank cards, ISO/IEC 7812: 16 to 19 digits, mostly in fours; but not the number of an order
    (r"(?<!\d)\d{16,19}(?!\d)", _CARD),
    (r"(?<!\d)\d{4}([ \-])\d{4}\1\d{4}\1\d{4}(?:\1\d{1,3})?(?!\d)", _CARD),
    (r"(?:卡号?|账号|帐号|账户)[^\d\n]{0,8}(?P<number>\d(?:[ \-]?\d){14,18})(?!\d)", _CARD),
    # mobile numbers, behind 86 or not, in the ways in which people part them
    (
        rf"(?<!\d)(?:(?:\+|00)?86{_GAP})?"
        rf"(?P<number>1[3-9]\d(?:{_GAP}\d{{4}}{_GAP}\d{{4}}|([ \-])\d\d\2\d\d\2\d\d\2\d\d|[ \-]\d{{3}}[ \-]\d{{5}}))"
        r"(?!\d)",
        (3, 4),
    ),
    (r"(?<!\d)1[3-9]\d\d[ \-]\d{3}[ \-]\d{4}(?!\d)", (3, 4)),
    (r"(?<!\d)1([ \-.,、·/]{1,2})[3-9](?:\1\d){9}(?!\d)", (3, 4)),
    (r"(?:电话|手机|号码?|联系)[^\d\n]{0,4}(?P<number>1[3-9]\d[,、]\d{4}[,、]\d{4})(?!\d)", (3, 4)),
    # fixed numbers with their area, or beside words that say what they are, or as all that she writes
    (rf"(?<!\d)\(?0(?:10|2\d){_LOCAL}(?!\d)", (3, 2)),
    (rf"(?<!\d)\(?0[3-9]\d\d{_LOCAL}(?!\d)", (4, 2)),
    (r"\+86[ \-]?(?P<number>(?:10|2\d|[3-9]\d\d)[ \-]?[2-8]\d{2,3}[ \-]?\d{4})(?!\d)", (3, 2)),
    (rf"(?:电话(?![费卡])|座机|固话|(?<![单件])号码|总机|联系方式|拨打?|tel|phone)[^\d\n。;!?]{{0,6}}{_FIXED}", (0, 2)),
    (rf"打(?:给我|给她|给他|我|到|过来|这个)?[: ]?{_FIXED}", (0, 2)),
    (
        rf"(?<!\d){_FIXED}"
        r"(?=[,( ]{0,2}(?:这?是)?(?:我|她|他|家|们|里|单位|办公室){0,3}的?(?:座机|固话|电话(?!费)))",
        (0, 2),
    ),
    (rf"\A\s*{_FIXED}[\s.。]*\Z", (0, 2)),
    # names in other networks
    (
        rf"(?<![a-z])(?:微信号|威信号?|薇信号?|v信|加(?:我|她|他|下)?的?(?:微信|威信|薇信?|v)|微信(?=是|:|叫|搜)|v:){_IS}{_ID}",
        (2, 2),
    ),
    (rf"(?<![a-z])(?:微信|薇|vx|wx|wechat|weixin|qq){_IS}(?=[a-z_\-]*[0-9_]){_ID}", (2, 2)),
    (r"(?<![a-z])(?:qq号?码?|扣扣号?|微信号)[:是为 ]{0,3}(?P<number>[1-9]\d{4,10})(?!\d)", (1, 2)),
    (r"(?<![a-z0-9_.+\-])(?P<number>[a-z0-9_.+\-]{3,63})@[a-z0-9\-]{1,63}(?:\.[a-z0-9\-]{1,63}){1,4}", (2, 0)),
    # number plates, GA 36: province, letter, and five or six more, with a digit among them
    (
        rf"[{_PLATES}][a-hj-np-z][ ·.\-]?(?=[a-z]{{0,5}}\d)[a-hj-np-z0-9]{{4,5}}[a-hj-np-z0-9挂学警港澳](?![a-z0-9])",
        (2, 2),
    ),
    (r"(?:护照|通行证|台胞证|回乡证)[^\da-z\n]{0,6}(?P<number>[a-z]{0,2}\d{7,9})(?!\d)", (1, 2)),
    # her door; the street and the building stay, so that help finds the way at a glance
    (
        r"[a-z\d]{1,3} ?(?:栋|幢|座|号楼)[ ,\-]?"
        r"(?P<number>(?:[a-z\d]{1,2} ?(?:单元|门|梯)[ ,\-]?)?\d{3,4})(?!\d)(?! ?[元块万平人年个米次])",
        (0, 0),
    ),
    (
        r"(?:住(?!院)|家|租|宾馆|酒店|旅馆|小区|公寓|宿舍|地址|单元|房间|\d号)[^\d\n。;!?]{0,16}"
        r"(?P<number>\d{3,4}) ?(?:室|号房|房(?![价租贷产款]))",
        (0, 0),
    ),
    (r"(?:小区|花园|苑|公寓|[新家嘉]园|城)[ ,]?(?P<number>\d{1,2}-(?:\d{1,2}-)?\d{3,4})(?!\d)", (0, 0)),
    (
        r"(?:住(?!院)|家在|我家|家是|地址|住址|门牌)[^\n。;!?]{0,24}?(?:[路街巷弄]|胡同|大道)(?P<number>\d{1,5}(?:-\d{1,3})?)号",
        (0, 0),
    ),
)
_FOUND = tuple((re.compile(form, re.IGNORECASE), kept) for form, kept in _FORMS)

_TELLING = re.compile(r"[a-z0-9](?:[ \-.·–—_,、/()]{0,3}[a-z0-9]){2}|(?:[路街巷弄]|胡同|大道)\d", re.IGNORECASE)
"""What all of them have; most of what is written has nothing like it."""

_ORDER = re.compile(r"(?:订单|单号|流水|交易|商户|运单|案号|编号)[^\d\n]{0,6}\Z")
_BEFORE = 12
"""What looks like a card right behind one of these words is a thing's number, and is needed for a refund."""


def masked(text: str) -> str:
    """The words with telephone, ID and card numbers, names in WeChat, plates and doors hidden: 138****5678.

    Also in full-width digits, in spoken ones (一三八……) and in groups. Sums, days, numbers of files, orders, laws and
    hotlines stay, and so do street and building.
    """
    parts, end = [], 0
    for start, stop, (head, tail) in _spans(text):
        if stop <= end:
            continue
        signs = "".join(one for one in text[max(start, end) : stop] if one.isalnum())
        parts += [text[end:start], f"{signs[:head]}****{signs[len(signs) - tail :]}"]
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
    found: dict[tuple[int, int], _Kept] = {}
    for start, stop, kept in chain(_numbers(plain), _numbers(plain.translate(_SPOKEN))):
        found.setdefault((start, stop), kept)  # the forms stand in the order of how much they say
    for start, stop in sorted(found, key=lambda span: (span[0], -span[1])):
        yield start, stop, found[start, stop]


def _numbers(folded: str) -> Iterator[_Span]:
    if not _TELLING.search(folded):
        return
    for pattern, kept in _FOUND:
        for match in pattern.finditer(folded):
            start, stop = match.span("number" if "number" in pattern.groupindex else 0)
            if kept != _CARD or not _ORDER.search(folded[max(0, start - _BEFORE) : start]):
                yield start, stop, kept
