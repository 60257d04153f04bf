"""Help with a child: first steps that fit, when to see a doctor, whom to talk to; signs of harm go to a person."""

from __future__ import annotations

from actions.form import NONE, FlowEnd, FlowForm
from actions.guide import Guide, Speaker
from actions.memory import Halt
from actions.questions import NOTHING_MORE, SKIPPED, Answers, Flow, Kind, Question
from actions.reading import upper

SIGNS = ("self_harm", "hopeless", "afraid", "no_sleep", "no_school", "slow")

_LASTING = {"年|一直": "long", "月": "months", "周|星期|礼拜": "weeks", "天|刚": "days"}

FLOW = Flow(
    "parenting_help",
    (
        Question("child_age", Kind.AGE, ("年龄", "岁数", "几岁", "年纪"), volunteered=True),
        Question("happens", Kind.WORDS, ("情况", "事情")),
        Question("signs", Kind.SEVERAL, ("表现", "样子"), (*SIGNS, NONE, NOTHING_MORE)),
        Question("since", Kind.CHOICE, ("时间", "多久"), ("days", "weeks", "months", "long"), within=_LASTING),
        Question("tried", Kind.WORDS, ("办法", "试过")),
        Question("county", Kind.REGION, ("地方", "县", "地区"), volunteered=True),
    ),
)

_WITH_A_STEP = ("hopeless", "no_school", "no_sleep", "slow")
_DOCTOR_AFTER = ("weeks", "months", "long")
"""Two weeks of low mood or of refusing school are for a doctor (law.md 4.4)."""


class ParentingHelp(Guide):
    """Ends in steps; harm to the child, by itself or by others, ends in a person."""

    flow = FLOW

    def halt(self, answers: Answers) -> Halt | None:
        """See the parent class."""
        signs = _signs(answers)
        if "self_harm" in signs:
            return Halt("utter_parenting_help_self_harm", "left", level="critical", reason="danger_understood")
        if "afraid" in signs:
            return Halt("utter_parenting_help_afraid", "left", level="high", reason="harm_understood")
        return None

    def close(self, speaker: Speaker, answers: Answers) -> None:
        """See the parent class."""
        speaker.say_lines("utter_parenting_help_done", *steps(answers))
        speaker.say_lines(*doctor(answers), "utter_parenting_help_talk")


def _signs(answers: Answers) -> list[str]:
    signs = answers.get("signs", [])
    return [] if signs == SKIPPED else list(signs)


def steps(answers: Answers) -> list[str]:
    """The responses with what to do first, by the child's age and the signs."""
    age, signs = answers.get("child_age", SKIPPED), _signs(answers)
    band = "any" if age == SKIPPED else "small" if upper(age) < 6 else "school" if upper(age) < 12 else "teenager"
    fitting = [f"utter_parenting_help_{sign}" for sign in _WITH_A_STEP if sign in signs]
    return [f"utter_parenting_help_{band}", *fitting, "utter_parenting_help_no_blows"]


def doctor(answers: Answers) -> list[str]:
    """The response that says whether and when to see a doctor."""
    signs, lasting = _signs(answers), answers.get("since") in _DOCTOR_AFTER
    if "slow" in signs:
        return ["utter_parenting_help_doctor_growth"]
    if lasting and {"hopeless", "no_sleep", "no_school"} & {*signs}:
        return ["utter_parenting_help_doctor_now"]
    return ["utter_parenting_help_doctor_later"]


class ValidateParentingHelpForm(FlowForm):
    """The form of the help with a child."""

    guide = ParentingHelp()


class ActionEndParentingHelp(FlowEnd):
    """The end of the help with a child."""

    guide = ParentingHelp()
