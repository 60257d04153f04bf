"""A flood of refusals fills the metrics, not the disk."""

from __future__ import annotations

import logging

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs
from wechat_platform import ACCOUNTS, House, SetClock, fixture, push

from bot.gateway.logbook import Logbook

PLAIN = ACCOUNTS["plain"]


def test_a_kind_is_written_once_a_second_with_how_many_were_left_out() -> None:
    clock = SetClock()
    book = Logbook(clock)
    with capture_logs() as lines:
        for second in range(3):
            for number in range(100):
                book.write(logging.INFO, "refused", reason="forged", account=str(number))
            book.write(logging.INFO, "refused", reason=f"only in {second}")
            clock.move(1)
    told = [(line["reason"], line["left_out"]) for line in lines]
    assert told == [("forged", 0), ("only in 0", 0), ("forged", 99), ("only in 1", 0), ("forged", 99), ("only in 2", 0)]
    assert {line["log_level"] for line in lines} == {"info"}


def test_a_clock_that_is_set_back_does_not_silence_the_log() -> None:
    clock = SetClock()
    book = Logbook(clock)
    with capture_logs() as lines:
        book.write(logging.ERROR, "refused", reason="forged")
        clock.move(-3600)
        book.write(logging.ERROR, "refused", reason="forged")
    assert len(lines) == 2


async def test_a_flood_of_forged_requests_is_counted_each_and_written_once(home: House) -> None:
    labels = {"account": "plain", "outcome": "refused_forged"}
    before = REGISTRY.get_sample_value("niangjia_gateway_requests_total", labels) or 0.0
    request = push(PLAIN, fixture("text"))
    request.query["signature"] = "0" * 40
    with capture_logs() as lines:
        for _ in range(200):
            assert (await home.post(PLAIN, request)).status_code == 403
        home.clock.move(1)
        await home.post(PLAIN, request)
    assert REGISTRY.get_sample_value("niangjia_gateway_requests_total", labels) == before + 201
    assert [(line["event"], line["reason"], line["left_out"]) for line in lines] == [
        ("request refused", "forged", 0),
        ("request refused", "forged", 199),
    ]


async def test_redis_that_stays_away_is_not_written_for_every_request(home: House) -> None:
    home.inbox.down = True
    with capture_logs() as lines:
        for _ in range(50):
            assert (await home.push(PLAIN, fixture("text"))).status_code == 503
    assert [line["event"] for line in lines] == ["inbox away"]


@pytest.mark.parametrize("level", [logging.INFO, logging.WARNING, logging.ERROR])
def test_a_line_keeps_its_level(level: int) -> None:
    with capture_logs() as lines:
        Logbook(SetClock()).write(level, "told", reason="x")
    assert lines[0]["log_level"] == logging.getLevelName(level).lower()
