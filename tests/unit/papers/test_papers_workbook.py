"""An Excel file of tables, in which words stay words."""

from __future__ import annotations

from io import BytesIO

from openpyxl import load_workbook

from bot.papers.workbook import Table, workbook


def test_tables_stand_below_each_other_and_no_word_becomes_a_formula() -> None:
    table = Table("事由", ("", "件数"), [("离婚", 6), ("=1+1", "已隐去")])
    book = load_workbook(BytesIO(workbook("报表", {"服务": [], "办件": [table]})))
    assert book.sheetnames == ["服务", "办件"]
    sheet = book["办件"]
    assert list(sheet.iter_rows(values_only=True, max_col=2)) == [
        ("报表", None),
        (None, None),
        ("事由", None),
        (None, "件数"),
        ("离婚", 6),
        ("=1+1", "已隐去"),
    ]
    assert sheet["A6"].data_type == "s"
