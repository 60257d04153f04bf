"""The safety check: a lethality screen in plain words, which stops at the first answer that cannot wait.

Each factor is one that a published screen asks (Campbell's Danger Assessment, "DA"; the Lethality Assessment Program,
"LAP"; both retold in shared reference field.md, section B2), in our own words and for circumstances here. Weights are
ours: the published ones are not confirmed. They only order what an operator reads; she never sees a number.
"""

from __future__ import annotations

from typing import Any

from actions.form import FlowEnd, FlowForm
from actions.guide import Guide, Speaker
from actions.memory import Halt
from actions.questions import SKIPPED, Answers, Flow, Kind, Question
from actions.safety_plan import evidence_lines, plan_lines

CODES = ("yes", "no", "unsure", SKIPPED)

CRITICAL = {
    "now": "danger at this moment comes before any screen",
    "weapon": "DA 5, LAP 1: used or threatened with a weapon; here knives, bottles, boiling water, acid, petrol",
    "kill_threat": "DA 6, LAP 2: threatened to kill her or the children; here her parents' family, too",
    "choking": "DA 10, LAP 5; LAP 2.0: choking alone means high danger",
    "fear": "DA 18, LAP 3: she thinks that he could kill her",
}
"""A yes cannot wait: LAP calls an advocate at once after 1, 2 or 3, LAP 2.0 after choking."""

CRITICAL_WEIGHT = 4

WEIGHTS = {
    "worse": 2,  # DA 1: more often or more severe in the past year
    "leaving": 3,  # DA 3, LAP 7: left him, or is about to; the weeks around it are the most dangerous
    "control": 1,  # DA 13 and 14, LAP 6: controls her day, violently jealous
    "following": 2,  # DA 19: follows, spies, sends threatening messages
    "forced": 2,  # DA 9: forced sex
    "pregnancy": 2,  # DA 15: beaten while pregnant
    "children": 2,  # DA 17: threatens or hurts the children
    "habits": 1,  # DA 11 and 12: drugs, alcohol; here gambling, too
    "his_suicide": 2,  # DA 16: he threatened or tried suicide
    "injuries": 2,  # not of a screen: an untreated injury needs a doctor, and tells how hard he strikes
}
"""An unsure answer counts half: the field accepts many false alarms when the price is a conversation (field.md B2)."""

HIGH_FROM = 4
"""DA and LAP call it great danger from four yeses on; with our weights two serious ones suffice."""

_CALLED = {
    "now": "现在的情况", "weapon": "凶器", "kill_threat": "威胁", "choking": "掐脖子", "fear": "害怕", "worse": "变重",
    "leaving": "分开", "control": "管控", "following": "跟踪", "forced": "强迫", "pregnancy": "怀孕",
    "children": "孩子", "habits": "喝酒", "his_suicide": "他寻死", "injuries": "受伤",
}  # fmt: skip

FLOW = Flow(
    "safety_check", tuple(Question(key, Kind.CHOICE, (called,), CODES, harm=True) for key, called in _CALLED.items())
)


def weight(answers: Answers) -> int:
    """How much speaks for danger, for operators."""
    weights = {**dict.fromkeys(CRITICAL, CRITICAL_WEIGHT), **WEIGHTS}
    counted = {"yes": 2, "unsure": 1}
    return (sum(each * counted.get(answers.get(key), 0) for key, each in weights.items()) + 1) // 2


def level(answers: Answers) -> str:
    """How urgently a person is needed, in the words of the design's levels."""
    if any(answers.get(key) == "yes" for key in CRITICAL):
        return "critical"
    return "high" if weight(answers) >= HIGH_FROM else "normal"


class SafetyCheck(Guide):
    """Ends in a plan and a list of evidence that fit her answers, and the offer of a person."""

    flow = FLOW

    def published(self, answers: Answers) -> dict[str, Any]:
        """See the parent class: skipped ones are told, too."""
        return {**answers, "weight": weight(answers), "level": level(answers)}

    def halt(self, answers: Answers) -> Halt | None:
        """See the parent class."""
        if level(answers) != "critical":
            return None
        choked = answers.get("choking") == "yes"
        response = "utter_safety_check_choked" if choked else "utter_safety_check_critical"
        return Halt(response, "left", level="critical", reason="safety_check")

    def close(self, speaker: Speaker, answers: Answers) -> None:
        """See the parent class."""
        speaker.say_lines(f"utter_safety_check_{level(answers)}", *plan_lines(answers))
        speaker.say_lines("utter_safety_evidence", *evidence_lines(answers))
        speaker.propose({"paper": {"flow": FLOW.name}})
        speaker.say("utter_safety_check_person")


class ValidateSafetyCheckForm(FlowForm):
    """The safety check's form."""

    guide = SafetyCheck()


class ActionEndSafetyCheck(FlowEnd):
    """The safety check's end."""

    guide = SafetyCheck()
