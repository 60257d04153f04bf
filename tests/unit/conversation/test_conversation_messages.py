"""What a person can send survives the way through JSON; what we send fits the platform's limit."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.content import (
    Content,
    Followed,
    Image,
    Location,
    MenuClicked,
    Scanned,
    Text,
    Unfollowed,
    Unsupported,
    Voice,
    content_from_json,
    content_to_json,
    words_of,
)
from bot.conversation.errors import InvalidData
from bot.conversation.messages import MAX_TEXT_BYTES, fits, joined, split

texts = st.text()
degrees = st.floats(allow_nan=False, allow_infinity=False)
contents: st.SearchStrategy[Content] = st.one_of(
    st.builds(Text, texts, st.none() | texts),
    st.builds(Image, texts, st.none() | texts),
    st.builds(Voice, texts, st.none() | texts),
    st.builds(Location, degrees, degrees, st.none() | texts),
    st.builds(Followed, st.none() | texts),
    st.just(Unfollowed()),
    st.builds(MenuClicked, texts),
    st.builds(Scanned, texts),
    st.builds(Unsupported, texts),
)


@given(contents)
def test_content_survives_json(content: Content) -> None:
    assert content_from_json(json.loads(json.dumps(content_to_json(content)))) == content


def test_a_list_shows_what_the_platform_understood_of_a_voice_message() -> None:
    assert words_of(Voice("m1", recognition="救命")) == "［语音］救命"
    assert words_of(Voice("m1", recognition="")) == words_of(Voice("m1")) == "［语音］"


@given(contents)
def test_every_kind_has_words_for_operators(content: Content) -> None:
    words = words_of(content)
    if isinstance(content, Text):
        assert words == content.text
    else:
        assert words.startswith("［")


@pytest.mark.parametrize(
    "data",
    [{}, {"kind": "video"}, {"kind": None}, {"kind": "text"}, {"kind": "text", "text": "x", "more": 1}, {"text": "x"}],
    ids=repr,
)
def test_unknown_kinds_and_fields_are_refused(data: dict[str, Any]) -> None:
    with pytest.raises(InvalidData):
        content_from_json(data)


@pytest.mark.wechat("4.13")
@given(st.text(), st.integers(min_value=4, max_value=40))
def test_pieces_fit_and_make_the_whole_again(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert "".join(pieces) == text
    assert all(pieces)
    assert all(fits(piece, limit) for piece in pieces)


@given(st.text(), st.integers(min_value=4, max_value=40))
def test_no_more_pieces_than_needed(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert all(not fits(piece + following[0], limit) for piece, following in pairwise(pieces))


@pytest.mark.wechat("4.13")
def test_the_limit_is_counted_in_bytes() -> None:
    assert fits("长" * 682)
    assert not fits("长" * 683)
    assert [len(piece) for piece in split("长" * 700)] == [682, 18]
    assert MAX_TEXT_BYTES == 2047


def test_several_texts_are_parted_by_an_empty_line() -> None:
    assert joined(["一", "二"]) == "一\n\n二"
    assert joined([]) == ""
