import datetime as dt
import io
import struct
import unicodedata
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table as OdfTable
from odf.table import TableCell, TableRow
from odf.text import P
from openpyxl.styles import Font

from kipp_desktop.errors import KippError
from kipp_desktop.exchange import spreadsheet_child
from kipp_desktop.exchange.spreadsheet import Workbook, read_workbook

ROWS = [["Nomor", "Judul", "Kebaruan"], ["01", "Puskesmas Keliling", "7,5"], ["2", "Siaga", "8"]]


def _write(folder: Path, data: bytes, name: str = "tabel") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def _xlsx(folder: Path, fill) -> Path:
    workbook = openpyxl.Workbook()
    fill(workbook)
    path = folder / "tabel"
    workbook.save(path)
    return path


def _refusal(path: Path, **limits) -> KippError:
    with pytest.raises(KippError) as caught:
        read_workbook(path, **limits)
    # A sentence that lacks one of its values would fail here.
    assert str(caught.value.what)
    assert str(caught.value.next)
    return caught.value


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_csv_is_read_in_every_encoding_and_delimiter(tmp_path, delimiter, encoding, line_end):
    rows = [*ROWS, ["3", "Café Layanan", "6,5"]]
    text = line_end.join(
        delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in row) for row in rows
    )

    (sheet,) = read_workbook(_write(tmp_path, text.encode(encoding))).sheets

    assert sheet.rows == rows
    assert sheet.first_row == 1


def test_big_endian_utf_16_is_known_by_its_mark(tmp_path):
    data = b"\xfe\xff" + "nomor;judul\n1;Té".encode("utf-16-be")

    (sheet,) = read_workbook(_write(tmp_path, data)).sheets

    assert sheet.rows == [["nomor", "judul"], ["1", "Té"]]


def test_decimal_commas_do_not_win_over_semicolons(tmp_path):
    text = "nomor;nilai\n" + "".join(f"{n};7,{n % 10}\n" for n in range(1, 50))

    (sheet,) = read_workbook(_write(tmp_path, text.encode())).sheets

    assert sheet.rows[1] == ["1", "7,1"]
    assert {len(row) for row in sheet.rows} == {2}


def test_the_delimiter_is_found_below_title_rows(tmp_path):
    text = "Daftar Inovasi, Kota Malang\n\nnomor\tjudul\n1\tSatu, dua, tiga\n2\tEmpat\n"

    (sheet,) = read_workbook(_write(tmp_path, text.encode())).sheets

    assert sheet.rows[3] == ["1", "Satu, dua, tiga"]


def test_a_long_file_is_judged_by_whole_rows_of_its_start(tmp_path):
    text = "nomor;judul;nilai\n" + "".join(f"{n};Inovasi, ya;7,5\n" for n in range(5_000))

    (sheet,) = read_workbook(_write(tmp_path, text.encode())).sheets

    assert len(sheet.rows) == 5_001
    assert sheet.rows[-1] == ["4999", "Inovasi, ya", "7,5"]


@pytest.mark.parametrize("line", ["sep=,\n", "SEP=,\r\n", '"sep=,"\n'])
def test_a_sep_line_decides_and_is_not_counted(tmp_path, line):
    data = (line + "a;b,c;d\n1;2,3;4\n").encode()

    (sheet,) = read_workbook(_write(tmp_path, data)).sheets

    assert sheet.rows == [["a;b", "c;d"], ["1;2", "3;4"]]
    assert sheet.first_row == 1


def test_quoted_cells_keep_their_lines_and_count_as_one_row(tmp_path):
    data = b'nomor;judul\r\n1;"baris satu\r\nbaris ""dua"""\r\n\r\n2;akhir\r\n'

    (sheet,) = read_workbook(_write(tmp_path, data)).sheets

    assert sheet.rows == [["nomor", "judul"], ["1", 'baris satu\nbaris "dua"'], [], ["2", "akhir"]]


def test_control_and_direction_characters_are_dropped_and_text_is_nfc(tmp_path):
    data = "no;judul\n\u200e1;Cafe\u0301\u202e \x07a\u2066b\u00a0c\ufeff\n2;مرحبا\n".encode()

    (sheet,) = read_workbook(_write(tmp_path, data)).sheets

    assert sheet.rows[1] == ["1", "Café ab c"]
    assert sheet.rows[2] == ["2", "مرحبا"]


