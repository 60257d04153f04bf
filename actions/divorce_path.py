"""The path of a divorce: agreement or lawsuit, its days, child support, debts, and a list of what there is."""

from __future__ import annotations

from datetime import date

from actions.child_support import estimate
from actions.cooling_off import cooling_off
from actions.form import FlowEnd, FlowForm
from actions.guide import Guide, Speaker
from actions.questions import NOTHING_MORE, SKIPPED, Answers, Flow, Kind, Question

ASSETS = ("house", "savings", "car", "funds", "investments", "business", "land")


def _by_agreement(answers: Answers) -> bool:
    return answers.get("way") == "agreement"


def _has_children(answers: Answers) -> bool:
    return answers.get("children", SKIPPED) not in (SKIPPED, [])


_WAYS = {
    **dict.fromkeys(("协议", "协议离婚", "同意", "都同意", "谈得拢", "谈好"), "agreement"),
    **dict.fromkeys(("起诉", "打官司", "谈不拢", "他不同意", "不同意", "诉讼"), "lawsuit"),
    **dict.fromkeys(("没想好", "还没想好", "不知道", "不晓得"), "unsure"),
}

_WAYS_WITHIN = {"起诉|官司|谈不拢|不同意|不肯|不离": "lawsuit", "同意|协议|谈好|商量好": "agreement"}

FLOW = Flow(
    "divorce_path",
    (
        Question("violence", Kind.CHOICE, ("动手", "家暴", "安全"), ("yes", "no", "unsure", SKIPPED), harm=True),
        Question(
            "way",
            Kind.CHOICE,
            ("方式", "协议", "起诉"),
            ("agreement", "lawsuit", "unsure"),
            also=_WAYS,
            within=_WAYS_WITHIN,
        ),
        Question("applied_on", Kind.DAY, ("申请日期", "日期", "哪天递的"), needed=_by_agreement),
        Question("children", Kind.AGES, ("孩子", "年龄", "岁数")),
        Question("income", Kind.MONEY, ("收入", "工资"), needed=_has_children),
        Question("debts", Kind.CHOICE, ("债", "欠债", "债务"), ("yes", "no", "unsure")),
        Question("assets", Kind.SEVERAL, ("财产", "家产"), (*ASSETS, NOTHING_MORE)),
    ),
)


class DivorcePath(Guide):
    """Ends in days, an estimate, what to bring, and a list of what there is as a paper."""

    flow = FLOW

    def close(self, speaker: Speaker, answers: Answers) -> None:
        """See the parent class."""
        afraid = answers.get("violence") in ("yes", "unsure")
        if afraid:
            speaker.say("utter_divorce_path_safety_first")
        way = "lawsuit" if answers.get("violence") == "yes" else answers.get("way", "unsure")
        speaker.say_lines(f"utter_divorce_path_{way if way != SKIPPED else 'unsure'}")
        _tell_days(speaker, answers)
        _tell_money(speaker, answers)
        speaker.propose({"paper": {"flow": FLOW.name}})


def _tell_days(speaker: Speaker, answers: Answers) -> None:
    applied = answers.get("applied_on", SKIPPED)
    if applied == SKIPPED:
        return
    days = cooling_off(date.fromisoformat(applied))
    sure = "utter_divorce_path_days_sure" if days.sure else "utter_divorce_path_days_unsure"
    speaker.say_lines(
        "utter_divorce_path_days",
        sure,
        applied=in_words(days.applied_on),
        until=in_words(days.withdraw_until),
        first=in_words(days.collect_from),
        last=in_words(days.collect_until),
    )


def _tell_money(speaker: Speaker, answers: Answers) -> None:
    lines, fills = [], {}
    if _has_children(answers) and answers.get("income", SKIPPED) != SKIPPED:
        children = len(answers["children"])
        money = estimate(answers["income"], children)
        fills = {"low": money.low, "high": money.high, "most": money.at_most, "children": children}
        lines.append("utter_divorce_path_support_one" if children == 1 else "utter_divorce_path_support_more")
    if answers.get("debts") in ("yes", "unsure"):
        lines.append("utter_divorce_path_debts")
    speaker.say_lines(*lines, "utter_divorce_path_list", **fills)


def in_words(day: date) -> str:
    """2026年11月3日."""
    return f"{day.year}年{day.month}月{day.day}日"


class ValidateDivorcePathForm(FlowForm):
    """The divorce path's form."""

    guide = DivorcePath()


class ActionEndDivorcePath(FlowEnd):
    """The divorce path's end."""

    guide = DivorcePath()
