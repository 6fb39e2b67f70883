from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from kipp_desktop.catalogue import Catalogue
from kipp_desktop.documents.recap import render_recap
from tests.unit.report_examples import FINGERPRINT, RESULTS_ID, WORDS, report, small_report


@pytest.fixture(scope="module")
def catalogue():
    return Catalogue.load("id")


@pytest.fixture(scope="module")
def recap(catalogue):
    return render_recap(report(), catalogue)


def test_the_same_report_gives_the_same_bytes(recap, catalogue):
    assert render_recap(report(), catalogue) == recap


def test_there_is_a_sheet_for_ranking_marks_and_method(recap):
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(recap))

    assert workbook.sheet_names == ["Peringkat", "Nilai", "Metode"]


def test_the_ranking_is_that_of_the_report(recap):
    source = report()

    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(recap)).get_sheet_by_name("Peringkat").to_python()
    )

    assert rows[0] == [
        "Peringkat",
        "No.",
        "Judul inovasi",
        "Perangkat daerah",
        "Juri 1",
        "Juri 2",
        "Juri 3",
        "Juri 4",
        "Juri 5",
        "Nilai",
        "Jumlah juri",
        "Penghargaan",
        "Keterangan",
    ]
    assert len(rows) == 1 + 46
    for line, row in zip(rows[1:], source.groups[0].rows, strict=True):
        assert line[0] == ("" if row.place is None else row.place)
        assert line[1:4] == [row.number, row.title, row.organisation]
        assert line[4:9] == ["" if total is None else float(total) for total in row.judge_totals]
        assert line[9] == ("" if row.score is None else float(row.score))


def test_every_counted_sheet_is_listed_with_its_marks(recap, catalogue):
    source = report()

    rows = CalamineWorkbook.from_filelike(io.BytesIO(recap)).get_sheet_by_name("Nilai").to_python()

    assert len(rows) == 1 + len(source.sheets) == 1 + 44 * 5 - 1
    for line, sheet in zip(rows[1:], source.sheets, strict=True):
        assert line[:2] == [source.judges[sheet.judge].name, sheet.number]
        assert line[3:8] == [float(mark) for _criterion, mark in sheet.marks]
        assert line[8] == float(sheet.total)
        assert line[10] == catalogue.date_time(datetime.fromisoformat(sheet.signed_at))


def test_the_method_sheet_names_results_key_and_words(recap):
    rows = CalamineWorkbook.from_filelike(io.BytesIO(recap)).get_sheet_by_name("Metode").to_python()
    values = [row[1] for row in rows]

    assert {RESULTS_ID, FINGERPRINT, WORDS} <= set(values)


def test_numbers_are_numbers_with_their_digits_and_text_stays_text(recap):
    sheet = openpyxl.load_workbook(io.BytesIO(recap))["Peringkat"]

    score, number = sheet["J2"], sheet["B2"]

    assert (score.data_type, score.number_format) == ("n", "0.00")
    assert (number.data_type, number.number_format) == ("s", "@")
    assert sheet.freeze_panes == "A2"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_what_looks_like_a_formula_or_link_is_text(catalogue):
    one = report(3, absent=0)
    group = one.groups[0]
    hostile = ("=1+1", "https://example.org/", "@SUM(A1)")
    rows = tuple(
        replace(row, title=title, number="=2+2")
        for row, title in zip(group.rows, hostile, strict=True)
    )
    judges = (replace(one.judges[0], name="=cmd|' /C calc'!A0"), *one.judges[1:])

    recap = render_recap(
        replace(one, judges=judges, groups=(replace(group, rows=rows),)), catalogue
    )

    workbook = openpyxl.load_workbook(io.BytesIO(recap))
    cells = [cell for sheet in workbook for line in sheet.iter_rows() for cell in line]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert [cell.hyperlink for cell in cells if cell.hyperlink] == []
    assert [workbook["Peringkat"].cell(line, 3).value for line in (2, 3, 4)] == list(hostile)


def test_the_recap_is_printed_on_the_paper_of_the_minutes(catalogue, recap):
    f4 = render_recap(small_report(), catalogue)

    sizes = [
        openpyxl.load_workbook(io.BytesIO(book))["Nilai"].page_setup.paperSize
        for book in (recap, f4)
    ]

    assert sizes == [9, 14]


def test_several_groups_have_a_column_of_their_own(catalogue):
    recap = render_recap(small_report(), catalogue)

    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(recap)).get_sheet_by_name("Peringkat").to_python()
    )

    assert [row[0] for row in rows] == ["Kelompok", *["Umum"] * 3, *["Replikasi"] * 3]
