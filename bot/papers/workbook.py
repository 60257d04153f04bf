"""Tables as an Excel file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from unicodedata import east_asian_width

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

type Cell = str | int | float
"""A word, a count, or a share of one."""

_NARROWEST, _WIDEST = 11, 36
_LINE_PT = 16
_HEAD = {
    "font": Font(bold=True),
    "fill": PatternFill("solid", fgColor="EFEDE6"),
    "border": Border(bottom=Side(style="thin", color="A9A69D")),
}


@dataclass(frozen=True, slots=True)
class Table:
    """A title, the heads of the columns, the rows, and how what they tell is counted."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""


def workbook(about: Sequence[str], sheets: Mapping[str, Iterable[Table]]) -> bytes:
    """A sheet for each name, with its tables below each other under the lines that say what they are about.

    Words stay words: none is taken for a formula.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, tables in sheets.items():
        _fill(book.create_sheet(name), about, list(tables))
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def _fill(sheet: Worksheet, about: Sequence[str], tables: Sequence[Table]) -> None:
    columns = max((len(table.heads) for table in tables), default=1)
    widths = [_width(tables, column) for column in range(columns)]
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    row = 1
    for line in about:
        _across(sheet, row, line, Font(bold=row == 1), widths)
        row += 1
    for table in tables:
        row = _add(sheet, row + 1, table, widths)
    sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = sheet.PAPERSIZE_A4, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _add(sheet: Worksheet, row: int, table: Table, widths: Sequence[int]) -> int:
    """Write a table from this row on; returns the row after it."""
    _across(sheet, row, table.title, Font(bold=True, size=12), widths)
    row += 1
    if table.note:
        _across(sheet, row, table.note, Font(color="5F5E5A"), widths)
        row += 1
    for column, head in enumerate(table.heads, start=1):
        cell = sheet.cell(row, column)
        cell.font, cell.fill, cell.border = _HEAD["font"], _HEAD["fill"], _HEAD["border"]
        _write(sheet, row, column, head)
    for values in table.rows:
        row += 1
        for column, value in enumerate(values, start=1):
            _write(sheet, row, column, value)
    return row + 1


def _write(sheet: Worksheet, row: int, column: int, value: Cell) -> None:
    cell = sheet.cell(row, column, value)
    cell.alignment = Alignment(horizontal="left" if column == 1 else "right", vertical="top", wrap_text=column == 1)
    if isinstance(value, str):
        cell.data_type = "s"
    else:
        cell.number_format = "0%" if isinstance(value, float) else "#,##0"


def _across(sheet: Worksheet, row: int, words: str, font: Font, widths: Sequence[int]) -> None:
    """Words over all columns, in as many lines as they need: no program measures joined cells by itself."""
    cell = sheet.cell(row, 1, words)
    cell.data_type, cell.font, cell.alignment = "s", font, Alignment(wrap_text=True, vertical="top")
    if len(widths) > 1:
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(widths))
    sheet.row_dimensions[row].height = _LINE_PT * -(-_wide(words) // max(sum(widths) - 2, 1))


def _width(tables: Iterable[Table], column: int) -> int:
    lines = [line for table in tables for line in (table.heads, *table.rows) if column < len(line)]
    widest = max((_wide(str(line[column])) for line in lines), default=0)
    return min(max(widest + 2, _NARROWEST), _WIDEST)


def _wide(words: str) -> int:
    """How wide words are, in digits: a Chinese character takes two."""
    return sum(2 if east_asian_width(letter) in "WFA" else 1 for letter in words)
