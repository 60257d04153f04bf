"""What the codes of the flows' options (actions/) are called on a paper; her own words are written as they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

NO_ANSWERS = frozenset({"none", "nothing_more", "skipped"})
"""Options that say nothing on a paper."""

ASKS = {
    "no_violence": "禁止被申请人实施家庭暴力",
    "no_contact": "禁止被申请人骚扰、跟踪、接触申请人及其相关近亲属",
    "move_out": "责令被申请人迁出申请人住所",
    "no_messages": "禁止被申请人以电话、短信、即时通讯工具、电子邮件等方式侮辱、诽谤、威胁申请人及其相关近亲属",
    "keep_away": "禁止被申请人在申请人及其相关近亲属的住所、学校、工作单位等经常出入场所的一定范围内，"
    "从事可能影响申请人及其相关近亲属正常生活、学习、工作的活动",
}
"""反家暴法 29 (1) to (3), and 2022规定 10 (law.md section 1.6)."""

EVIDENCE = {
    "police": "报警回执、出警记录",
    "medical": "病历、鉴定",
    "recordings": "照片、录音、录像",
    "chats": "聊天记录、短信",
    "pledge": "保证书、悔过书",
    "witnesses": "亲友、邻居的证言",
    "women_federation": "妇联、居（村）委会收到求助的记录",
}
"""Of the list in 2022规定 6 (law.md section 1.7)."""

FITTING_LINES = {
    "injuries": ("病历（伤还没有看过医生的，先去看）", "伤情和致伤原因"),
    "choking": ("被掐脖子以后的检查记录", "颈部的伤有时外表看不出来，请告诉医生被掐过"),
    "following": ("被跟踪、被骚扰的记录：时间、地点、来电和短信", "跟踪、骚扰"),
    "control": ("被拿走证件、手机、钱，不让出门的经过，写下来", "限制人身自由、控制"),
    "forced": ("就医记录和当时的衣物（不洗，用纸袋装）", "被强迫的经过。先报警或者就医，由民警、医生来取证"),
    "pregnancy": ("产检和孕期就医记录", "怀孕期间受到的伤害"),
    "children": ("孩子受伤、受惊吓的就医记录，学校老师看到的情况", "孩子受到的伤害、在场的情况"),
}
"""More rows of the list of evidence, by the question of the safety check that was not answered with no."""

RELATIONS = {
    "husband": "夫妻",
    "ex_husband": "已经离婚",
    "partner": "共同生活，没有结婚",
    "ex_partner": "恋爱或者曾经恋爱",
    "family": "公婆、父母或者别的家人",
}

BASES = {
    "husband": "家庭成员",
    "ex_husband": "恋爱或离婚后",
    "partner": "共同生活",
    "ex_partner": "恋爱或离婚后",
    "family": "其他家人",
}
"""Which law the application cites: 反家暴法 23, its 37 with 2022规定 4, or 妇女权益保障法 29 (law.md section 1.1)."""

ASSETS = {
    "house": "房子",
    "savings": "存款",
    "car": "车",
    "funds": "公积金、社保",
    "investments": "股票、理财、保险",
    "business": "店铺、公司",
    "land": "土地、宅基地",
}

DEBTS = {
    "yes": "有我不知道、没有签过字的债",
    "no": "没有我不知道的债",
    "unsure": "有没有我不知道的债，说不准",
}

ACCOUNT_OF = {"parent": "家长", "child": "孩子自己", "other": "别人"}

KNEW = {"no": "不知道", "knew": "知道一些，没有同意"}

ASKED_PLATFORM = {
    "no": "还没有联系平台。",
    "waiting": "已经联系平台，还在等答复。",
    "part": "已经联系平台，平台只退了一部分。",
    "refused": "已经联系平台，平台不肯退。",
}

SPENDING = {"game": "充值", "live": "打赏", "other": "付款"}

CHANNELS = {"wechat": "微信支付", "alipay": "支付宝", "bank": "银行"}


def in_words(names: Mapping[str, str], told: Iterable[str]) -> list[str]:
    """What was chosen, once each and in order; what is none of the options stays as she said it."""
    return list(dict.fromkeys(names.get(one, one.replace("\n", "；")) for one in told if one not in NO_ANSWERS))