@given(st.text(max_size=200))
def test_cleaned_text_is_nfc_without_controls_and_stays_as_it_is(text):
    cleaned = spreadsheet_child.clean(text)

    assert unicodedata.is_normalized("NFC", cleaned)
    assert all(c == "\n" or unicodedata.category(c) not in {"Cc", "Cs"} for c in cleaned)
    assert cleaned == cleaned.strip()
    assert spreadsheet_child.clean(cleaned) == cleaned


CELLS = st.one_of(
    st.text(max_size=5), st.floats(), st.integers().map(float), st.booleans(), st.dates(), st.none()
)


@given(
    st.integers(1, 4).flatmap(
        lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width))
    ),
    st.lists(st.sampled_from(["ab ", "c", 7.0, -2.0]), min_size=4, max_size=4),
)
def test_columns_that_are_looked_at_whole_read_as_cell_by_cell(mixed, alike):
    for cells in (mixed, [alike, alike]):
        rows = [list(row) for row in spreadsheet_child.text_rows(cells)]

        assert rows == [[spreadsheet_child.cell_text(cell) for cell in row] for row in cells]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (128.0, "128"),
        (7.5, "7.5"),
        (0.1, "0.1"),
        (-0.0, "0"),
        (1e21, "1000000000000000000000"),
        (1e-7, "0.0000001"),
        (float("nan"), ""),
        (float("inf"), ""),
        (12, "12"),
        (True, "TRUE"),
        (None, ""),
        ("  01 ", "01"),
        (dt.date(2021, 3, 16), "2021-03-16"),
        (dt.datetime(2021, 3, 16, 8, 30), "2021-03-16T08:30:00"),  # noqa: DTZ001 as files have it
        (dt.time(8, 30), "08:30:00"),
    ],
)
def test_a_cell_becomes_exact_text(value, text):
    assert spreadsheet_child.cell_text(value) == text


def test_an_xlsx_keeps_its_own_row_and_column_numbers(tmp_path):
    def fill(workbook):
        sheet = workbook.active
        sheet["C5"], sheet["D5"], sheet["C6"], sheet["D6"] = "Nomor", "Judul", 128, "Satu"
        sheet["D8"] = 7.5

    (sheet,) = read_workbook(_xlsx(tmp_path, fill)).sheets

    assert sheet.first_row == 5
    assert sheet.rows == [
        ["", "", "Nomor", "Judul"],
        ["", "", "128", "Satu"],
        [],
        ["", "", "", "7.5"],
    ]


def test_sheets_stand_in_order_and_hidden_ones_are_left_out(tmp_path):
    def fill(workbook):
        workbook.active.title = "Petunjuk"
        workbook.create_sheet("Daftar").append(["Nomor"])
        workbook.create_sheet("Lama").sheet_state = "hidden"

    sheets = read_workbook(_xlsx(tmp_path, fill)).sheets

    assert [(sheet.name, sheet.rows) for sheet in sheets] == [
        ("Petunjuk", []),
        ("Daftar", [["Nomor"]]),
    ]


def test_formulas_give_their_last_value_or_nothing(tmp_path):
    def fill(workbook):
        workbook.active.append(["=1+1", "=cmd|' /C calc'!A0", "'=1"])

    (sheet,) = read_workbook(_xlsx(tmp_path, fill)).sheets

    assert sheet.rows == [["", "", "'=1"]]


def test_a_cell_merged_downwards_fills_the_rows_that_it_covers(tmp_path):
    def fill(workbook):
        sheet = workbook.active
        sheet.append(["Daftar inovasi"])
        for row in (["Dinas A", "Satu"], [None, "Dua"], [], ["Dinas B", "Tiga"]):
            sheet.append(row)
        sheet.merge_cells("A1:B1")
        sheet.merge_cells("A2:A4")

    (sheet,) = read_workbook(_xlsx(tmp_path, fill)).sheets

    assert sheet.rows == [
        ["Daftar inovasi"],
        ["Dinas A", "Satu"],
        ["Dinas A", "Dua"],
        [],
        ["Dinas B", "Tiga"],
    ]


