"""Writes the old Excel format (.xls), which some banks still export: one sheet of texts and numbers."""

from __future__ import annotations

import struct
from collections.abc import Sequence

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SECTOR = 512


def xls(rows: Sequence[Sequence[str | float]]) -> bytes:
    """A workbook ([MS-XLS], records BOF, BOUNDSHEET, LABEL, NUMBER, EOF) in a compound file ([MS-CFB])."""
    stream = _workbook(rows).ljust(4096, b"\0")
    sectors = -(-len(stream) // _SECTOR)
    fat = [_FAT, _END, *range(3, sectors + 2), _END]
    fat += [_FREE] * (_SECTOR // 4 - len(fat))
    entries = _entry("Root Entry", 5, 1, _END, 0) + _entry("Workbook", 2, _FREE, 2, len(stream))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    head += bytes(6) + struct.pack("<LLLLLLLLL", 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    head += struct.pack("<109L", 0, *[_FREE] * 108)
    table = struct.pack("<128L", *fat)
    return head + table + entries.ljust(_SECTOR, b"\0") + stream.ljust(sectors * _SECTOR, b"\0")


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    head = text.ljust(64, b"\0") + struct.pack("<HBBLLL", len(text), kind, 1, _FREE, _FREE, child)
    return head + bytes(36) + struct.pack("<LLL", start, size, 0)


def _workbook(rows: Sequence[Sequence[str | float]]) -> bytes:
    begin = _begin(0x0005)
    sheet = struct.pack("<LBB", len(begin) + 4 + 14 + 4, 0, 0) + struct.pack("<BB", 6, 0) + b"Sheet1"
    cells = b"".join(_cell(y, x, value) for y, row in enumerate(rows) for x, value in enumerate(row))
    end = struct.pack("<HH", 0x000A, 0)
    return begin + struct.pack("<HH", 0x0085, len(sheet)) + sheet + end + _begin(0x0010) + cells + end


def _begin(kind: int) -> bytes:
    return struct.pack("<HHHHHHLL", 0x0809, 16, 0x0600, kind, 0x0DBB, 0x07CC, 0, 6)


def _cell(y: int, x: int, value: str | float) -> bytes:
    if isinstance(value, str):
        body = struct.pack("<HHHHB", y, x, 0, len(value), 1) + value.encode("utf-16-le")
        return struct.pack("<HH", 0x0204, len(body)) + body
    return struct.pack("<HHHHHd", 0x0203, 14, y, x, 0, value)
