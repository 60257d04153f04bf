"""Writes an invented family's bill as WeChat Pay, Alipay and the banks export it, byte for byte in their manner."""

from __future__ import annotations

import csv
import io
import zlib
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

import pyzipper
from openpyxl import Workbook

from tests.bills.families import Family, Paid
from tests.bills.zipcrypto import zipcrypto

PASSWORD = "305186"
type Row = Sequence[object]

WECHAT_COLUMNS = [
    "交易时间",
    "交易类型",
    "交易对方",
    "商品",
    "收/支",
    "金额(元)",
    "支付方式",
    "当前状态",
    "交易单号",
    "商户单号",
    "备注",
]
WECHAT_KINDS = {"purchase": "商户消费", "scan": "扫二维码付款", "transfer": "转账", "redpacket": "微信红包（单发）"}
WECHAT_STATES = {"purchase": "支付成功", "scan": "已转账", "transfer": "对方已收钱", "redpacket": "支付成功"}


def write(family: Family) -> tuple[str, bytes]:
    """The file's name and its bytes, in a zip with PASSWORD if the family got one."""
    suffix, writer = LAYOUTS[family.layout]
    name, data = f"{family.id}.{suffix}", writer(family)
    if family.locked is None:
        return name, data
    if family.locked == "zipcrypto":
        return f"{family.id}.zip", zipcrypto(name, data, PASSWORD)
    packed = io.BytesIO()
    with pyzipper.AESZipFile(packed, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(PASSWORD.encode())
        archive.writestr(name, data)
    return f"{family.id}.zip", packed.getvalue()


def _text(lines: Iterable[str | Row], encoding: str, end: str = "\r\n") -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=end)
    for line in lines:
        if isinstance(line, str):
            out.write(line + end)
        else:
            writer.writerow(line)
    return out.getvalue().encode(encoding)


def _sheet(rows: Iterable[Row]) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def _yuan(fen: int) -> str:
    return f"{fen / 100:.2f}"


def _later(at: datetime) -> datetime:
    return at + timedelta(days=1, minutes=7)


def _wechat_head(family: Family) -> list[str]:
    spent = sum(paid.fen for paid in family.paid)
    return [
        "微信支付账单明细",
        "微信昵称：[湘江边的小雨]",
        f"起始时间：[{family.first} 00:00:00] 终止时间：[{family.last} 23:59:59]",
        "导出类型：[全部]",
        f"导出时间：[{family.last} 21:08:33]",
        "",
        f"共{len(family.paid) + 3}笔记录",
        "收入：1笔 66.00元",
        f"支出：{len(family.paid)}笔 {_yuan(spent)}元",
        "中性交易：2笔 1500.00元",
        "注：",
        "1. 充值/提现/理财通购买/零钱通存取/信用卡还款等交易，将计入中性交易",
        "2. 本明细仅展示当前账单中的交易，不包括已删除的记录",
        "3. 本明细仅供个人对账使用",
        "",
        "----------------------微信支付账单明细列表--------------------",
    ]


def _wechat_rows(family: Family) -> Iterable[list[object]]:
    begin = datetime.combine(family.first, datetime.min.time())
    yield [
        begin,
        "零钱提现",
        "工商银行(1234)",
        "/",
        "/",
        50000,
        "工商银行(1234)",
        "提现已到账",
        "2072",
        "/",
        "服务费¥0.50",
    ]
    yield [begin, "信用卡还款", "建设银行信用卡还款", "/", "/", 100000, "零钱", "支付成功", "4201", "1000", "/"]
    yield [begin, "微信红包", "二舅", "/", "收入", 6600, "/", "已存入零钱", "1000039501", "1000039501", "/"]
    for paid in family.paid:
        state = _wechat_state(paid)
        number, order = f"4200{paid.number}", f"M{paid.number}"
        merchant = f"发给{paid.merchant}" if paid.how == "redpacket" else paid.merchant
        kind = WECHAT_KINDS[paid.how]
        yield [paid.at, kind, merchant, paid.item, "支出", paid.fen, "零钱", state, number, order, "/"]
        if paid.refunded and zlib.crc32(family.id.encode()) % 2:
            back = f"503{paid.number}"
            kind = f"{paid.merchant}-退款"
            at = _later(paid.at)
            yield [at, kind, paid.merchant, paid.item, "收入", paid.refunded, "零钱", state, back, "", "/"]


