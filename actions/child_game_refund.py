"""Papers for the refund of what a child spent; never for what an adult spent."""

from __future__ import annotations

from typing import Any

from actions.form import FlowEnd, FlowForm
from actions.guide import Guide, Speaker
from actions.memory import Halt
from actions.questions import SKIPPED, Answers, Flow, Kind, Question
from actions.reading import lower, upper

ADULT_AT = 18
CAPACITY_FROM = 8
"""民法典 19, 20: below, whatever the child bought is void; from here to 18 what goes beyond its age needs consent."""

_KINDS = {"game": "game", "live_stream": "live"}


def spent_on(answers: Answers) -> str | None:
    """On what: what she said, or what the named platform is for."""
    if answers.get("kind", SKIPPED) != SKIPPED:
        return str(answers["kind"])
    platform = answers.get("platform")
    return _KINDS.get(platform["kind"]) if isinstance(platform, dict) else None


def _kind_unknown(answers: Answers) -> bool:
    return spent_on(answers) is None


_KNEW = {
    **dict.fromkeys(("不知道", "不晓得", "不知情", "没人知道", "我不知道", "我不晓得", "大人不知道"), "no"),
    **dict.fromkeys(("没同意", "不同意", "知道没同意", "知道一些"), "knew"),
    **dict.fromkeys(("同意", "我同意", "同意过", "我答应"), "agreed"),
    **dict.fromkeys(("我自己花", "我花", "我自己充", "大人充", "大人自己充"), "adult"),
}
_SPENT_ON = {"游戏": "game", "打游戏": "game", "充游戏": "game", "打赏": "live", "直播": "live", "刷礼物": "live"}
_ACCOUNTS = {
    **dict.fromkeys(("我", "我自己", "大人", "他爸", "他妈", "孩子爸爸", "孩子妈妈", "我老公"), "parent"),
    **dict.fromkeys(("孩子", "他自己", "她自己", "崽", "小孩"), "child"),
    **dict.fromkeys(("爷爷", "奶奶", "外公", "外婆", "老人", "租"), "other"),
}
_ASKED = {
    **dict.fromkeys(("没有", "没", "没找", "没找过", "没有找", "还没有", "冇"), "no"),
    **dict.fromkeys(("在等", "等回复", "还在等"), "waiting"),
    **dict.fromkeys(("不退", "不肯", "拒绝", "找了不退"), "refused"),
}

FLOW = Flow(
    "child_game_refund",
    (
        Question("child_age", Kind.AGE, ("年龄", "岁数", "几岁", "年纪"), volunteered=True),
        Question(
            "knew",
            Kind.CHOICE,
            ("大人知道", "知不知道", "谁充的", "谁花的"),
            ("no", "knew", "agreed", "adult"),
            also=_KNEW,
        ),
        Question(
            "kind",
            Kind.CHOICE,
            ("类别", "花在哪", "种类"),
            ("game", "live", "other"),
            needed=_kind_unknown,
            also=_SPENT_ON,
        ),
        Question("platform", Kind.PLATFORM, ("平台", "游戏名", "游戏"), volunteered=True),
        Question("sum", Kind.MONEY, ("金额", "钱数", "多少钱", "钱"), volunteered=True),
        Question("first_on", Kind.DATE, ("第一次", "开始日期", "哪天开始")),
        Question("last_on", Kind.DATE, ("最后一次", "最后日期", "哪天结束")),
        Question("account_of", Kind.CHOICE, ("账号", "实名"), ("parent", "child", "other"), also=_ACCOUNTS),
        Question("found_on", Kind.DATE, ("发现", "发现日期")),
        Question("asked_platform", Kind.CHOICE, ("找平台", "客服"), ("no", "waiting", "part", "refused"), also=_ASKED),
    ),
)


class ChildGameRefund(Guide):
    """Ends in papers, unless an adult spent the money or agreed to it."""

    flow = FLOW

    def published(self, answers: Answers) -> dict[str, Any]:
        """See the parent class: a platform's name tells the kind, too."""
        kind = spent_on(answers)
        return {**super().published(answers), **({"kind": kind} if kind else {})}

    def halt(self, answers: Answers) -> Halt | None:
        """See the parent class: an adult's spending is never passed off as a child's."""
        age = answers.get("child_age", SKIPPED)
        if age != SKIPPED and lower(age) >= ADULT_AT:
            return Halt("utter_refund_grown_up", "finished")
        if answers.get("knew") in ("agreed", "adult"):
            return Halt(f"utter_refund_{answers['knew']}", "finished")
        return None

    def close(self, speaker: Speaker, answers: Answers) -> None:
        """See the parent class."""
        speaker.say_lines("utter_refund_done", legal_line(answers), *_notes(answers))
        speaker.say_lines("utter_refund_bill", "utter_refund_agents_warning")
        speaker.propose({"paper": {"flow": FLOW.name}})


def legal_line(answers: Answers) -> str:
    """The response that says what the law says at this age; limits of the age may lie on both sides."""
    age = answers.get("child_age", SKIPPED)
    if age == SKIPPED or lower(age) < CAPACITY_FROM <= upper(age):
        return "utter_refund_law_both"
    return "utter_refund_law_under_8" if upper(age) < CAPACITY_FROM else "utter_refund_law_from_8"


def _notes(answers: Answers) -> list[str]:
    notes = []
    if answers.get("account_of") in ("parent", "other"):
        notes.append("utter_refund_adult_account")
    if spent_on(answers) == "live":
        notes.append("utter_refund_live")
    refused = answers.get("asked_platform") in ("refused", "part")
    notes.append("utter_refund_next_refused" if refused else "utter_refund_next")
    return notes


class ValidateChildGameRefundForm(FlowForm):
    """The refund's form."""

    guide = ChildGameRefund()


class ActionEndChildGameRefund(FlowEnd):
    """The refund's end."""

    guide = ChildGameRefund()
