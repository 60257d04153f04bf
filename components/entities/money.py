"""Amounts of money, in yuan: 一万两千多, ￥648, 三五百块, 12w."""

from __future__ import annotations

import re
from typing import Iterator

from components.entities import quantities
from components.entities.found import Found
from components.entities.quantities import QUANTITY, Quantity

KIND = "money"

_AMOUNT = re.compile(
    r"(?P<sign>(?:¥|rmb|人民币|价值)\s?)?"
    rf"(?P<low>{QUANTITY})(?:\s?(?:到|至|[-~—]{{1,2}})\s?(?P<high>{QUANTITY}))?"
    r"(?:\s?(?P<unit>块钱|块|元钱?|圆|人民币|rmb|大洋)"
    r"(?:(?P<tenths>[一二两三四五六七八九\d])(?:毛|角|(?![\w.]))|(?P<half>半))?)?"
    r"(?P<round>左右|上下|出头|以上|多)?"
)
_COUNTED = re.compile(  # what is counted here is no money
    r"\s?(?:[个條条张次遍天年日号岁人名位口里笔把支米斤吨平度层楼栋间套本页集关局级段届期份件双只头匹辆架台部枚颗粒片根句字"
    r"篇封首步圈趟下声拳脚刀针杯瓶碗包箱袋盒桶排列组班队所家户路线亩分瓦张秒克票赞强火刻帧抽后万亿%k]|小时|钟头|公里|厘米|毫升"
    r"|点[钟半\d]|几个|星期|礼拜|周|粉丝|以内的人|月(?![租供费薪])|回(?![来家去款]))"
)
_MEASURED = re.compile(r"考|得分|[\d一二三四五六七八九十]分|血压|高压|低压|血糖|体重|斤|身高|度数|近视|车速|时速|数到")
_PRICED = re.compile(
    r"[块元]\s?(?:[\d一二两三四五六七八九]|一?[次个天单张份抽]|够|以|的(?!布|地)|都|也|就|$|[,，。.!！?？;；、\s])"
)
_SPENT = re.compile(
    r"充|冲|氪|花|捐|退|借|贷|欠|还|转|赏|刷|扣|亏|骗|赔|罚|给|要|收|付|交|买|卖|赢|输|存|取|攒|挣|赚|拿|领|发|掏|出|凑|垫"
    r"|投|抽|押|补|寄|汇|用|剩|判|抵|工资|底薪|收入|月入|礼|嫁妆|费|钱|债|款|价|值|红包|利息|本金|首付|月供|保证金|定金|订金"
    r"|标的|账|单|余额|进货|股|搞掉|卷走|被盗|划走|少了|没了|共|加起来|合计|整整|足足|大概|每次|每个?月|一个月|一年"
)
_THEN_MONEY = re.compile(
    r"的?(?:\w{0,2}钱|彩礼|礼金|工资|债|条子|嫁妆|存款|贷款|首付|欠条|借条|抚养费|生活费|学费|红包|定期|皮肤|嘉年华|礼物)"
    r"|就?(?:没了|不见了|打水漂|都?没有了|全没)|一单|一次|一个月|一年|给我|退|充|的(?:包|卡|车|手机|电脑|东西|货)|利|罚"
)
_DIALS = re.compile(r"11[0249]|12[02]|123\d\d|12110|12123|100(?:01|10|16|50|86|99)")
_DIALLED = re.compile(r"(?:打|拨|电话|热线|客服|号码|号|微信|qq|加|尾号|密码)[是为:： ]{0,3}(?:了|过)?$")
_FIGURES = re.compile(r"[\d.〇零一二三四五六七八九]+")
_YEAR = re.compile(r"(?:19[5-9]|20[0-4])\d")
_ENDS = re.compile(r"[\s,，。.!！?？;；、…~]*(?:$|[的了就都全呢吧啊能可还要不也是,，。.!！?？;；、…\s])")
_ALONE = re.compile(r"\W*(?:是|有|就|总共|一共|共|差不多|大概)?\W*")
_SENTENCE = re.compile(r"[。!！?？;；\n]")
_AROUND = 12
_ENOUGH = 100.0  # less, without a word for money, is a number of something else


def find(text: str) -> Iterator[Found]:
    """The amounts in a folded text."""
    for match in _AMOUNT.finditer(text):
        amount = _amount(match) if _is_money(match, text) else None
        if amount:
            yield Found(KIND, match.start(), match.end(), amount.value)


def _amount(match: re.Match[str]) -> Quantity | None:
    low = quantities.read(match["low"])
    high = quantities.read(match["high"]) if match["high"] else None
    amount = quantities.between(low, high, match["low"]) if low and high else low
    if amount is None or not amount.high:
        return None
    part = 0.5 if match["half"] else (quantities.number(match["tenths"] or "零") or 0.0) / 10
    return Quantity(amount.low + part, amount.high + part, amount.about or bool(match["round"]))


def _is_money(match: re.Match[str], text: str) -> bool:
    if match["sign"]:
        return True
    if match["unit"]:
        return match["unit"] not in ("块", "元") or match["low"][0].isdigit() or _is_price(match, text)
    return not _COUNTED.match(text, match.end()) and _is_spent(match, text)


def _is_price(match: re.Match[str], text: str) -> bool:
    """Whether a few 块 in Chinese figures are yuan: 三块布 are pieces, and 一块 is often "together"."""
    few = quantities.read(match["high"] or match["low"])
    if few is None or few.high >= 10:
        return True
    before = text[max(0, match.start() - _AROUND) : match.start()]
    return match["low"] != "一" and bool(_SPENT.search(before) or _PRICED.match(text, match.start("unit")))


def _is_spent(match: re.Match[str], text: str) -> bool:
    """Whether a number without a unit is money, by its size and by the words around it."""
    before = _SENTENCE.split(text[max(0, match.start() - _AROUND) : match.start()])[-1]
    size = quantities.read(match["high"] or match["low"])
    if size is None or size.high < _ENOUGH or _MEASURED.search(before):
        return False
    figures = _FIGURES.fullmatch(match["high"] or match["low"]) is not None
    if figures and (_DIALLED.search(before) or not _may_be_amount(match["low"])):
        return False
    if _SPENT.search(before) or _THEN_MONEY.match(text, match.end()):
        return not figures or not _YEAR.fullmatch(match["low"]) or before.endswith(("了", "掉", "过"))
    if figures:
        return _ALONE.fullmatch(text, 0, match.start()) is not None and not text[match.end() :].strip(" 。.!！?？~")
    return "万" in match[0] or _ENDS.match(text, match.end()) is not None


def _may_be_amount(figures: str) -> bool:
    """Not a number that one dials, nor a long one; in Chinese figures 六四八, but not 七七八八 or 一九九零."""
    if _DIALS.fullmatch(figures):
        return False
    return len(figures) == 3 or (figures[0].isdigit() and len(figures) <= 7)