def test_an_xls_is_read_whatever_its_name(tmp_path):
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("Inovasi")
    sheet.write(2, 1, "Nomor")
    sheet.write(3, 1, 7.5)
    stream = io.BytesIO()
    workbook.save(stream)

    (read,) = read_workbook(_write(tmp_path, stream.getvalue(), "tabel.csv")).sheets

    assert (read.name, read.first_row, read.rows) == ("Inovasi", 3, [["", "Nomor"], ["", "7.5"]])


def _ods(folder: Path, rows: list[TableRow]) -> Path:
    document = OpenDocumentSpreadsheet()
    table = OdfTable(name="Inovasi")
    document.spreadsheet.addElement(table)
    for row in rows:
        table.addElement(row)
    document.save(folder / "tabel.ods")
    return folder / "tabel.ods"


def _ods_row(*texts: str, **attributes) -> TableRow:
    row = TableRow(**attributes)
    for text in texts:
        cell = TableCell(valuetype="string")
        cell.addElement(P(text=text))
        row.addElement(cell)
    return row


def test_an_ods_with_repeated_empty_rows_is_read(tmp_path):
    path = _ods(
        tmp_path,
        [
            TableRow(numberrowsrepeated=3),
            _ods_row("Nomor", "Judul"),
            _ods_row("01", "Satu"),
            TableRow(numberrowsrepeated=1_048_571),
        ],
    )

    (sheet,) = read_workbook(path).sheets

    assert (sheet.first_row, sheet.rows) == (4, [["Nomor", "Judul"], ["01", "Satu"]])


def test_an_ods_that_repeats_a_value_without_end_is_refused(tmp_path):
    path = _ods(tmp_path, [_ods_row("x", numberrowsrepeated=1_048_576)])

    assert _refusal(path).code == "table-repeated"


def test_a_text_document_is_not_a_table(tmp_path):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")

    assert _refusal(_write(tmp_path, stream.getvalue())).code == "table-no-table"


def test_one_value_in_the_last_cell_is_refused_by_name(tmp_path):
    def fill(workbook):
        workbook.active["XFD1048576"] = 1

    refusal = _refusal(_xlsx(tmp_path, fill))

    assert refusal.code == "table-far"
    assert "XFD1048576" in str(refusal.what)


def test_a_style_in_the_last_cell_is_no_value(tmp_path):
    def fill(workbook):
        workbook.active["A1"] = "Nomor"
        workbook.active["XFD1048576"].font = Font(bold=True)

    (sheet,) = read_workbook(_xlsx(tmp_path, fill)).sheets

    assert sheet.rows == [["Nomor"]]


def _edited_xlsx(folder: Path, member: str, content: bytes) -> Path:
    source = _xlsx(folder, lambda workbook: workbook.active.append(["Nomor"]))
    target = folder / "hostile"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, content if name == member else old.read(name))
    return target


def test_an_abort_of_the_parser_is_a_refusal(tmp_path):
    # Written so that the look at the cells misses it: only the memory limit stands in its way.
    content = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b"<row r='1'><c r='A1'><v>1</v></c></row>"
        b"<row r='1048576'><c r='XFD1048576'><v>1</v></c></row></sheetData></worksheet>"
    )

    path = _edited_xlsx(tmp_path, "xl/worksheets/sheet1.xml", content)

    assert _refusal(path).code == "table-damaged"


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path):
    bomb = _edited_xlsx(tmp_path, "xl/styles.xml", b"0" * (spreadsheet_child.MAX_XML + 1))

    assert bomb.stat().st_size < 1 << 20
    assert _refusal(bomb).code == "table-unpacked"


def test_a_directory_that_understates_a_member_is_refused(tmp_path):
    path = _edited_xlsx(tmp_path, "xl/styles.xml", b"0" * 1_234_567)
    data = path.read_bytes()
    size, lie = struct.pack("<I", 1_234_567), struct.pack("<I", 100)
    assert data.count(size) == 2
    path.write_bytes(data.replace(size, lie))

    assert _refusal(path).code == "table-damaged"


