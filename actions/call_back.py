"""A call back: which number, when it is safe, what others may hear who answer; the office calls then and never else."""

from __future__ import annotations

from actions.form import FlowEnd, FlowForm
from actions.guide import Guide, Speaker
from actions.questions import SKIPPED, Answers, Flow, Kind, Question

_SAY_WHO = {
    **dict.fromkeys(("可以", "可以的", "能", "能说", "说", "说吧", "行", "好", "好的", "没关系", "都可以"), "yes"),
    **dict.fromkeys(("不可以", "不能", "不行", "不要", "不要说", "别说", "不说", "打错了", "挂掉", "挂了"), "no"),
}

FLOW = Flow(
    "call_back",
    (
        Question("phone", Kind.PHONE, ("号码", "电话", "手机"), volunteered=True),
        Question("when", Kind.WORDS, ("时间", "时候"), calm=True),
        Question(
            "say_who", Kind.CHOICE, ("别人接", "怎么说"), ("yes", "no"),
            also=_SAY_WHO, within={r"不|别|莫|打错|挂": "no", r"可以|能|行": "yes"}, calm=True,
        ),
        Question("words", Kind.WORDS, ("备注", "别的"), calm=True),
    ),
)  # fmt: skip


class CallBack(Guide):
    """Ends in what she may expect; without a number or a time nothing is kept to be dialled."""

    flow = FLOW

    def close(self, speaker: Speaker, answers: Answers) -> None:
        """See the parent class; who did not say what others may hear is not named to them."""
        if SKIPPED in (answers["phone"], answers["when"]):
            speaker.say("utter_call_back_not_noted")
            return
        heard = "openly" if answers["say_who"] == "yes" else "discreetly"
        speaker.say_lines(
            "utter_call_back_noted", f"utter_call_back_{heard}", "utter_call_back_changed", tail=answers["phone"][-2:]
        )


class ValidateCallBackForm(FlowForm):
    """The call back's form."""

    guide = CallBack()


class ActionEndCallBack(FlowEnd):
    """The call back's end."""

    guide = CallBack()
