"""`make bills`: reads the invented bills and prints how well games and live streams are found, by channel."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.table import Table

from tests.bills.families import read_families
from tests.bills.scoring import score

FLOOR = 0.98


def main() -> int:
    """Print the table and every error; 0 if precision and recall hold the floor."""
    console = Console(width=160)
    scores = score(read_families())
    table = Table(
        "channel", "bills", "payments", "true", "precision", "recall", "sure", "sure, wrong", "net sums right"
    )
    for channel in ("wechat", "alipay", "bank", "all"):
        one = scores[channel]
        rates = f"{one.precision:.4f}", f"{one.recall:.4f}"
        counts = one.sure, one.sure_wrong, f"{one.sums}/{one.bills}"
        table.add_row(channel, *map(str, (one.bills, one.payments, one.right + one.missed, *rates, *counts)))
    console.print(table)
    everything = scores["all"]
    console.print(f"{len(everything.errors)} errors, {everything.kinds} of them only the kind.")
    for error in everything.errors:
        console.print(error, markup=False, soft_wrap=True)
    return 0 if min(everything.precision, everything.recall) >= FLOOR else 1


if __name__ == "__main__":
    sys.exit(main())