def test_every_truncated_workbook_is_refused(tmp_path):
    workbook = xlwt.Workbook()
    workbook.add_sheet("Inovasi").write(0, 0, "Nomor")
    stream = io.BytesIO()
    workbook.save(stream)
    xls = stream.getvalue()
    xlsx = _xlsx(tmp_path, lambda workbook: workbook.active.append(["Nomor"])).read_bytes()

    for data in (xls[:600], xls[: len(xls) // 2], xlsx[:600], xlsx[: len(xlsx) // 2]):
        assert _refusal(_write(tmp_path, data)).code == "table-damaged"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "table-empty"),
        (b" \r\n\t", "table-empty"),
        (b"%PDF-1.7\nabc", "table-no-table"),
        (b"\x89PNG\r\n\x1a\n\0\0", "table-no-table"),
        (b"a;b\n\0;1\n", "table-no-table"),
        (b"nomor;\x81\x8d\n", "table-no-table"),
        (b"\xff\xfea", "table-no-table"),
        (b"<html><table><tr><td>Nomor</td></tr></table></html>", "table-markup"),
        (b"\xef\xbb\xbf\n<?xml version='1.0'?><Workbook/>", "table-markup"),
        (b"x" * 40_000, "table-cell"),
        (b"x" * 200_000, "table-csv"),
        (b'nomor;judul\n1;"tidak ditutup\n' + b"2;Satu\n" * 30_000, "table-csv"),
        (b"a;" * 600 + b"b\n", "table-columns"),
        (b"a;b\n" * 200_001, "table-rows"),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(tmp_path, data, code):
    assert _refusal(_write(tmp_path, data)).code == code


def test_too_many_cells_are_refused(tmp_path):
    line = b";".join([b"1"] * 400) + b"\n"
    lines = spreadsheet_child.MAX_CELLS // 400 + 1

    assert _refusal(_write(tmp_path, line * lines)).code == "table-cells"


def test_a_file_beyond_the_size_limit_is_refused(tmp_path):
    path = tmp_path / "besar.csv"
    with path.open("wb") as file:
        file.truncate((64 << 20) + 1)

    assert _refusal(path).code == "table-file"


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert _refusal(tmp_path / "hilang.xlsx").code == "table-unreadable"
    assert _refusal(tmp_path).code == "table-unreadable"


def test_reading_stops_at_the_time_limit(tmp_path):
    def fill(workbook):
        for number in range(20_000):
            workbook.active.append([number] * 10)

    path = _xlsx(tmp_path, fill)

    assert _refusal(path, seconds=0).code == "table-time"


def test_reading_stops_at_the_memory_limit(tmp_path):
    path = _xlsx(tmp_path, lambda workbook: workbook.active.append(["Nomor"]))

    assert read_workbook(path).sheets
    assert _refusal(path, memory_limit=8 << 20).code == "table-damaged"


def test_the_child_needs_nothing_from_the_folder_that_it_is_started_in(tmp_path, monkeypatch):
    path = _xlsx(tmp_path, lambda workbook: workbook.active.append(["Nomor"]))
    (tmp_path / "json.py").write_text("raise SystemExit(1)")
    monkeypatch.chdir(tmp_path)

    workbook = read_workbook(Path(path.name))

    assert workbook.sheets[0].rows == [["Nomor"]]


def _read_or_refuse(path: Path) -> Workbook | str:
    try:
        return read_workbook(path)
    except KippError as refusal:
        return str(refusal.what)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.one_of(
        st.binary(max_size=300),
        st.text(alphabet="a1;,\t\"'\r\n=<\u202e\u0301", max_size=200).map(str.encode),
        st.binary(max_size=60).map(lambda tail: b"\xff\xfe" + tail),
    ).filter(lambda data: not data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")))
)
def test_any_bytes_give_a_workbook_or_a_refusal(tmp_path_factory, data):
    path = _write(tmp_path_factory.getbasetemp(), data, "any")

    result = _read_or_refuse(path)

    assert isinstance(result, str) or all(
        isinstance(cell, str) for row in result.sheets[0].rows for cell in row
    )


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_damage_to_a_workbook_gives_a_workbook_or_a_refusal(tmp_path_factory, data):
    stream = io.BytesIO()
    if data.draw(st.booleans()):
        workbook = xlwt.Workbook()
        workbook.add_sheet("Inovasi").write(0, 0, "Nomor")
    else:
        workbook = openpyxl.Workbook()
        workbook.active.append(["Nomor"])
    workbook.save(stream)
    damaged = bytearray(stream.getvalue())
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(8, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    path = _write(tmp_path_factory.getbasetemp(), bytes(damaged), "damaged")

    assert _read_or_refuse(path)
