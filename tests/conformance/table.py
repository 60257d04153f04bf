"""Writes docs/wechat-conformance.md: every requirement of WeChat's documents, and the tests that prove it."""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROWS = Path(__file__).with_name("rows.toml")
TESTS = ROOT / "tests"
PREFIX = "test_"
MARK = "pytest.mark.wechat("
PAGE = ROOT / "docs/wechat-conformance.md"

LITERAL = str.maketrans({character: f"\\{character}" for character in "|*<"})
"""Signs that would mean something else in a table of Markdown."""

SHOWN = 3
"""How many tests of a row the page names; the others it counts."""

HEAD = """\
# What WeChat asks, and what proves that it is done

Made by `make conformance` from `tests/conformance/rows.toml` and the marks `@pytest.mark.wechat("<id>")` above the
tests; `make test` fails when it is out of date. Done is what a test proves. What is not done says why: not used by a
hotline, in no document, or only to be seen on a real account. `file::name` is the test `test_name` in `test_file.py`.
Rows with an "s" are the simulator's, which plays the platform and shares no code with the gateway.
"""


class Mismatch(Exception):
    """Rows and marks do not fit each other; the text is one line for each fault."""


@dataclass(frozen=True)
class Row:
    """One requirement; `why_not` is set when it is not done, or not wholly."""

    id: str
    says: str
    why_not: str | None = None


@dataclass(frozen=True)
class Section:
    """The requirements of one section of the documents."""

    title: str
    rows: tuple[Row, ...]


type Proofs = Mapping[str, Sequence[str]]
"""The tests by the id of the row that they prove, as `file::test`."""


def read_sections(text: str) -> list[Section]:
    """The sections of rows.toml; KeyError or TypeError where a field is missing or unknown."""
    return [
        Section(f"{section['number']}. {section['title']}", tuple(_row(**fields) for fields in section["rows"]))
        for section in tomllib.loads(text)["section"]
    ]


def _row(*, id: str, says: str, **rest: str) -> Row:
    return Row(id, says, **{"why_not" if name == "not" else name: value for name, value in rest.items()})


def collect(folder: Path = TESTS) -> Proofs:
    """What the tests say that they prove; raises Mismatch for a mark that does not stand above a test.

    Read from the source: pytest, asked to collect the same, takes seconds, and half a minute on a busy machine.
    """
    proofs: dict[str, list[str]] = {}
    for path in sorted(folder.rglob(f"{PREFIX}*.py")):
        text = path.read_text(encoding="utf-8")
        marks = list(_marks(ast.parse(text))) if MARK in text else []
        if len(marks) != text.count(MARK):
            raise Mismatch(f"{path.name}: {MARK}...) must stand above a test, and nowhere else")
        for name, ids in marks:
            for row in ids:
                proofs.setdefault(row, []).append(f"{path.stem.removeprefix(PREFIX)}::{name.removeprefix(PREFIX)}")
    return proofs


def _marks(module: ast.Module) -> Iterator[tuple[str, list[str]]]:
    """The name of the test and the ids, for each mark."""
    for test in module.body:
        if isinstance(test, ast.FunctionDef | ast.AsyncFunctionDef) and test.name.startswith(PREFIX):
            for decorator in test.decorator_list:
                if isinstance(decorator, ast.Call) and ast.unparse(decorator).startswith(MARK):
                    yield test.name, [ast.literal_eval(argument) for argument in decorator.args]


def check(sections: Sequence[Section], proofs: Proofs) -> None:
    """Raises Mismatch for an id that is there twice, a mark without a row, and a row without test or reason."""
    rows = [row for section in sections for row in section.rows]
    ids = [row.id for row in rows]
    faults = [f"{each} is there twice" for each in sorted({each for each in ids if ids.count(each) > 1})]
    faults += [f"{', '.join(proofs[each])} proves {each}, which is no row" for each in sorted(proofs.keys() - set(ids))]
    faults += [f"{row.id} has neither a test nor a reason" for row in rows if row.id not in proofs and not row.why_not]
    if faults:
        raise Mismatch("\n".join(faults))


def render(sections: Sequence[Section], proofs: Proofs) -> str:
    """The page; the rows and the tests must have been checked."""
    rows = [row for section in sections for row in section.rows]
    done = sum(_is_done(row, proofs) for row in rows)
    parts = [
        HEAD,
        f"{len(rows)} requirements: {done} done, {len(rows) - done} not done or not used, each with its reason.\n",
    ]
    for section in sections:
        lines = [
            f"## {section.title}",
            "",
            "| id | requirement | state | tested by | why not |",
            "| --- | --- | --- | --- | --- |",
        ]
        lines += [_line(row, proofs) for row in section.rows]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _is_done(row: Row, proofs: Proofs) -> bool:
    return row.id in proofs and not row.why_not


def _line(row: Row, proofs: Proofs) -> str:
    state = "done" if _is_done(row, proofs) else "not done"
    why_not = (row.why_not or "").translate(LITERAL)
    return f"| {row.id} | {row.says.translate(LITERAL)} | {state} | {_named(proofs.get(row.id, ()))} | {why_not} |"


def _named(tests: Sequence[str]) -> str:
    shown = ", ".join(f"`{test}`" for test in tests[:SHOWN])
    return f"{shown}, +{len(tests) - SHOWN}" if len(tests) > SHOWN else shown


def main() -> None:
    """Write the page, or say what does not fit and write nothing."""
    sections = read_sections(ROWS.read_text(encoding="utf-8"))
    try:
        proofs = collect()
        check(sections, proofs)
    except Mismatch as mismatch:
        sys.exit(str(mismatch))
    PAGE.write_text(render(sections, proofs), encoding="utf-8")


if __name__ == "__main__":
    main()
