"""Which lines of a safety plan and of an evidence list fit her answers; the lines stand in domain.yml."""

from __future__ import annotations

from typing import Iterable

from actions.questions import Answers

_PLAN = (
    "injuries", "his_suicide", "forced", "pregnancy", "leaving", "following", "control", "children", "habits", "worse",
)  # fmt: skip
_PLAN_ALWAYS = ("police", "way_out", "friend", "bag")
_EVIDENCE = ("injuries", "forced", "following", "control", "children")
_EVIDENCE_ALWAYS = ("police", "doctor", "pictures", "chats", "witnesses", "record", "keep_away")


def plan_lines(answers: Answers) -> list[str]:
    """The responses of the plan, what is for everybody first."""
    return [f"utter_safety_plan_{line}" for line in (*_PLAN_ALWAYS, *_told(answers, _PLAN))]


def evidence_lines(answers: Answers) -> list[str]:
    """The responses of the evidence list; the last one says where to keep it."""
    *general, last = _EVIDENCE_ALWAYS
    return [f"utter_safety_evidence_{line}" for line in (*general, *_told(answers, _EVIDENCE), last)]


def _told(answers: Answers, keys: Iterable[str]) -> list[str]:
    return [key for key in keys if answers.get(key) in ("yes", "unsure")]
