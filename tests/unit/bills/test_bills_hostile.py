"""Files that are no bill, broken, locked or made to do harm: a sentence for her, and nothing else happens."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
import pyzipper
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from bot.bills import archive, read_bill, sheets
from bot.conversation.errors import InvalidData
from tests.bills.old_excel import xls
from tests.bills.zipcrypto import zipcrypto

HEAD = "交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注"
ROW = "2026-03-01 10:00:00,商户消费,腾讯天游,点券,支出,¥6.00,零钱,支付成功,1,1,/"
BILL = f"{HEAD}\n{ROW}\n".encode("utf-8-sig")


def zipped(members: dict[str, bytes], password: str | None = None) -> bytes:
    out = io.BytesIO()
    with pyzipper.AESZipFile(
        out, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES if password else None
    ) as packed:
        if password:
            packed.setpassword(password.encode())
        for name, data in members.items():
            packed.writestr(name, data)
    return out.getvalue()


def workbook(*rows: list[object]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(out)
    return out.getvalue()


def changed(data: bytes, member: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, content if name == member else source.read(name))
    return out.getvalue()


def promising(data: bytes, size: int) -> bytes:
    """The same zip, whose directory gives another size for what it holds."""
    at = data.rindex(b"PK\x01\x02") + 24
    return data[:at] + size.to_bytes(4, "little") + data[at + 4 :]


def refusal(data: bytes, password: str | None = None) -> str:
    with pytest.raises(InvalidData) as refused:
        read_bill("账单", data, password)
    return str(refused.value)


@pytest.mark.parametrize("password", ["305186", " 305186\n"])
@pytest.mark.parametrize("pack", [zipcrypto, lambda name, data, word: zipped({name: data}, word)])
def test_a_locked_zip_opens_with_its_password(pack: object, password: str) -> None:
    data = pack("账单.csv", BILL, "305186")  # type: ignore[operator]
    assert len(read_bill("账单.zip", data, password).payments) == 1


@pytest.mark.parametrize("data", [zipcrypto("a.csv", BILL, "305186"), zipped({"a.csv": BILL}, "305186")])
def test_a_wrong_or_missing_password_is_told_apart(data: bytes) -> None:
    assert refusal(data) == archive.NEEDS_PASSWORD
    assert refusal(data, "") == archive.NEEDS_PASSWORD
    for password in ("000000", "305187", "密码"):
        assert refusal(data, password) == archive.WRONG_PASSWORD


def test_every_wrong_password_of_the_old_lock_is_refused() -> None:
    data = zipcrypto("a.csv", BILL, "305186")
    assert {refusal(data, f"{n:06}") for n in range(600)} == {archive.WRONG_PASSWORD}


def test_names_that_climb_out_of_a_folder_do_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert len(read_bill("账单.zip", zipped({"../../../tmp/evil.csv": BILL})).payments) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"a.csv": BILL, "b.csv": BILL}, archive.SEVERAL),
        ({"a.pdf": b"%PDF-1.7"}, archive.ONLY_PDF),
        ({"a.jpg": b"\xff\xd8\xff"}, archive.NO_BILL),
        ({"folder/": b""}, archive.NO_BILL),
        ({"a.zip": zipped({"b.csv": BILL})}, archive.NO_BILL),
        ({"a.csv": zipped({"b.csv": BILL})}, sheets.BROKEN_EXCEL),
    ],
)
def test_a_zip_without_one_bill_says_what_it_holds(members: dict[str, bytes], words: str) -> None:
    assert refusal(zipped(members)) == words


def test_a_zip_of_one_bill_beside_other_things_is_read() -> None:
    data = zipped({"说明/": b"", "__MACOSX/._a.csv": b"x", "说明/a.csv": BILL, "须知.pdf": b"%PDF"})
    assert len(read_bill("账单.zip", data).payments) == 1


@pytest.mark.parametrize("kept", [30, 120])
def test_a_zip_that_was_cut_short_is_broken(kept: int) -> None:
    assert refusal(zipped({"a.csv": BILL})[:kept]) == archive.BROKEN


def test_a_bomb_is_not_unpacked() -> None:
    assert refusal(promising(zipped({"a.csv": BILL}), archive.MAX_UNPACKED + 1)) == archive.TOO_BIG
    assert refusal(zipped({f"{n}.txt": b"" for n in range(archive.MAX_MEMBERS + 1)})) == archive.TOO_BIG


def test_a_bomb_that_lies_about_its_size_is_stopped() -> None:
    assert refusal(promising(zipped({"a.csv": BILL * 9_000}), 100)) == archive.BROKEN


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", sheets.EMPTY),
        (b" \n ", sheets.EMPTY),
        (b"%PDF-1.7 ...", sheets.PDF),
        (b"\xff\xd8\xff\xe0 JFIF", sheets.PICTURE),
        (b"\x89PNG\r\n", sheets.PICTURE),
        (b"\0\0\0\x18ftypheic", sheets.PICTURE),
        (b"Rar!\x1a\x07", sheets.FOREIGN_ARCHIVE),
        (b"7z\xbc\xaf\x27\x1c", sheets.FOREIGN_ARCHIVE),
        (b"<html><table>", sheets.WEB_PAGE),
        (b"\xef\xbb\xbf<?xml version='1.0'?>", sheets.WEB_PAGE),
        (bytes(range(256)) * 40, sheets.UNKNOWN),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), sheets.LOCKED_EXCEL),
        (xls([["a"]])[:700], sheets.LOCKED_EXCEL),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), sheets.LOCKED_EXCEL),
        (zipped({"[Content_Types].xml": b"", "word/document.xml": b""}), sheets.DOCUMENT),
        (zipped({"xl/workbook.xml": b"nonsense"}), sheets.BROKEN_EXCEL),
        (bytes(sheets.MAX_FILE + 1), sheets.TOO_LARGE),
    ],
)
def test_what_is_no_table_says_what_to_do_instead(data: bytes, words: str) -> None:
    assert refusal(data) == words
    assert words.endswith("。")


def test_more_rows_than_any_family_has_are_refused() -> None:
    assert refusal(BILL + (ROW + "\n").encode() * sheets.MAX_ROWS) == sheets.TOO_MANY


def test_a_cell_without_end_is_cut() -> None:
    long = ROW.replace("点券", "点券" + "长" * 1_000_000)
    cut = read_bill("x.csv", f"{HEAD}\n{ROW}\n{long}\n".encode())
    assert max(len(payment.item) for payment in cut.payments) <= sheets.MAX_CELL
    [payment] = read_bill(
        "x.xlsx", workbook(HEAD.split(","), [*long.split(",")[:3], "长" * 30_000, *ROW.split(",")[4:]])
    ).payments
    assert len(payment.item) == sheets.MAX_CELL


def test_a_quote_that_never_ends_swallows_one_row_at_most() -> None:
    rows = [ROW, ROW.replace("点券", '"点券'), *[ROW] * 8]
    assert len(read_bill("x.csv", "\n".join((HEAD, *rows)).encode()).payments) == 10


def test_control_characters_and_turned_text_do_not_get_through() -> None:
    text = f"{HEAD}\n{ROW}".replace("点券", "点\x00\x07券\u202e\u200b")
    [payment] = read_bill("x.csv", text.encode()).payments
    assert payment.item == "点券"


def test_a_formula_is_a_text_and_never_run() -> None:
    [payment] = read_bill("x.csv", f"{HEAD}\n{ROW}".replace("点券", '=HYPERLINK("x")').encode()).payments
    assert payment.item.startswith("=HYPERLINK")
    cells = ROW.split(",")
    [payment] = read_bill("x.xlsx", workbook(HEAD.split(","), [*cells[:3], "=1+1", *cells[4:]])).payments
    assert payment.item == "商户消费"


def test_an_xml_bomb_in_a_workbook_is_refused() -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{entities}]><worksheet>&a9;</worksheet>'.encode()
    sound = workbook(HEAD.split(","), ROW.split(","))
    for member in ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "_rels/.rels"):
        assert refusal(changed(sound, member, bomb)) == sheets.BROKEN_EXCEL
        assert refusal(changed(sound, member, bomb.decode().encode("utf-16"))) == sheets.BROKEN_EXCEL


def test_a_cell_far_out_costs_nothing() -> None:
    sound = workbook(HEAD.split(","), ROW.split(","))
    with zipfile.ZipFile(io.BytesIO(sound)) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml")
    far = b'<row r="200000"><c r="XFD200000"><v>1</v></c></row></sheetData>'
    data = changed(sound, "xl/worksheets/sheet1.xml", sheet.replace(b"</sheetData>", far))
    assert len(read_bill("x.xlsx", data).payments) == 1


def either_a_bill_or_a_refusal(data: bytes, password: str | None = None) -> None:
    with suppress(InvalidData):
        read_bill("账单", data, password)


@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", BILL]))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_a_bill_or_refused(noise: bytes, head: bytes) -> None:
    either_a_bill_or_a_refusal(head + noise)


SOUND = [
    BILL,
    workbook(HEAD.split(","), ROW.split(",")),
    xls([["交易日期", "支出", "对方户名"], ["20260301", 6.0, "腾讯天游"]]),
    zipcrypto("a.csv", BILL, "305186"),
    zipped({"a.csv": BILL}, "305186"),
]


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_a_damaged_bill_is_a_bill_or_refused(data: st.DataObject) -> None:
    damaged = bytearray(data.draw(st.sampled_from(SOUND)))
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    either_a_bill_or_a_refusal(bytes(damaged), "305186")


def test_a_refusal_says_nothing_of_what_the_file_holds() -> None:
    assert "王小雨" not in refusal("王小雨,138\n1,2".encode())
