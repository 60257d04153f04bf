"""An Excel file of tables, in which words stay words."""

from __future__ import annotations

from io import BytesIO

from openpyxl import load_workbook

from bot.papers.workbook import Table, workbook


def test_tables_stand_below_each_other_and_no_word_becomes_a_formula() -> None:
    table = Table("事由", ("", "件数"), [("离婚", 6), ("=1+1", "已隐去")])
    book = load_workbook(BytesIO(workbook(["报表"], {"服务": [], "办件": [table]})))
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


def test_counts_shares_and_notes_are_formatted_and_columns_wide_enough() -> None:
    note = "一句很长的说明，" * 20
    table = Table("时限", ("", "守住", "守住的占"), [("一个很长很长很长的名字", 1234, 0.67)], note)
    sheet = load_workbook(BytesIO(workbook(["报表"], {"服务": [table]})))["服务"]
    assert [sheet.cell(6, column).number_format for column in (2, 3)] == ["#,##0", "0%"]
    assert sheet["A4"].value == note
    assert sheet.row_dimensions[4].height > 60
    assert sheet.column_dimensions["A"].width >= 22
    assert {str(one) for one in sheet.merged_cells.ranges} == {"A1:C1", "A3:C3", "A4:C4"}
