"""The corpus in tables a person can read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from tests.corpus.reading import LEVELS, Utterance
from tests.corpus.rules import Measured, Specification, chosen, conflicts, near_pairs, nearness, share

SHOWN = 40
"""How many pairs the report prints."""


def print_report(measured: Measured, specification: Specification, console: Console) -> None:
    """Counts, intents, slices, near-duplicates and conflicts."""
    labelled = sum(one.level is not None for one in measured.utterances)
    console.print(
        f"{measured.distinct} distinct utterances of {len(measured.intents())} intents; {labelled} have a level, "
        f"{sum(measured.hard)} of them are normal and speak of danger (hard)."
    )
    console.print(_files(measured), _intents(measured), _slices(measured, specification))
    for one in specification.slices:
        if one.thin:
            console.print(f"Thin: {one.name}: {one.thin}.")
    near = [pair for pairs in near_pairs(measured).values() for pair in pairs]
    limits = specification.limits
    console.print(f"\n{len(near)} pairs within an intent are more similar than {limits.near}.")
    _print_some(near, console)
    apart = conflicts(measured, limits.identical)
    console.print(f"{len(apart)} pairs of two intents or two levels are more similar than {limits.identical}.")
    _print_some(apart, console)


def _print_some(pairs: Sequence[object], console: Console) -> None:
    for pair in pairs[:SHOWN]:
        console.print(f"  {pair}", markup=False, soft_wrap=True)
    if len(pairs) > SHOWN:
        console.print(f"  and {len(pairs) - SHOWN} more")


def _files(measured: Measured) -> Table:
    table = Table("file", "utterances", *LEVELS, "no level", "hard", title="Where they stand")
    hard = Counter(one.file for one, is_hard in zip(measured.utterances, measured.hard, strict=True) if is_hard)
    for file in [*_names(measured.utterances), "all"]:
        levels = Counter(one.level for one in measured.utterances if file in ("all", one.file))
        numbers = [levels.total(), *(levels[level] for level in LEVELS), levels[None]]
        table.add_row(file, *map(str, numbers), str(hard.total() if file == "all" else hard[file]))
    return table


def _names(utterances: Sequence[Utterance]) -> list[str]:
    return sorted({one.file for one in utterances})


def _intents(measured: Measured) -> Table:
    table = Table("intent", "utterances", *LEVELS, "no level", "near pairs %", "with a twin %", title="Intents")
    near = nearness(measured)
    for intent, those in measured.intents().items():
        levels = Counter(one.level for one in those)
        numbers = [len(those), *(levels[level] for level in LEVELS), levels[None]]
        table.add_row(intent, *map(str, numbers), f"{near[intent].pairs:.2f}", f"{near[intent].utterances:.1f}")
    return table


def _slices(measured: Measured, specification: Specification) -> Table:
    parts = chosen(measured.utterances)
    files = [name for name in _names(measured.utterances) if "/" in name]
    parts |= {name: [one.file == name for one in measured.utterances] for name in files}
    heads = [name.rpartition("/")[2].removesuffix(".yml") for name in parts]
    table = Table("slice", "number", "all", "floor", "floor of each", *heads[1:], title="Spread, in percent")
    for one, members in zip(specification.slices, measured.members, strict=True):
        overall, *others = (f"{share(members, of):.1f}" for of in parts.values())
        table.add_row(
            f"{one.group}: {one.name}", str(sum(members)), overall, f"{one.floor:g}", f"{one.each:g}", *others
        )
    return table
