"""Ports on which the servers of a test listen."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def kept_port() -> Iterator[int]:
    """A port that nobody else is given until the block ends; a server may listen on it, and again after it was down."""
    with socket.socket() as kept:
        kept.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # as servers set it: held, yet free to be listened on
        kept.bind(("127.0.0.1", 0))
        yield kept.getsockname()[1]
