"""Answers of guided help in words: every code of a flow has one, and limits read as people say them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.conversation.answers import TITLE_OF_FLOW, WORDS_OF_ANSWERS, told
from bot.conversation.flows import FLOWS, Answer

ACTIONS = Path(__file__).parents[3] / "actions"


@pytest.mark.parametrize(
    ("answer", "question", "words"),
    [
        ("yes", "", "有"),
        ("no", "knew", "都不知道"),
        ("no", "debts", "没有"),
        (9.0, "child_age", "9"),
        ({"low": 3000, "high": 4000, "about": True}, "sum", "3000 到 4000，大约"),
        ({"name": "王者荣耀", "kind": "game"}, "platform", "王者荣耀"),
        (("police", "chats"), "evidence", "报警回执、出警记录、聊天、短信"),
        ("他喝了酒就骂", "happened", "他喝了酒就骂"),
    ],
)
def test_an_answer_reads_as_words(answer: Answer, question: str, words: str) -> None:
    assert told(answer, question) == words


@pytest.mark.parametrize("flow", FLOWS)
def test_every_code_and_every_question_of_a_flow_has_its_words(flow: str) -> None:
    text = (ACTIONS / f"{flow}.py").read_text(encoding="utf-8")
    assert TITLE_OF_FLOW[flow]
    if flow == "safety_check":
        return  # its questions are worded by the desk, and all have the same four answers
    questions = re.findall(r'Question\(\s*"(\w+)"', text)
    assert questions
    assert set(questions) <= WORDS_OF_ANSWERS.keys()
    listed = re.findall(
        r"^(?:SIGNS|MATTERS|ASKS|EVIDENCE|ASSETS)\s*=\s*\((.*?)\)", text, flags=re.DOTALL | re.MULTILINE
    )
    codes = re.findall(r'"(\w+)"', " ".join(listed))
    assert [code for code in codes if told(code) == code] == []
