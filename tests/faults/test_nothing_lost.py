"""Nothing is lost, answered twice or out of order, whatever is done to the house: the short run, every blow once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from rich.console import Console

from tests.faults.blows import KINDS, SHORT_ERRCODES
from tests.faults.plan import make_plan
from tests.faults.report import print_report
from tests.faults.run import Run
from tests.house.house import House

SEED = 35
MESSAGES = 320
RATE = 4.0
EVERY_S = 5.5
LASTS_S = 6.0


def test_every_blow_once_and_nothing_is_lost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = make_plan(SEED, MESSAGES, RATE, KINDS, EVERY_S, LASTS_S)
    assert {blow.kind for blow in plan.blows} == set(KINDS)
    console = Console(width=180)
    with House(tmp_path).running() as house:
        outcome = asyncio.run(Run(plan, house, console.print, SHORT_ERRCODES).carry_out(SEED))
    print_report(outcome, console)
    assert outcome.count.sent >= MESSAGES
    assert outcome.failures == [], "see the table"
