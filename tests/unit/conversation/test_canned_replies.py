"""Canned replies: what may be left open, and what stands there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from time import process_time

import pytest

from bot.conversation.canned import MAX_CANNED, MAX_TITLE, PLACES, CannedReply
from bot.conversation.errors import InvalidData

REPLY = CannedReply("a", None, "问好", "您好，我是{operator}，编号{ case }。", datetime(2026, 11, 22, tzinfo=UTC))


def test_each_place_is_filled_and_one_without_a_value_is_plainly_open() -> None:
    REPLY.check()
    assert REPLY.filled({"operator": "李晓梅", "case": "2026-000001"}) == "您好，我是李晓梅，编号2026-000001。"
    assert REPLY.filled({"operator": "李晓梅", "case": ""}) == "您好，我是李晓梅，编号【办件编号】。"


def test_its_pieces_tell_the_places_from_the_words() -> None:
    pieces = [("您好，我是", False), ("operator", True), ("，编号", False), ("case", True), ("。", False)]
    assert list(REPLY.pieces()) == pieces


@pytest.mark.parametrize("text", ["{name}", "您好{}", "｛姓名｝", "{operator}{phone}", "{{case}"])
def test_a_place_that_we_do_not_know_is_refused_with_those_that_we_do(text: str) -> None:
    with pytest.raises(InvalidData, match="可以用的有") as refused:
        replace(REPLY, text=text).check()
    assert all(f"{{{name}}}" in str(refused.value) for name in PLACES)


@pytest.mark.parametrize(
    "change", [{"title": ""}, {"title": "长" * (MAX_TITLE + 1)}, {"text": ""}, {"text": "长" * (MAX_CANNED + 1)}]
)
def test_without_words_or_with_too_many_it_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(InvalidData, match="须为"):
        replace(REPLY, **change).check()


@pytest.mark.parametrize(("query", "found"), [("问好", True), ("编号 您好", True), ("编号 再见", False)])
def test_it_is_found_by_all_the_words_that_are_in_it(query: str, found: bool) -> None:
    assert REPLY.answers(query) is found


@pytest.mark.parametrize("change", [{"title": "问\0好"}, {"text": "您好\x1b[31m"}, {"text": "一行\r另一行"}])
def test_what_no_keyboard_writes_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(InvalidData, match="看不见的控制字符"):
        replace(REPLY, **change).check()


@pytest.mark.parametrize("text", ["{" * MAX_CANNED, "{" + " " * (MAX_CANNED - 1), "{ a" * (MAX_CANNED // 3)])
def test_braces_without_an_end_are_words_and_found_at_once(text: str) -> None:
    begun = process_time()
    replace(REPLY, text=text).check()
    assert replace(REPLY, text=text).filled({}) == text
    assert process_time() - begun < 1
