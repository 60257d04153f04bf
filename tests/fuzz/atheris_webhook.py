"""The webhook under Atheris, which follows the code that an input reaches (`uv sync --group fuzz`, `make fuzz`).

Each input is a message, signed as the platform would for an account of each mode, and once not signed at all.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile

import atheris
import structlog

with atheris.instrument_imports(include=["bot.gateway"]):
    import bot.gateway.app

from bot.conversation.content import Text
from bot.conversation.ports import Slot
from tests.fuzz.inputs import signed
from tests.fuzz.target import Knock, Trial, attempt
from tests.unit.gateway.wechat_platform import ACCOUNTS, FIXTURES

assert bot.gateway.app

RUNNER = asyncio.Runner()
REPLY = Slot(Text("在"))


def throw(message: bytes) -> None:
    """One input, in every mode."""
    knocks = []
    for account in ACCOUNTS.values():
        request = signed(account, message)
        query = "&".join(f"{name}={value}" for name, value in request.query.items()).encode()
        knocks += [Knock(account.id, query, (request.body,)), Knock(account.id, b"", (message,))]
    RUNNER.run(attempt(Trial("coverage-guided", tuple(knocks), REPLY)))


def main() -> None:
    """Run until the number of inputs is reached (`-atheris_runs`); the real messages are where it starts from."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory(prefix="nj-fuzz-") as found:
        atheris.Setup([*sys.argv, found, str(FIXTURES)], throw)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
