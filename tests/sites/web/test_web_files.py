"""A file as an answer: whole, or the one part that a player asks for."""

from __future__ import annotations

import pytest
from fastapi import Request

from bot.conversation.media import Body
from bot.web.files import file_answer

DATA = bytes(range(100))


def asked(**headers: str) -> Request:
    """A request with these headers."""
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "GET", "path": "/", "headers": pairs})


@pytest.mark.parametrize(
    ("part", "bytes_", "told"),
    [
        ("bytes=0-", DATA, "bytes 0-99/100"),
        ("bytes=0-0", DATA[:1], "bytes 0-0/100"),
        ("bytes=10-19", DATA[10:20], "bytes 10-19/100"),
        ("bytes=90-500", DATA[90:], "bytes 90-99/100"),
        ("bytes=-5", DATA[-5:], "bytes 95-99/100"),
        ("bytes=-500", DATA, "bytes 0-99/100"),
    ],
)
def test_a_part_is_given(part: str, bytes_: bytes, told: str) -> None:
    answer = file_answer(asked(range=part), Body("video/mp4", DATA), "x")
    assert (answer.status_code, answer.body) == (206, bytes_)
    assert answer.headers["content-range"] == told
    assert answer.headers["content-length"] == str(len(bytes_))


@pytest.mark.parametrize(
    "part", ["", "bytes", "bytes=", "bytes=-", "bytes=5-4", "bytes=0-1,3-4", "lines=0-1", "bytes=a-b", "bytes=1 -2"]
)
def test_what_we_do_not_know_gets_the_whole(part: str) -> None:
    answer = file_answer(asked(range=part), Body("video/mp4", DATA), "x")
    assert (answer.status_code, answer.body) == (200, DATA)
    assert answer.headers["accept-ranges"] == "bytes"


def test_a_condition_that_we_gave_no_means_for_gets_the_whole() -> None:
    answer = file_answer(asked(range="bytes=0-1", if_range='"etag"'), Body("video/mp4", DATA), "x")
    assert (answer.status_code, answer.body) == (200, DATA)


@pytest.mark.parametrize("part", ["bytes=100-", "bytes=100-200", "bytes=-0", f"bytes={'9' * 18}-"])
def test_a_part_behind_the_end_is_refused(part: str) -> None:
    answer = file_answer(asked(range=part), Body("video/mp4", DATA), "x")
    assert (answer.status_code, answer.body) == (416, b"")
    assert answer.headers["content-range"] == "bytes */100"


def test_an_unknown_kind_is_saved_as_bare_bytes() -> None:
    answer = file_answer(asked(), Body("application/odd", DATA), "x", attached=True)
    assert answer.headers["content-disposition"] == 'attachment; filename="x.bin"'
