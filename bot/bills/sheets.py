"""A file's bytes become numbered rows of plain text, whatever kind of table it is."""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Literal, NamedTuple

import openpyxl
import xlrd
from xlrd.sheet import Cell

from bot.bills.archive import members, refuse_doctype, unlock
from bot.conversation.errors import InvalidData

MAX_FILE = 20 * 1024 * 1024
MAX_ROWS = 100_000
MAX_COLUMNS = 60
MAX_CELL = 300
MAX_LINE = 20_000
MAX_JOINED = 4
"""A cell may hold line breaks; a bill's row never runs over more lines than this."""

EMPTY = "文件是空的。请重新下载账单，再传一次。"
TOO_LARGE = "文件太大（超过20兆）。账单没有这么大，请看看是不是传错了；也可以分几次导出，每次三个月。"
TOO_MANY = "账单的行数太多（超过10万行）。请分几次导出，每次三个月。"
PDF = "这是PDF文件，读不出每一笔钱。请重新申请账单，用途选“用于个人对账”，会得到表格文件（CSV或Excel）。"
PICTURE = "这是图片。请不要传截图，传账单的原文件（CSV或Excel表格，或者邮件里的压缩包）。"
FOREIGN_ARCHIVE = "这种压缩包（RAR或7z）打不开。请先解开，传里面的表格文件。"
DOCUMENT = "这是Word文档，不是账单。请传账单的原文件（CSV或Excel表格，或者邮件里的压缩包）。"
WEB_PAGE = "这是网页文件，不是表格。请用WPS或Excel打开它，另存为“xlsx”格式，再传一次。"
LOCKED_EXCEL = "这个Excel文件打不开，可能加了密码。请用WPS或Excel打开，去掉密码，另存为“xlsx”格式，再传一次。"
BROKEN_EXCEL = "这个Excel文件坏了，打不开。请重新下载；或者用WPS打开，另存为“xlsx”格式，再传一次。"
UNKNOWN = "认不出这个文件。请传微信、支付宝或银行导出的账单（CSV或Excel表格，或者邮件里的压缩包）。"

_MAGIC = (
    (b"%PDF", PDF),
    (b"\xff\xd8\xff", PICTURE),
    (b"\x89PNG", PICTURE),
    (b"GIF8", PICTURE),
    (b"Rar!", FOREIGN_ARCHIVE),
    (b"7z\xbc\xaf", FOREIGN_ARCHIVE),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u2028-\u202e\ufeff]")


class Row(NamedTuple):
    """One row of a table; `line` as the file counts its lines, from 1."""

    line: int
    cells: tuple[str, ...]


def read_rows(data: bytes, password: str | None = None) -> list[Row]:
    """The rows of a CSV, an Excel file (xlsx, xls), or the one such file in a zip; raises InvalidData in her words.

    What counts is what the bytes are, not the name: banks call a CSV .xls.
    """
    if len(data) > MAX_FILE:
        raise InvalidData(TOO_LARGE)
    if data.startswith(b"PK"):
        names = members(data)
        if not any(name.startswith(("xl/", "word/")) for name in names):
            _, data = unlock(data, password)
    rows = list(islice(_rows(data), MAX_ROWS + 1))
    if len(rows) > MAX_ROWS:
        raise InvalidData(TOO_MANY)
    return rows


def _rows(data: bytes) -> Iterator[Row]:
    head = data[:400].lstrip()
    if not head:
        raise InvalidData(EMPTY)
    for magic, words in _MAGIC:
        if head.startswith(magic):
            raise InvalidData(words)
    if data[4:12] in (b"ftypheic", b"ftypmif1"):
        raise InvalidData(PICTURE)
    if data.startswith(b"PK"):
        return _xlsx(data)
    if data.startswith(_OLE):
        return _xls(data)
    if re.match(rb"(\xef\xbb\xbf)?\s*<(!doctype|html|\?xml|table)", head, re.IGNORECASE):
        raise InvalidData(WEB_PAGE)
    return _csv(_decoded(data))


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if data.count(0, 0, 4096) > 8:
        raise InvalidData(UNKNOWN)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


def _csv(text: str) -> Iterator[Row]:
    lines = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    if len(lines) > MAX_ROWS:
        raise InvalidData(TOO_MANY)
    delimiter = max(",\t;", key=lambda mark: max((line.count(mark) for line in lines[:60]), default=0))
    at = 0
    while at < len(lines):
        taken = _taken(lines, at)
        cells = _cells("\n".join(lines[at : at + taken])[:MAX_LINE], delimiter)
        if any(cells):
            yield Row(at + 1, cells)
        at += taken


def _cells(record: str, delimiter: str) -> tuple[str, ...]:
    if '"' not in record:
        return _plain(record.split(delimiter))
    stray = record.count('"') % 2 == 1
    read = csv.reader([record], delimiter=delimiter, quoting=csv.QUOTE_NONE if stray else csv.QUOTE_MINIMAL)
    return _plain(next(read, []))


def _taken(lines: list[str], at: int) -> int:
    """How many lines make one row: more than one if a quoted cell goes on, but a stray quote swallows nothing."""
    quotes = 0
    for taken, line in enumerate(lines[at : at + MAX_JOINED], 1):
        quotes += line.count('"')
        if quotes % 2 == 0:
            return taken
    return 1


def _xlsx(data: bytes) -> Iterator[Row]:
    if any(name.startswith("word/") for name in members(data)):
        raise InvalidData(DOCUMENT)
    try:
        refuse_doctype(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of what a bank's exporter left out, which we do not need
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            for sheet in book.worksheets:
                if sheet.sheet_state != "visible":
                    continue
                sheet.reset_dimensions()  # exporters write a wrong size
                yield from _numbered(sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True))
    except Exception as error:  # whatever a damaged or hostile file makes openpyxl, zipfile or the XML parser raise
        raise InvalidData(BROKEN_EXCEL) from error


def _xls(data: bytes) -> Iterator[Row]:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise InvalidData(LOCKED_EXCEL)
    try:
        book = xlrd.open_workbook(file_contents=data, logfile=io.StringIO(), ragged_rows=True)
        rows = [
            tuple(_old_value(cell, book.datemode) for cell in sheet.row(number)[:MAX_COLUMNS])
            for sheet in book.sheets()
            if sheet.visibility == 0
            for number in range(min(sheet.nrows, MAX_ROWS + 1))
        ]
    except Exception as error:  # whatever a damaged or hostile file makes xlrd raise
        raise InvalidData(LOCKED_EXCEL) from error
    yield from _numbered(rows)


def _old_value(cell: Cell, datemode: Literal[0, 1]) -> object:
    if cell.ctype == xlrd.XL_CELL_DATE:
        return xlrd.xldate_as_datetime(float(cell.value), datemode)
    return cell.value


def _numbered(rows: Iterable[tuple[object, ...]]) -> Iterator[Row]:
    return (Row(line, _plain(_shown(value) for value in row)) for line, row in enumerate(rows, 1) if any(row))


def _shown(value: object) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return f"{value:%Y-%m-%d %H:%M:%S}"
        case date():
            return f"{value:%Y-%m-%d}"
        case float() if value.is_integer():
            return str(int(value))
        case float():
            return format(Decimal(repr(value)), "f") if value == value and abs(value) < 1e15 else ""
        case _:
            return _CONTROL.sub("", str(value)[: 2 * MAX_CELL])


def _plain(cells: Iterable[str]) -> tuple[str, ...]:
    """Cells without padding and endless text."""
    return tuple(" ".join(cell[: 2 * MAX_CELL].split())[:MAX_CELL] for cell in islice(cells, MAX_COLUMNS))
