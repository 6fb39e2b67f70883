"""The same table as CSV, XLSX, XLS and ODS through ``kipp entries import``."""

import csv

import pytest
import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from tests.flow.kipp import done

ROWS = [
    ("No", "Judul Inovasi", "Instansi", "Kelompok"),
    ("01", "Satu", "Dinas A", "umum"),
    ("02", "", "Dinas B", "umum"),
    ("03", "Tiga", "Dinas C", "tak dikenal"),
    ("04", "Empat", "Dinas A", ""),
]


def as_csv(path):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(ROWS)


def as_xlsx(path):
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(ROWS):
            sheet.write_row(number, 0, row)


def as_xls(path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("Inovasi")
    for number, row in enumerate(ROWS):
        for column, text in enumerate(row):
            sheet.write(number, column, text)
    book.save(str(path))


def as_ods(path):
    book = OpenDocumentSpreadsheet()
    table = Table(name="Inovasi")
    for row in ROWS:
        line = TableRow()
        for text in row:
            cell = TableCell(valuetype="string")
            cell.addElement(P(text=text))
            line.addElement(cell)
        table.addElement(line)
    book.spreadsheet.addElement(table)
    book.save(path)


@pytest.mark.parametrize(
    ("ending", "write"),
    [("csv", as_csv), ("xlsx", as_xlsx), ("xls", as_xls), ("ods", as_ods)],
)
def test_a_table_of_each_kind_loads_what_is_good_and_names_the_rest(tmp_path, ending, write):
    home = tmp_path / "rumah"
    done(home, "init", "--name", "K", "--organiser", "S", "--year", "2021", "--no-passphrase")
    write(tmp_path / f"inovasi.{ending}")

    report = done(home, "entries", "import", tmp_path / f"inovasi.{ending}")

    assert (report["rows"], report["added"]) == (4, 2)
    assert [(p["row"], p["field"]) for p in report["problems"]] == [(3, "judul"), (4, "kelompok")]
    listed = done(home, "entries", "list")["entries"]
    assert [(item["number"], item["title"]) for item in listed] == [("01", "Satu"), ("04", "Empat")]
    assert [item["organisation"] for item in listed] == ["Dinas A", "Dinas A"]
