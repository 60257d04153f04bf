"""Keep what people write out of Rasa's logs."""

from __future__ import annotations

import logging
import traceback
from types import TracebackType
from typing import Any, Callable

import structlog

_SAFE_KEYS = ("event", "event_info", "level")


def install() -> None:
    """Make every later log record of this process free of message text; safe to call twice.

    Rasa writes messages, slots and trackers at DEBUG; exceptions and structlog's tracebacks may quote them at
    any level (the action server even echoes the whole tracker in its error body, which Rasa then raises).
    """
    logging.disable(logging.DEBUG)
    if not getattr(logging.getLogRecordFactory(), "is_private", False):
        logging.setLogRecordFactory(_private(logging.getLogRecordFactory()))
    structlog.configure(
        logger_factory=structlog.stdlib.LoggerFactory(),
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.processors.add_log_level,
            keep_safe_keys,
            structlog.processors.KeyValueRenderer(key_order=["event"]),
        ],
    )


def keep_safe_keys(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """A structlog processor: drop everything from an event but its name, explanation and level."""
    return {key: value for key, value in event.items() if key in _SAFE_KEYS}


def outline(error: BaseException, trace: TracebackType | None) -> str:
    """Where an exception came from, as file, line and function, and its types, without any message."""
    frames = [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(trace)]
    return "\n".join([*frames, " from ".join(_types(error))])


def _types(error: BaseException | None) -> list[str]:
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or error.__context__
    return [type(link).__name__ for link in chain]


def _private(make: Callable[..., logging.LogRecord]) -> Callable[..., logging.LogRecord]:
    def make_private(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = outline(record.exc_info[1], record.exc_info[2])
            record.exc_info = None
        return record

    make_private.is_private = True  # type: ignore[attr-defined]
    return make_private
