"""What is answered in guided help, in words that an operator and she herself can read."""

from __future__ import annotations

from collections.abc import Mapping

from bot.conversation.flows import Answer

TITLE_OF_FLOW: Mapping[str, str] = {
    "safety_check": "安全评估",
    "protection_order": "保护令申请",
    "child_game_refund": "退款材料",
    "divorce_path": "离婚的事",
    "parenting_help": "孩子的情况",
    "referral": "转介",
    "call_back": "登记回电",
}
"""How the office calls each flow."""

WORDS_OF_ANSWERS: Mapping[str, str] = {
    "weight": "分量",
    "level": "级别",
    "applicant": "申请人",
    "respondent": "被申请人",
    "relation": "关系",
    "happened": "发生了什么",
    "last_time": "最近一次",
    "before": "以前",
    "injuries": "伤情",
    "threats": "威胁",
    "children": "孩子",
    "evidence": "证据",
    "asks": "请求",
    "court": "法院",
    "for_whom": "替谁",
    "child_age": "孩子年龄",
    "kind": "种类",
    "platform": "平台",
    "sum": "金额",
    "first_on": "第一次",
    "last_on": "最后一次",
    "account_of": "谁的账号",
    "knew": "谁知道什么",
    "found_on": "什么时候发现",
    "asked_platform": "找过平台没有",
    "way": "怎么离",
    "violence": "有没有家暴",
    "applied_on": "申请日期",
    "income": "对方收入",
    "debts": "债务",
    "assets": "财产",
    "happens": "孩子怎么了",
    "since": "从什么时候起",
    "tried": "试过什么",
    "signs": "要留意的",
    "county": "在哪里",
    "matter": "什么事",
    "means": "经济情况",
    "call": "怎么联系",
    "phone": "电话",
    "when": "什么时候打",
    "say_who": "别人接了怎么说",
    "words": "还要知道的",
}
"""What each answer is about, for who reads it; the questions of the safety check go by their own names."""

_CODES: Mapping[str, str] = {
    "yes": "有",
    "no": "没有",
    "unsure": "说不准",
    "skipped": "没回答",
    "none": "都没有",
    "critical": "紧急",
    "high": "重要",
    "normal": "一般",
    "agreement": "协议",
    "lawsuit": "起诉",
    "game": "游戏",
    "live": "直播",
    "other": "别的",
    "parent": "家长",
    "child": "孩子",
    "legal_aid": "法律援助",
    "counselling": "心理咨询",
    "mediation": "调解",
    "self": "本人",
    "elder": "老人或病人",
    "husband": "丈夫或妻子",
    "ex_husband": "离了婚的",
    "partner": "住在一起，没结婚",
    "ex_partner": "谈过恋爱",
    "family": "公婆、父母或别的家人",
    "police": "报警回执、出警记录",
    "medical": "病历、鉴定",
    "recordings": "照片、录音、录像",
    "chats": "聊天、短信",
    "pledge": "保证书、悔过书",
    "witnesses": "证人",
    "women_federation": "妇联、居（村）委会的记录",
    "no_violence": "不许家暴",
    "no_contact": "不许骚扰、跟踪、接触",
    "move_out": "让他搬出",
    "no_messages": "不许打电话、发信息来闹",
    "keep_away": "不许到住处、学校、单位来",
    "house": "房子",
    "savings": "存款",
    "car": "车",
    "funds": "公积金、社保",
    "investments": "股票、理财、保险",
    "business": "店铺、公司",
    "land": "土地、宅基地",
    "self_harm": "身上有划痕",
    "hopeless": "老说没意思",
    "afraid": "怕某个大人",
    "no_sleep": "睡不好、吃不下",
    "no_school": "不肯上学、不肯出门",
    "slow": "比别的孩子慢",
    "days": "几天",
    "weeks": "两三个星期",
    "months": "一两个月",
    "long": "半年以上",
    "violence": "家庭暴力",
    "divorce": "离婚、孩子、财产",
    "support": "抚养费、赡养费",
    "work": "工钱、工伤",
    "daytime": "白天可以打",
    "evening": "晚上可以打",
    "waiting": "找了，在等",
    "part": "只退了一部分",
    "refused": "不肯退",
    "knew": "知道一些，没同意",
    "agreed": "大人同意过",
    "adult": "大人自己花的",
}
_CODES_OF: Mapping[str, Mapping[str, str]] = {
    "knew": {"no": "都不知道"},
    "asked_platform": {"no": "还没找"},
    "call": {"no": "不要打电话"},
    "means": {"yes": "困难", "no": "还过得去"},
    "say_who": {"yes": "可以说是妇联", "no": "不说是谁，只说打错了"},
}
"""Where a code means something else to one question."""


def told(answer: Answer, question: str = "") -> str:
    """An answer in words: codes of the flows (actions/) by their names, limits as "12000 到 13000，大约"."""
    match answer:
        case str():
            return _CODES_OF.get(question, _CODES).get(answer, _CODES.get(answer, answer))
        case bool():
            return "是" if answer else "否"
        case int() | float():
            return f"{answer:g}"
        case Mapping():
            if "name" in answer:
                return str(answer["name"])
            limits = f"{answer.get('low', 0):g} 到 {answer.get('high', 0):g}"
            return f"{limits}，大约" if answer.get("about") else limits
        case _:
            return "、".join(told(part, question) for part in answer)
