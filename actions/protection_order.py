"""An application for a protection order: who, which court, what to ask for, and what happened in her words."""

from __future__ import annotations

from actions.form import NONE, FlowEnd, FlowForm
from actions.guide import Guide, Speaker
from actions.questions import NOTHING_MORE, Answers, Flow, Kind, Question

RELATIONS = {
    "husband": "husband", "wife": "husband", "spouse": "husband", "ex_husband": "ex_husband", "ex_wife": "ex_husband",
    "partner": "partner", "boyfriend": "ex_partner", "girlfriend": "ex_partner", "ex_boyfriend": "ex_partner",
    "ex_girlfriend": "ex_partner", "ex_partner": "ex_partner", "mother_in_law": "family", "father_in_law": "family",
    "parents_in_law": "family", "father": "family", "mother": "family", "son": "family", "brother": "family",
}  # fmt: skip
"""Which option a relation of docs/adr/0012 belongs to."""

ASKS = ("no_violence", "no_contact", "move_out", "no_messages", "keep_away")
"""反家暴法 29 (the first three), and what 2022规定 10 counts as "other measures" (the last two)."""

EVIDENCE = ("police", "medical", "recordings", "chats", "pledge", "witnesses", "women_federation")
"""Of the list in 2022规定 6, what people mostly have."""

_FOR_WHOM = {
    **dict.fromkeys(("自己", "我自己", "我", "给自己", "替自己"), "self"),
    **dict.fromkeys(("孩子", "给孩子", "我孩子"), "child"),
    **dict.fromkeys(("我妈", "我爸", "老人", "替我妈"), "elder"),
}

FLOW = Flow(
    "protection_order",
    (
        Question("for_whom", Kind.CHOICE, ("替谁", "申请人身份"), ("self", "child", "elder", "other"), also=_FOR_WHOM),
        Question(
            "relation", Kind.CHOICE, ("关系",), ("husband", "ex_husband", "partner", "ex_partner", "family"),
            volunteered=True, entities=RELATIONS,
        ),
        Question("happened", Kind.WORDS, ("经过", "事情")),
        Question("last_time", Kind.DATE, ("最近一次", "日期", "时间")),
        Question("before", Kind.WORDS, ("以前",)),
        Question("injuries", Kind.WORDS, ("伤", "受伤")),
        Question("threats", Kind.WORDS, ("威胁",)),
        Question("children", Kind.WORDS, ("孩子",)),
        Question("evidence", Kind.SEVERAL, ("证据",), (*EVIDENCE, NONE, NOTHING_MORE)),
        Question("asks", Kind.SEVERAL, ("请求", "要求"), (*ASKS, NOTHING_MORE)),
        Question("court", Kind.NAME, ("法院",)),
        Question("applicant", Kind.NAME, ("我的名字", "名字", "申请人")),
        Question("respondent", Kind.NAME, ("他的名字", "被申请人")),
    ),
)  # fmt: skip


class ProtectionOrder(Guide):
    """Ends in the application as a paper."""

    flow = FLOW

    def close(self, speaker: Speaker, answers: Answers) -> None:
        """See the parent class."""
        for_other = answers.get("for_whom") in ("child", "elder", "other")
        lines = ["utter_protection_order_done", "utter_protection_order_file"]
        lines += ["utter_protection_order_for_other"] if for_other else []
        lines += ["utter_protection_order_no_evidence"] if not answers.get("evidence") else []
        speaker.say_lines(*lines, "utter_protection_order_careful")
        speaker.propose({"paper": {"flow": FLOW.name}})


class ValidateProtectionOrderForm(FlowForm):
    """The protection order's form."""

    guide = ProtectionOrder()


class ActionEndProtectionOrder(FlowEnd):
    """The protection order's end."""

    guide = ProtectionOrder()
