"""Games and live streams are found and said to be sure or not; ordinary payments are left alone; sums are right."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from bot.bills import Finding, Merchants, find_child_spending, totals
from bot.bills.merchants import Trade
from bot.conversation.clock import HUNAN
from bot.conversation.errors import InvalidData
from bot.conversation.payments import PayChannel, Payment, SpendingKind
from tests.unit.world import DATA

TABLE = (DATA / "merchants.yml").read_text("utf-8")
MERCHANTS = Merchants.parse(TABLE)
NIGHT = datetime(2026, 3, 1, 22, tzinfo=HUNAN)


def paid(merchant: str, item: str = "/", yuan: float = 68, at: datetime = NIGHT) -> Payment:
    return Payment(at, round(yuan * 100), merchant, item, PayChannel.WECHAT, "1", SpendingKind.OTHER)


def found(*payments: Payment) -> list[Finding]:
    return find_child_spending(payments, MERCHANTS)


@pytest.mark.parametrize(
    ("merchant", "item", "kind"),
    [
        ("深圳市腾讯天游科技有限公司", "王者荣耀", SpendingKind.GAME),
        ("财付通-腾讯天游", "消费", SpendingKind.GAME),
        ("Tencent Games", "x", SpendingKind.GAME),
        ("VALVE CORPORATION STEAM", "境外消费", SpendingKind.GAME),
        ("某某商行", "和平精英 点券", SpendingKind.GAME),
        ("交易猫", "账号", SpendingKind.GAME),
        ("腾讯天游科技", "新春红包礼包", SpendingKind.GAME),
        ("抖音", "抖币充值", SpendingKind.LIVE),
        ("广州虎牙信息科技有限公司", "消费", SpendingKind.LIVE),
        ("哔哩哔哩", "直播打赏", SpendingKind.LIVE),
        ("爱奇艺", "连续包月", SpendingKind.OTHER),
        ("哔哩哔哩", "大会员", SpendingKind.OTHER),
    ],
)
def test_what_has_a_known_name_is_sure(merchant: str, item: str, kind: SpendingKind) -> None:
    [finding] = found(paid(merchant, item))
    assert (finding.kind, finding.sure) == (kind, True)
    assert finding.payment.kind is kind
    assert finding.why


@pytest.mark.parametrize(
    ("merchant", "item", "yuan"),
    [
        ("中国移动", "话费充值", 50),
        ("国网湖南电力", "电费", 68),
        ("一卡通", "公交月卡充值", 30),
        ("步步高超市", "购物", 68),
        ("美团", "外卖", 30),
        ("明德中学", "学费", 648),
        ("妈妈", "转账备注:微信转账", 648),
        ("堂妹", "微信红包", 68),
        ("晨光文具", "王者荣耀中性笔", 6),
        ("泡泡玛特", "原神联名手办", 68),
        ("湘雅医院", "皮肤科", 30),
        ("周大福珠宝", "钻石戒指", 648),
        ("虎牙口腔门诊", "洗牙", 98),
        ("抖音电商商家", "连衣裙", 98),
        ("杭州某某科技有限公司", "服务", 68),
        ("某某网络科技有限公司", "月卡", 33.7),
        ("京东商城平台商户", "年货礼包", 98),
        ("杭州口碑网络技术有限公司", "代金券100元", 100),
        ("天天基金网络科技", "基金定投", 500),
    ],
)
def test_ordinary_payments_are_left_alone(merchant: str, item: str, yuan: float) -> None:
    assert found(paid(merchant, item, yuan)) == []


@pytest.mark.parametrize(
    ("merchant", "item"),
    [
        ("阿杰", "转账备注:王者代充"),
        ("发给网友", "卖号的钱"),
        ("App Store & Apple Music", "于03.01购买"),
        ("北京微播视界科技有限公司", "消费"),
        ("海南某某网络科技有限公司", "钻石礼包"),
        ("淘宝卖家", "火影忍者 鸣人"),
        ("王者荣耀小王", "转账备注:皮肤钱"),
        ("儿子", "亲属卡"),
    ],
)
def test_what_only_looks_like_it_is_shown_as_unsure(merchant: str, item: str) -> None:
    [finding] = found(paid(merchant, item))
    assert not finding.sure
    assert "请您核对" in finding.why


def test_many_payments_of_one_hour_to_an_unknown_online_company_look_like_a_game() -> None:
    name = "成都某某网络有限公司"
    hour = [paid(name, "订单", 6, NIGHT + timedelta(minutes=n)) for n in range(4)]
    assert found(*hour[:2]) == []
    assert [finding.sure for finding in found(*hour)] == [False] * 4
    days = [paid(name, "订单", yuan, NIGHT + timedelta(days=3 * yuan)) for yuan in (6, 30, 30)]
    assert [finding.sure for finding in found(*days)] == [False] * 3
    assert found(*days[1:], paid(name, "订单", 30, NIGHT + timedelta(days=9))) == []
    apart = [paid(name, "订单", 6.5, NIGHT + timedelta(minutes=n)) for n in range(4)]
    assert found(*apart) == []


def test_the_same_sum_every_month_to_an_app_store_is_a_membership() -> None:
    months = [paid("APPLE.COM/BILL", "消费", 68, NIGHT + timedelta(days=30 * n)) for n in range(3)]
    assert {finding.kind for finding in found(*months)} == {SpendingKind.OTHER}
    assert {finding.kind for finding in found(*months[:1])} == {SpendingKind.GAME}


def test_a_refund_is_what_its_payment_was() -> None:
    store = "App Store & Apple Music"
    both = found(
        paid(store, "购买", 648), paid(store, "退款", -648, NIGHT + timedelta(days=2)), paid("妈妈", "转账", 9)
    )
    assert [(finding.kind, finding.payment.amount) for finding in both] == [
        (SpendingKind.GAME, 64_800),
        (SpendingKind.GAME, -64_800),
    ]


def test_totals_take_off_what_came_back_and_show_it() -> None:
    later = NIGHT + timedelta(days=31)
    sums = totals(
        [paid("甲", yuan=648), paid("乙", yuan=6), paid("甲", yuan=-648, at=later), paid("乙", yuan=30, at=later)]
    )
    assert (sums.overall.paid, sums.overall.back, sums.overall.net, sums.overall.count) == (68_400, 64_800, 3_600, 3)
    assert {day: one.net for day, one in sums.by_day.items()} == {date(2026, 3, 1): 65_400, date(2026, 4, 1): -61_800}
    assert list(sums.by_month) == [date(2026, 3, 1), date(2026, 4, 1)]
    assert [(name, one.net) for name, one in sums.by_merchant.items()] == [("乙", 3_600), ("甲", 0)]
    assert totals([]).overall.net == 0


def test_the_table_knows_hundreds_and_prefers_the_particular_name() -> None:
    assert TABLE.count("\n  - ") > 250
    assert MERCHANTS.known("深圳市腾讯天游科技有限公司").trade is Trade.GAME  # type: ignore[union-attr]
    assert MERCHANTS.known("网易云音乐").trade is Trade.OTHER  # type: ignore[union-attr]
    assert MERCHANTS.known("老王面馆") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "merchants: {}",
        TABLE.replace("prices: ", "prices: x "),
        TABLE.replace("  live:\n", "  live:\n  - 米哈游\n", 1),
    ],
)
def test_a_table_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidData, match="merchants"):
        Merchants.parse(text)
