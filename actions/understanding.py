"""Whether a message is something else than an answer: another question, another flow, a person, good-bye."""

from __future__ import annotations

import re

from actions.questions import Flow, Kind, Question
from actions.reading import Heard

SURE = 0.6  # of an intent, to leave the form's question for it
VERY_SURE = 0.7
LONGEST_QUESTION = 30  # characters; who tells her story may end it with a question, too
SHORTEST_SUBJECT = 5
LONGEST_CALL = 12
SMALL_TALK = frozenset({"other_thanks", "other_greeting", "other_goodbye"})
NEVER_ASKED = frozenset({"", "nlu_fallback", "other_choose", "other_resume_flow", "other_out_of_scope"})
_STORIES = (
    "domestic_violence_disclosed", "domestic_violence_mental_abuse", "domestic_violence_in_danger_now",
    "domestic_violence_stalking", "other_emotional_support",
)  # fmt: skip
_ASKING = re.compile(r"[?？]\s*$|(?:吗|么|呢|不咯|没得|怎么办|怎么弄|多少钱|多久|几天|哪里|在哪)[?？!！。.~\s]*$|^请问")


def asks_something_else(heard: Heard) -> bool:
    """Whether another intent was understood with confidence; a few characters that ask nothing tell too little."""
    if heard.intent in NEVER_ASKED or heard.intent.startswith("other_start_") or heard.confidence < SURE:
        return False
    text = heard.text.strip()
    return len(text) >= SHORTEST_SUBJECT or heard.intent in SMALL_TALK or bool(_ASKING.search(text))


def asks_back(heard: Heard, asked: Question) -> bool:
    """Whether the message is plainly a question of her own, although it could be read as an answer."""
    if heard.intent in _STORIES or not asks_something_else(heard) or len(heard.text) > LONGEST_QUESTION:
        return False
    sure = heard.confidence >= VERY_SURE if asked.kind in (Kind.WORDS, Kind.NAME) else True
    return sure and bool(_ASKING.search(heard.text.strip()))


def asks_for_person(heard: Heard, asked: Question) -> bool:
    """Whether she plainly wants a person; a story in which one is mentioned is a story."""
    if asked.calm:
        return False
    longest = LONGEST_CALL if asked.kind is Kind.WORDS else LONGEST_QUESTION
    return heard.intent == "other_ask_human" and heard.confidence >= VERY_SURE and len(heard.text) <= longest


def starts_another(heard: Heard, flow: Flow) -> bool:
    """Whether she wants another flow instead."""
    return (
        heard.intent.startswith("other_start_")
        and heard.intent != flow.intent
        and heard.confidence >= VERY_SURE
        and len(heard.text) <= LONGEST_QUESTION
    )


def says_goodbye(heard: Heard, asked: Question) -> bool:
    """Whether she leaves with a word of good-bye."""
    return heard.intent == "other_goodbye" and heard.confidence >= SURE and asked.kind is not Kind.WORDS
