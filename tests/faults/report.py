"""What a run did, as tables a person can read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from rich.console import Console
from rich.table import Table

from tests.faults.counting import Count, Finding, Kind, Wait
from tests.faults.records import Struck
from tests.faults.run import Outcome

COLUMNS = (
    Kind.LOST,
    Kind.UNANSWERED,
    Kind.UNHEARD,
    Kind.DOUBLED,
    Kind.DISORDERED,
    Kind.PHANTOM,
    Kind.UNDECIDABLE,
    Kind.UNACCEPTED,
)
DETAILS = 25


def print_report(outcome: Outcome, console: Console) -> None:
    """The totals, a row for each kind of blow, and the first findings that must not be."""
    total = outcome.count
    console.print(
        f"\n{total.sent} sent, {total.accepted} accepted, {total.stored} stored; {total.due} answers due, "
        f"{total.answered} shown; refused by the platform {len(total.of(Kind.REFUSED))}, "
        f"kept {len(total.of(Kind.KEPT))}, dead letters {outcome.seen.buried}; "
        f"operators' replies lost {len(outcome.operator_lost)}, doubled {len(outcome.operator_doubled)}; "
        f"at rest after {outcome.rested_s:.0f} s"
    )
    headings = [str(kind) for kind in COLUMNS]
    table = Table("blow", "times", "in flight", *headings, "slowest recovery s", "longest wait s")
    kinds = sorted({struck.kind for struck in outcome.seen.struck})
    for kind in kinds:
        _row(table, kind, [struck for struck in outcome.seen.struck if struck.kind == kind], total)
    calm = [finding for finding in total.findings if not any(_meets(finding, s) for s in outcome.seen.struck)]
    table.add_row("none", "", "", *(_number(calm, kind) for kind in COLUMNS), "", "")
    all_waits = [(wait.answered - wait.begun).total_seconds() for wait in total.waits if wait.answered]
    longest = f"{max(all_waits, default=0):.1f}"
    table.add_row("in all", "", "", *(_number(total.findings, kind) for kind in COLUMNS), "", longest)
    console.print(table)
    for line in outcome.failures[:DETAILS]:
        console.print(line)


def _row(table: Table, kind: str, blows: list[Struck], total: Count) -> None:
    findings = [finding for finding in total.findings if any(_meets(finding, struck) for struck in blows)]
    waits = [wait for wait in total.waits if any(_meets(wait, struck) for struck in blows)]
    recovery = max((struck.healed - struck.ended).total_seconds() for struck in blows)
    longest = max(((wait.answered - wait.begun).total_seconds() for wait in waits if wait.answered), default=0.0)
    table.add_row(
        kind,
        str(len(blows)),
        str(len(waits)),
        *(_number(findings, column) for column in COLUMNS),
        f"{recovery:.1f}",
        f"{longest:.1f}",
    )


def _meets(what: Finding | Wait, struck: Struck) -> bool:
    """Whether it was under way at some moment of the blow."""
    ended: datetime = what.ended if isinstance(what, Finding) else what.answered or what.begun
    return what.begun <= struck.healed and struck.begun <= ended


def _number(findings: Iterable[Finding], kind: Kind) -> str:
    return str(sum(finding.kind is kind for finding in findings))
