"""Tables as an Excel file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

_WIDTH = 22


@dataclass(frozen=True, slots=True)
class Table:
    """A title, the heads of the columns, and the rows."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str | int]]


def workbook(about: str, sheets: Mapping[str, Iterable[Table]]) -> bytes:
    """A sheet for each name, with its tables below each other under a line that says what they are about.

    Words stay words: none is taken for a formula.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, tables in sheets.items():
        _fill(book.create_sheet(name), about, tables)
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def _fill(sheet: Worksheet, about: str, tables: Iterable[Table]) -> None:
    rows: list[tuple[Sequence[str | int], bool]] = [((about,), True)]
    for table in tables:
        rows += [((), False), ((table.title,), True), (table.heads, False)]
        rows += [(row, False) for row in table.rows]
    for number, (row, bold) in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(number, column, value)
            if isinstance(value, str):
                cell.data_type = "s"
            if bold:
                cell.font = Font(bold=True)
    for letter in "ABCDEF":
        sheet.column_dimensions[letter].width = _WIDTH
