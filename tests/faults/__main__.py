"""`make faults`: thousands of messages through a house that is hurt all the time; prints what became of them."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from tests.faults.blows import KINDS
from tests.faults.databases import postgresql
from tests.faults.plan import make_plan
from tests.faults.report import print_report
from tests.faults.run import Run
from tests.house.house import House


def main() -> int:
    """Run; 0 if nothing was lost, doubled or out of order."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--rate", type=float, default=8.0, help="messages a second, under what the machine carries")
    parser.add_argument("--every", type=float, default=20.0, help="seconds between two blows, on average")
    parser.add_argument("--lasts", type=float, default=30.0, help="seconds that a blow lasts at most")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--home", type=Path, help="an empty folder to keep, with all that was seen")
    options = parser.parse_args()
    console = Console(width=180)
    plan = make_plan(
        options.seed, options.messages, options.rate, options.kinds.split(","), options.every, options.lasts
    )
    console.print(f"seed {options.seed}: {len(plan.lines)} messages of {plan.persons} persons in {plan.lasts:.0f} s")
    with ExitStack() as stack:
        home = options.home or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nj-faults-")))
        home.mkdir(parents=True, exist_ok=True)
        house, freeze = House(home), None
        if options.database == "postgresql":
            house.env["NIANGJIA_DATABASE_URL"], freeze = stack.enter_context(postgresql())
        stack.enter_context(house.running())
        outcome = asyncio.run(Run(plan, house, console.print, freeze_database=freeze).carry_out(options.seed))
        (home / "seen.json").write_text(json.dumps(asdict(outcome.seen), default=str, ensure_ascii=False, indent=1))
    print_report(outcome, console)
    return 1 if outcome.failures else 0


if __name__ == "__main__":
    sys.exit(main())