def _wechat_state(paid: Paid) -> str:
    if paid.refunded == paid.fen:
        return "已全额退款"
    return f"已退款(￥{_yuan(paid.refunded)})" if paid.refunded else WECHAT_STATES[paid.how]


def _wechat_csv(family: Family) -> bytes:
    lines: list[str | Row] = [f"{line},,,,,,,," for line in _wechat_head(family)]
    lines.append(",".join(WECHAT_COLUMNS))
    for at, kind, merchant, item, sign, fen, by, state, number, order, note in _wechat_rows(family):
        amount = f"¥{_yuan(int(str(fen)))}"
        lines.append([at, kind, merchant, item, sign, amount, by, state, f"{number}\t", f"{order}\t", note])
    return _text(lines, "utf-8-sig", "\n")


def _wechat_xlsx(family: Family) -> bytes:
    rows: list[Row] = [[line] if line else [] for line in _wechat_head(family)]
    rows.insert(14, ["4. 如需开具用于证明材料的账单，请另行申请"])
    rows.append(WECHAT_COLUMNS)
    rows += [[*row[:5], int(str(row[5])) / 100, *row[6:]] for row in _wechat_rows(family)]
    return _sheet(rows)


def _alipay_csv(family: Family) -> bytes:
    lines: list[str | Row] = [
        "-" * 84,
        "导出信息：",
        "姓名：王小雨",
        "支付宝账户：138******21",
        f"起始时间：[{family.first} 00:00:00]    终止时间：[{family.last} 23:59:59]",
        "导出交易类型：[全部]",
        f"导出时间：[{family.last} 20:11:52]",
        f"共{len(family.paid) + 2}笔记录",
        "收入：1笔 28.50元",
        f"支出：{len(family.paid)}笔 16.54元",
        "不计收支：1笔 16.37元",
        "",
        "特别提示：",
        "1.本回单内容可表明支付宝受理了相应支付交易申请，请以实际交易情况为准；",
        "2.部分账单如：充值提现、账户转存或者个人设置收支等不计入为收入或者支出，记为不计收支类；",
        "",
        "-" * 24 + "支付宝（中国）网络技术有限公司  电子客户回单" + "-" * 24,
        "交易时间,交易分类,交易对方,对方账号,商品说明,收/支,金额,收/付款方式,交易状态,交易订单号,商家订单号,备注,",
    ]
    for row in _alipay_rows(family):
        lines.append(f"{','.join(row)},")
    return _text(lines, "gb18030")


def _alipay_rows(family: Family) -> Iterable[list[str]]:
    begin = f"{family.first} 09:00:00"
    yield [
        begin,
        "投资理财",
        "天弘基金",
        "/",
        "余额宝-收益发放",
        "不计收支",
        "0.37",
        "余额宝",
        "交易成功",
        "9001\t",
        "\t",
        "",
    ]
    yield [begin, "转账红包", "二舅", "189***77", "红包", "收入", "28.50", "余额", "交易成功", "9002\t", "\t", ""]
    yield [
        begin,
        "日用百货",
        "某家纺旗舰店",
        "x***1",
        "床单",
        "不计收支",
        "82.00",
        "",
        "交易关闭",
        "9003\t",
        "T1\t",
        "",
    ]
    for paid in family.paid:
        whole = paid.refunded == paid.fen
        sign, state = ("不计收支", "交易关闭") if whole else ("支出", "交易成功")
        number, order, amount = f"{paid.number}22001\t", f"T{paid.number}\t", _yuan(paid.fen)
        who, what = paid.merchant, paid.item
        yield [f"{paid.at}", paid.category, who, "/", what, sign, amount, "花呗", state, number, order, ""]
        if paid.refunded:
            back = [f"{paid.number}22001_{paid.number}\t", order, ""]
            at = f"{_later(paid.at)}"
            amount = _yuan(paid.refunded)
            yield [at, "退款", who, "/", f"退款-{what}", "不计收支", amount, "花呗", "退款成功", *back]


