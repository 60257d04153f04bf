"""`make corpus`: prints what the training corpus is made of, and what is wrong with it."""

from __future__ import annotations

import sys

from rich.console import Console

from tests.corpus.reading import Unreadable, read
from tests.corpus.report import print_report
from tests.corpus.rules import measure, read_specification, violations


def main() -> int:
    """Print the tables; 0 if the corpus breaks no rule."""
    console = Console(width=220)
    specification = read_specification()
    try:
        measured = measure(read(), specification)
    except Unreadable as error:
        console.print(str(error), markup=False)
        return 1
    print_report(measured, specification, console)
    wrong = violations(measured, specification)
    console.print(f"\n{len(wrong)} rules are broken." if wrong else "\nNo rule is broken.")
    for line in wrong:
        console.print(line, markup=False, soft_wrap=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
