"""The canned replies that come with the system, and how their file is read."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from bot.bootstrap import read_canned
from bot.conversation.clock import HUNAN
from bot.conversation.errors import InvalidData
from bot.conversation.masking import hides
from bot.knowledge import parse_canned
from tests.unit.world import DATA

PROMISES = ("保证", "一定能", "肯定", "放心", "百分之百")
"""Words that promise what the office cannot keep."""

BLAME = ("为什么不", "你怎么", "早就该", "应该早")


def test_those_that_come_with_the_system_are_read_and_have_titles_of_their_own() -> None:
    shipped = read_canned(DATA)
    assert 12 <= len(shipped) <= 20
    assert len({reply.title for reply in shipped}) == len(shipped)
    assert all(reply.staff_id is None for reply in shipped)


def test_they_promise_nothing_blame_nobody_and_say_you_politely() -> None:
    for reply in read_canned(DATA):
        said = reply.text.replace("保证书", "")
        assert not [word for word in (*PROMISES, *BLAME) if word in said], reply.title
        assert not re.search("你", said), reply.title
        assert not hides(reply.text), reply.title


def test_a_file_is_read_in_its_order() -> None:
    first, second = parse_canned(
        "reviewed_on: 2026-11-22\nreplies:\n- {key: b, title: 乙, text: ' 您好 '}\n- {key: a, title: 甲, text: 再见}"
    )
    assert (first.id, first.text, first.updated_at) == ("b", "您好", datetime(2026, 11, 22, tzinfo=HUNAN))
    assert second.id == "a"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "replies: []",
        "reviewed_on: soon\nreplies: []",
        "reviewed_on: 2026-11-22\nreplies: [{key: a, title: 甲}]",
        "reviewed_on: 2026-11-22\nreplies: [{key: a, title: 甲, text: '{name}'}]",
        "reviewed_on: 2026-11-22\nreplies: [{key: a, title: 甲, text: 一}, {key: a, title: 乙, text: 二}]",
        "reviewed_on: [",
    ],
)
def test_a_file_that_is_wrong_is_refused(text: str) -> None:
    with pytest.raises(InvalidData):
        parse_canned(text)