def _alipay_mobile_old(family: Family) -> bytes:
    columns = [
        "收/支",
        "交易对方",
        "对方账号",
        "商品说明",
        "收/付款方式",
        "金额",
        "交易状态",
        "交易分类",
        "交易订单号",
        "商家订单号",
        "交易时间",
    ]
    lines: list[str | Row] = ["-" * 24 + "支付宝交易明细" + "-" * 24, "".join(f"{name:<16}," for name in columns)]
    for at, kind, who, account, what, sign, amount, by, state, number, order, _ in _alipay_rows(family):
        cells = [sign.replace("不计收支", "其他"), who, account, what, by, amount, state, kind, number, order, at]
        lines.append("".join(f"{cell:<16}," for cell in cells))
    lines += ["-" * 84, "导出信息：", "姓名：王小雨", "支付宝账户：138******21", f"共{len(family.paid)}笔记录"]
    lines += ["支出：9笔，11.22元", "特别提示：", "1.本回单内容不可作为收款方发货的凭据使用；", "-" * 84]
    return _text(lines, "gb18030")


def _alipay_web(family: Family) -> bytes:
    columns = [
        "交易号",
        "商家订单号",
        "交易创建时间",
        "付款时间",
        "最近修改时间",
        "交易来源地",
        "类型",
        "交易对方",
        "商品名称",
        "金额（元）",
        "收/支",
        "交易状态",
        "服务费（元）",
        "成功退款（元）",
        "备注",
        "资金状态",
    ]
    lines: list[str | Row] = [
        "支付宝交易记录明细查询",
        "账号:[138******21]",
        f"起始日期:[{family.first} 00:00:00]    终止日期:[{family.last} 00:00:00]",
        "---------------------------------交易记录明细列表------------------------------------",
        "".join(f"{name:<20}," for name in columns),
    ]
    for paid in family.paid:
        whole = paid.refunded == paid.fen
        state, funds = ("交易关闭", "已支出") if whole else ("交易成功", "已支出")
        at = f"{paid.at}"
        cells = [paid.number, f"T{paid.number}", at, at, at, "其他（包括阿里巴巴和外部商家）", "即时到账交易"]
        cells += [paid.merchant, paid.item, _yuan(paid.fen), "支出", state, "0.00", _yuan(paid.refunded), "", funds]
        lines.append("".join(f"{cell:<20}," for cell in cells))
    lines += ["-" * 84, f"共{len(family.paid)}笔记录", "已收入:0笔,0.00元", "已支出:9笔,11.22元"]
    lines.append(f"导出时间:[{family.last} 20:11:52]    用户:王小雨")
    return _text(lines, "gb18030")


type Posting = tuple[datetime, str, str, int]


def _postings(family: Family) -> Iterable[Posting]:
    """When, with whom, what for, and the sum: negative if paid. A refund comes back from the same party."""
    for paid in family.paid:
        merchant = paid.merchant
        if paid.truth == "no" and "-" not in merchant and paid.how != "transfer":
            merchant = f"{'支付宝' if zlib.crc32(merchant.encode()) % 2 else '财付通'}-{merchant}"
        yield paid.at, merchant, paid.item, -paid.fen
        if paid.refunded:
            yield _later(paid.at), merchant, "退款", paid.refunded
    yield datetime.combine(family.first, datetime.min.time()), "湘江纺织厂", "代发工资", 520000


