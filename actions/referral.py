"""Legal aid, counselling or mediation: who may have it, in plain words, and a referral that the office takes up."""

from __future__ import annotations

from actions.form import FlowEnd, FlowForm
from actions.guide import Guide, Speaker
from actions.questions import Answers, Flow, Kind, Question


def _depends_on_means(answers: Answers) -> bool:
    """法律援助法 32: who suffered domestic violence has not to show that she is poor."""
    return answers.get("kind") == "legal_aid" and answers.get("matter") != "violence"


_KINDS = {
    **dict.fromkeys(("律师", "免费律师", "法律援助", "法援"), "legal_aid"),
    **dict.fromkeys(("咨询", "心理", "心理老师"), "counselling"),
    **dict.fromkeys(("调解", "劝和"), "mediation"),
}
_CALLS = dict.fromkeys(
    ("不要", "不要打", "不用", "不用打", "不用回电", "不用回电话", "别打", "不能", "不行", "不方便"), "no"
)
MATTERS = ("violence", "divorce", "support", "work", "other")

FLOW = Flow(
    "referral",
    (
        Question("kind", Kind.CHOICE, ("要什么", "类别"), ("legal_aid", "counselling", "mediation"), also=_KINDS),
        Question("matter", Kind.CHOICE, ("什么事", "事情"), MATTERS, free=True),
        Question("means", Kind.CHOICE, ("经济", "收入"), ("yes", "no", "unsure"), needed=_depends_on_means),
        Question("county", Kind.REGION, ("地方", "县", "地区"), volunteered=True),
        Question(
            "call", Kind.CHOICE, ("电话", "怎么联系", "联系"), ("no", "daytime", "evening"), also=_CALLS, free=True
        ),
    ),
)

LISTED = ("support", "work")
"""法律援助法 31 lists claims of support and of wages or injuries at work; a divorce by itself it does not list."""


class Referral(Guide):
    """Ends in what she may expect, and in a file of the office; never in mediation with someone who hurts her."""

    flow = FLOW

    def close(self, speaker: Speaker, answers: Answers) -> None:
        """See the parent class."""
        kind = answers.get("kind")
        if kind == "mediation" and answers.get("matter") == "violence":
            speaker.say("utter_referral_no_mediation")
            return
        if kind not in ("legal_aid", "counselling", "mediation"):
            speaker.say("utter_referral_which")
            return
        speaker.say_lines(eligibility(answers), *_contact(answers))
        speaker.propose({"referral": {"kind": kind}})


def eligibility(answers: Answers) -> str:
    """The response that says who may have what she asks for."""
    if answers.get("kind") != "legal_aid":
        return f"utter_referral_{answers['kind']}"
    if answers.get("matter") == "violence":
        return "utter_referral_legal_aid_violence"
    if answers.get("matter") in LISTED:
        return "utter_referral_legal_aid_listed"
    return "utter_referral_legal_aid_other"


def _contact(answers: Answers) -> list[str]:
    wished = answers.get("call") not in (None, "no", "skipped")
    return ["utter_referral_may_call" if wished else "utter_referral_no_call"]


class ValidateReferralForm(FlowForm):
    """The referral's form."""

    guide = Referral()


class ActionEndReferral(FlowEnd):
    """The referral's end."""

    guide = Referral()
