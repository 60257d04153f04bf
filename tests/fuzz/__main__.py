"""`make fuzz`: a hundred thousand requests to the webhook; prints what became of them, and where something broke."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import time
from collections import Counter
from collections.abc import Callable

import structlog
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.table import Table

from tests.fuzz.inputs import FAMILIES
from tests.fuzz.target import Trial, attempt

ROUND = 500
"""Hypothesis remembers every example of a run: many short ones keep its memory small."""


def fuzz(name: str, inputs: int, first_seed: int) -> Counter[str]:
    """So many requests of a family; returns how they ended. Raises the failure of the smallest trial that breaks."""
    family, _ = FAMILIES[name]
    ended: Counter[str] = Counter()
    number = 0
    with asyncio.Runner() as runner:

        def throw(trial: Trial) -> None:
            ended.update(runner.run(attempt(trial)))

        while ended.total() < inputs:
            number += 1
            _once(throw, family(), first_seed * 1_000 + number)
    return ended


def _once(throw: Callable[[Trial], None], family: st.SearchStrategy[Trial], at: int) -> None:
    quiet = settings(
        max_examples=ROUND,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    seed(at)(quiet(given(family)(throw)))()


def main() -> int:
    """Run; 0 if nothing broke."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=100_000, help="requests in all, at least")
    parser.add_argument("--seed", type=int, default=12338)
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    console = Console(width=120)
    table = Table("family", "requests", "seconds", "how they ended", title=f"seed {options.seed}")
    total, started = 0, time.monotonic()
    for name, (_, share) in FAMILIES.items():
        begun = time.monotonic()
        ended = fuzz(name, -(-options.inputs * share // 100), options.seed)
        total += ended.total()
        told = ", ".join(f"{count} x {how}" for how, count in ended.most_common())
        table.add_row(name, str(ended.total()), f"{time.monotonic() - begun:.0f}", told)
        console.print(f"{name}: {ended.total()} requests")
    console.print(table)
    console.print(f"{total} requests in {time.monotonic() - started:.0f} s: no fault, no forged entry, no task left")
    return 0


if __name__ == "__main__":
    sys.exit(main())