def _signed(fen: int) -> str:
    return f"{fen / 100:,.2f}"


def _out_in(fen: int) -> tuple[str, str]:
    return (_signed(-fen), "") if fen < 0 else ("", _signed(fen))


def _icbc_csv(family: Family) -> bytes:
    head = "交易日期,摘要,交易详情,交易场所,交易国家或地区简称,钞/汇,交易金额(收入),交易金额(支出),交易币种"
    lines: list[str | Row] = [
        "明细查询文件下载",
        "",
        '卡号: 6222****9876,"卡别名: "',
        "",
        '子账户序号: 00000,子账户类别: 活期,"子账户别名: "',
        "",
        f"{head},记账金额(收入),记账金额(支出),记账币种,余额,对方户名,对方账户",
    ]
    for at, who, what, fen in _postings(family):
        out, into = _out_in(fen)
        place = f"{at:%Y-%m-%d}     \t", f"{what:<20}\t", " " * 20 + "\t", f"{who:<40}\t", "CHN\t", "钞\t"
        cells = "-\t", "-\t", "-\t", f"{into:<20}\t", f"{out:<20}\t", "人民币\t", "1,234.56\t"
        lines.append([*place, *cells, "深圳市财付通支付科技有限公司\t", "2433****\t", ""])
    lines += [" ", "合计金额,,,,,,,,,9999.00,8888.00,,,,"]
    return _text(lines, "gb18030")


def _ccb_csv(family: Family) -> bytes:
    lines: list[str | Row] = [
        "中国建设银行个人活期账户全部交易明细",
        f"卡号/账号:6217**********1234,客户名称:王小雨,起始日期:{family.first:%Y%m%d},结束日期:{family.last:%Y%m%d}",
        "序号,摘要,币别,钞汇,交易日期,交易金额,账户余额,交易地点/附言,对方账号与户名",
    ]
    for n, (at, who, what, fen) in enumerate(_postings(family), 1):
        lines.append([n, what, "人民币元", "钞", f"{at:%Y%m%d}", _signed(fen), "1,234.56", who, "243300133/财付通"])
    return _text(lines, "utf-8")


def _ccb_xlsx(family: Family) -> bytes:
    names = [
        "记账日",
        "交易日期",
        "交易时间",
        "支出",
        "收入",
        "账户余额",
        "币种",
        "摘要",
        "对方账号",
        "对方户名",
        "交易地点",
    ]
    rows: list[Row] = [
        ["China Construction Bank"],
        ["开户机构：", "长沙分行"],
        ["账\u3000\u3000号：", "6217*****1234"],
        [],
    ]
    rows.append([f"{name}        " for name in names])
    for at, who, what, fen in _postings(family):
        out, into = max(-fen, 0) / 100, max(fen, 0) / 100
        day = f"{at:%Y%m%d}"
        other = who.split("-")[-1]
        rows.append(
            [day, day, f"{at:%H:%M:%S}", out, into, 99.5, "人民币", what, "20883*****0156", other[:1] + "***", who]
        )
    return _sheet(rows)


def _abc_csv(family: Family) -> bytes:
    lines: list[str | Row] = ["交易日期,交易时间,交易摘要,交易金额,本次余额,对手信息,日 志 号,交易渠道,交易附言"]
    for n, (at, who, what, fen) in enumerate(_postings(family)):
        by = "财付通" if "支付宝" not in who else "支付宝"
        lines.append(
            [f"{at:%Y%m%d}", f"{at:%H%M%S}", by, f"{fen / 100:+.2f}", "11.00", who, 369000000 + n, "电子商务", what]
        )
    return _text(lines, "gb18030")


