"""Nothing that a person wrote may reach a log."""

from __future__ import annotations

import io
import logging
from typing import Iterator

import pytest
import structlog

from components import private_logs

SECRET = "他昨晚又打我"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that the root logger prints, with the private logs installed, then as before."""
    factory, processors = logging.getLogRecordFactory(), structlog.get_config()
    written, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(written), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    private_logs.install()
    private_logs.install()
    yield written
    root.removeHandler(handler)
    root.setLevel(level)
    logging.setLogRecordFactory(factory)
    logging.disable(logging.NOTSET)
    structlog.configure(**processors)


def test_a_traceback_tells_where_and_what_kind_but_no_message(log: io.StringIO) -> None:
    try:
        try:
            raise KeyError(SECRET)
        except KeyError as error:
            raise ValueError(f"cannot handle {SECRET}") from error
    except ValueError:
        logging.getLogger("rasa.core.processor").exception("An action failed")
    assert SECRET not in log.getvalue()
    assert "An action failed" in log.getvalue()
    assert "ValueError from KeyError" in log.getvalue()
    assert "test_private_logs.py" in log.getvalue()


def test_debug_records_are_never_written(log: io.StringIO) -> None:
    logging.getLogger("rasa.core.processor").debug("Received %s", SECRET)
    structlog.get_logger("rasa").debug("processor.message.parse", parse_data_text=SECRET)
    assert log.getvalue() == ""


def test_structured_events_keep_only_their_name(log: io.StringIO) -> None:
    structlog.get_logger("rasa").error("rest.message.received.failure", text=SECRET, event_info="It failed")
    assert SECRET not in log.getvalue()
    assert "rest.message.received.failure" in log.getvalue()


def test_an_outline_of_an_exception_in_a_circle_ends() -> None:
    first, second = ValueError(SECRET), KeyError(SECRET)
    first.__context__, second.__context__ = second, first
    assert SECRET not in private_logs.outline(first, None)
