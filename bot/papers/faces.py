"""Brings a typeface of the npm package into data/fonts, fit for PDF: `python -m bot.papers.faces FROM TO`."""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.ttLib import TTFont

RADICALS = range(0x2E80, 0x2FE0)
"""Unicode's CJK radicals, which share their glyphs with ordinary characters: a PDF whose face still knows them says
U+2F08 where it shows 人, and nobody finds a name in it."""


def bring(source: Path, target: Path) -> None:
    """Copy the typeface without the radicals in its character map; it writes `target`."""
    with TTFont(source, lazy=True) as face:
        for table in face["cmap"].tables:
            for code in RADICALS:
                table.cmap.pop(code, None)
        target.parent.mkdir(parents=True, exist_ok=True)
        face.save(target, reorderTables=False)


if __name__ == "__main__":
    bring(Path(sys.argv[1]), Path(sys.argv[2]))