def _cmb_csv(family: Family) -> bytes:
    lines: list[str | Row] = [
        '"# 招商银行交易记录"',
        f'"# 导出时间: [            {family.last} 23:52:22]"',
        '"# 账    号: [一卡通:6214********5555   招商银行]"',
        '"# 币    种: [                         人民币]"',
        f'"# 起始日期: [{family.first:%Y%m%d}]   终止日期: [{family.last:%Y%m%d}]"',
        '"# 过滤设置:  无"',
        "",
        '"交易日期","交易时间","收入","支出","余额","交易类型","交易备注"',
    ]
    for at, who, what, fen in _postings(family):
        out, into = _out_in(fen)
        kind = "快捷退款" if what == "退款" else what
        lines.append(f'"\t{at:%Y%m%d}","\t{at:%H:%M:%S}","{into}","{out}","10,000.00","{kind}","{who}"')
    lines += ["", '"# 收入合计: 1 笔，共 5200.00 元"', '"# 支出合计: 9 笔，共 999.00 元"']
    return _text(lines, "utf-8-sig")


def _psbc_xlsx(family: Family) -> bytes:
    rows: list[Row] = [["中国邮政储蓄银行个人账户交易明细"], ["户名", "王小雨", "账号", "6217****3456"]]
    rows.append(
        ["序号", "交易日期", "交易时间", "摘要", "收入金额", "支出金额", "账户余额", "对方户名", "对方账号", "附言"]
    )
    for n, (at, who, what, fen) in enumerate(_postings(family), 1):
        out, into = _out_in(fen)
        rows.append([n, f"{at:%Y-%m-%d}", f"{at:%H:%M:%S}", what, into, out, "1,234.56", who, "2433****", ""])
    return _sheet(rows)


def _boc_csv(family: Family) -> bytes:
    lines: list[str | Row] = [
        "中国银行交易流水明细单",
        "记账日期,记账时间,币别,金额,余额,交易名称,渠道,网点名称,附言,对方账户名,对方卡号/账号,对方开户行,借记卡号",
    ]
    for at, who, what, fen in _postings(family):
        kind = "网上快捷退款" if what == "退款" else "网上快捷支付"
        gap = "-------------------"
        left = f"{at:%Y-%m-%d}", f"{at:%H:%M:%S}", "人民币", _signed(fen), "3,240.28", kind, "银企对接", gap
        lines.append([*left, what, who, "Z200******010N", gap, "3167"])
    return _text(lines, "utf-8")


def _bocom_csv(family: Family) -> bytes:
    lines: list[str | Row] = ["序号,交易日期,交易时间,交易类型,借贷,交易金额,余额,对方账号,对方户名,交易地点,摘要"]
    for n, (at, who, what, fen) in enumerate(_postings(family), 1):
        side = "借 Dr" if fen < 0 else "贷 Cr"
        left = n, f"{at:%Y-%m-%d}", f"{at:%H:%M:%S}", "网上支付", side, _yuan(abs(fen)), "3154.93"
        lines.append([*left, "1111****", who, who, what])
    return _text(lines, "utf-8-sig")


LAYOUTS: dict[str, tuple[str, Callable[[Family], bytes]]] = {
    "wechat_csv": ("csv", _wechat_csv),
    "wechat_xlsx": ("xlsx", _wechat_xlsx),
    "alipay_csv": ("csv", _alipay_csv),
    "alipay_mobile_old": ("csv", _alipay_mobile_old),
    "alipay_web": ("csv", _alipay_web),
    "icbc_csv": ("csv", _icbc_csv),
    "ccb_csv": ("csv", _ccb_csv),
    "ccb_xlsx": ("xlsx", _ccb_xlsx),
    "abc_csv": ("csv", _abc_csv),
    "cmb_csv": ("csv", _cmb_csv),
    "psbc_xlsx": ("xlsx", _psbc_xlsx),
    "boc_csv": ("csv", _boc_csv),
    "bocom_csv": ("csv", _bocom_csv),
}
