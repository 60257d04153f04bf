"""How urgently a person is needed, judged from the text alone by readable rules; pure and fast."""

from bot.triage.bare import only_wishes_for_a_person, tells_no_more_than_a_number
from bot.triage.items import CALLING_ITEMS, HUMAN
from bot.triage.judgement import Danger, Judgement, Reason
from bot.triage.judging import SOUNDS_SERIOUS, judge
from bot.triage.loading import load_rules
from bot.triage.rules import Rules

__all__ = [
    "CALLING_ITEMS",
    "HUMAN",
    "SOUNDS_SERIOUS",
    "Danger",
    "Judgement",
    "Reason",
    "Rules",
    "judge",
    "load_rules",
    "only_wishes_for_a_person",
    "tells_no_more_than_a_number",
]
